import { wake, type Envelope } from '@ballast/contracts';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { endHorizon } from '../domain/ending.js';
import { HorizonEnded } from '../messages.js';
import { childrenOf, markEnding, parentsAtHorizon } from '../persistence/orders.js';
import { completeParents, takeNews, type ExecutionContext } from './take-news.js';

/** Parents that are ended in one transaction at the most, so that it stays short. */
const BATCH = 250;

/** The horizon of parents is over: what of them is open is taken back, and the end rule has the rest. */
@Controller()
export class OnHorizonEnded {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(HorizonEnded)
  async handle(
    @Payload() { data: { account } }: Envelope<z.infer<typeof HorizonEnded.schema>>,
    @Ctx() ctx: ExecutionContext,
  ): Promise<void> {
    const parents = await parentsAtHorizon(ctx.tx, account, ctx.now, BATCH);
    if (parents.length === 0) return;
    const ids = parents.map(({ parentOrderId }) => parentOrderId);
    const children = await childrenOf(ctx.tx, ids);
    markEnding(ctx, ids, 'ended');
    const desk = { config: this.config, venue: this.venue };
    const taken = parents.map((parent) => {
      const family = children.filter(({ parentOrderId }) => parentOrderId === parent.parentOrderId);
      return { parent, moves: endHorizon(family, parent) };
    });
    await takeNews(
      ctx,
      desk,
      taken.flatMap(({ moves }) => moves),
    );
    // Those of which nothing was open have only waited for this moment.
    const waited = taken.filter(({ moves }) => moves.length === 0).map(({ parent }) => parent.parentOrderId);
    await completeParents(ctx, desk, waited);
    if (parents.length === BATCH) {
      ctx.later([wake(HorizonEnded, account, { account, endedAt: ctx.now }, ctx.now)]);
    }
  }
}
