import { ScoresComputed } from '@ballast/contracts';
import { CONFIG, On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { AllocatorConfig } from '../config.js';
import { rememberChunk, rememberPart } from '../persistence/queries.js';
import { proposeWhenReady } from './propose-when-ready.js';

/** A chunk of a strategy's scores came in; the last chunk of the last strategy may complete the plan's inputs. */
@Controller()
export class OnScoresComputed {
  constructor(
    @Inject(CONFIG) private readonly config: AllocatorConfig,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {}

  @On(ScoresComputed)
  async handle(@Payload() event: ScoresComputed, @Ctx() ctx: InboxContext<'allocator'>): Promise<void> {
    const rebalance = await rememberPart(ctx.tx, event.data, {});
    if (rebalance.status !== 'gathering') return;
    await rememberChunk(ctx.tx, event.data);
    await proposeWhenReady(ctx, rebalance, this.packs, this.config);
  }
}
