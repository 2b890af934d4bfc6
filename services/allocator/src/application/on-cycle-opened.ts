import { CycleOpened } from '@ballast/contracts';
import { CONFIG, On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { AllocatorConfig } from '../config.js';
import { rememberPart } from '../persistence/queries.js';
import { proposeWhenReady } from './propose-when-ready.js';

/** A cycle says which strategies its plan waits for. */
@Controller()
export class OnCycleOpened {
  constructor(
    @Inject(CONFIG) private readonly config: AllocatorConfig,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {}

  @On(CycleOpened)
  async handle(@Payload() event: CycleOpened, @Ctx() ctx: InboxContext<'allocator'>): Promise<void> {
    const rebalance = await rememberPart(ctx.tx, event.data, { strategies: event.data.strategies });
    await proposeWhenReady(ctx, rebalance, this.packs, this.config);
  }
}
