import { wake } from '@ballast/contracts';
import { CONFIG, On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Envelope } from '@ballast/contracts';
import type { z } from 'zod';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { decideDue } from '../domain/due.js';
import { SlicesDue } from '../messages.js';
import { accountBy, readHalt } from '../persistence/accounts.js';
import { childrenOf, dueChildren, markArriving, parentsBy, updateChildren } from '../persistence/orders.js';
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
    const due = await dueChildren(ctx.tx, account, ctx.now, BATCH);
    if (due.length === 0) return;
    const stopped = await this.#stopped(ctx, account);
    const parentOrderIds = [...new Set(due.map((order) => order.parentOrderId))].sort();
    const outcome = decideDue({
      now: ctx.now,
      account,
      stopped,
      due,
      parents: await parentsBy(ctx.tx, parentOrderIds),
      family: await childrenOf(ctx.tx, parentOrderIds),
    });
    await updateChildren(ctx.tx, outcome.grown);
    await markArriving(ctx.tx, outcome.arriving);
    ctx.later(outcome.tasks);
    outcome.alarms.forEach((alarm) => ctx.alert(alarm));
    if (outcome.exceeded) await haltByRule(ctx, account, 'children would exceed their parent order');
    await takeNews(ctx, { config: this.config, venue: this.venue.name }, outcome.moves);
    if (due.length === BATCH) ctx.later([wake(SlicesDue, account, { account, dueAt: ctx.now }, ctx.now)]);
  }

  /** Why nothing of the account may leave. The halt row is held until the commit, so that no halt can slip in between. */
  async #stopped(ctx: InboxContext, account: string): Promise<{ code: string; reason: string } | null> {
    const halt = await readHalt(ctx.tx, account, 'share');
    const known = await accountBy(ctx.tx, account);
    if (!halt || !known) return { code: 'ACCOUNT_UNKNOWN', reason: `account "${account}" is not known here` };
    if (halt.halted) return { code: 'HALTED', reason: `halted at epoch ${halt.epoch} by ${halt.by}: ${halt.reason}` };
    const { EXECUTION_MODE: mode, EXECUTION_LIVE_CONFIRMED: confirmed } = this.config;
    if (known.mode !== mode || (mode === 'live' && confirmed !== account)) {
      return { code: 'MODE_MISMATCH', reason: `account "${account}" is ${known.mode} and this gateway trades ${mode}` };
    }
    return null;
  }
}
