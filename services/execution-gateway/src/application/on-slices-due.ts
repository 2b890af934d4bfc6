import { wake } from '@ballast/contracts';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Envelope } from '@ballast/contracts';
import type { z } from 'zod';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { decideDue } from '../domain/due.js';
import { modeFault } from '../domain/verdict.js';
import { SlicesDue } from '../messages.js';
import { accountBy, holdingsOf, readHalt } from '../persistence/accounts.js';
import { childrenOf, dueChildren, markArriving, parentsBy, updateChildren } from '../persistence/orders.js';
import { watchBy } from '../persistence/watch.js';
import { passGate } from './gate.js';
import { lookSoon, paceOf } from './look.js';
import { haltByRule, takeNews, type ExecutionContext } from './take-news.js';

/** Slices that are sent in one transaction at the most, so that it stays short. */
const BATCH = 250;

/** Slices fell due: they leave, or are void. */
@Controller()
export class OnSlicesDue {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(SlicesDue)
  async handle(
    @Payload() { data: { account } }: Envelope<z.infer<typeof SlicesDue.schema>>,
    @Ctx() ctx: ExecutionContext,
  ): Promise<void> {
    const fallen = await dueChildren(ctx.tx, account, ctx.now, BATCH);
    if (fallen.length === 0) return;
    // The halt row is held until the commit, so that no halt can slip in between.
    const halt = await readHalt(ctx.tx, account, 'share');
    const known = await accountBy(ctx.tx, account);
    const desk = { config: this.config, venue: this.venue };
    const watch = await watchBy(ctx.tx, account);
    const { due, parents, stops } = await passGate(ctx, desk, {
      watch,
      halt,
      due: fallen,
      parents: await parentsBy(ctx.tx, [...new Set(fallen.map((order) => order.parentOrderId))].sort()),
    });
    if (due.length === 0) return;
    const parentOrderIds = parents.map(({ parentOrderId }) => parentOrderId);
    const closing = parents.some(({ purpose }) => purpose === 'flatten');
    const dueIds = due.map((order) => order.clientOrderId);
    const outcome = decideDue({
      now: ctx.now,
      account,
      halt,
      modeFault: modeFault(known, this.config),
      stops,
      venue: this.venue.rules,
      holdings: closing ? await holdingsOf(ctx.tx, account, dueIds) : { positions: [], working: [] },
      due,
      parents,
      family: await childrenOf(ctx.tx, parentOrderIds),
    });
    updateChildren(ctx, outcome.grown);
    markArriving(ctx, outcome.arriving);
    ctx.later(outcome.tasks);
    outcome.alarms.forEach((alarm) => ctx.alert(alarm));
    if (outcome.exceeded) await haltByRule(ctx, account, 'children would exceed their parent order');
    await takeNews(ctx, desk, outcome.moves);
    if (outcome.moves.some(({ news }) => news.name === 'due')) await lookSoon(ctx, watch, paceOf(this.config));
    if (due.length === BATCH) ctx.later([wake(SlicesDue, account, { account, dueAt: ctx.now }, ctx.now)]);
  }
}
