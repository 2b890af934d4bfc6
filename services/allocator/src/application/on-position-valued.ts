import { PositionValued } from '@ballast/contracts';
import { CONFIG, On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { AllocatorConfig } from '../config.js';
import { rememberPart } from '../persistence/queries.js';
import { proposeWhenReady } from './propose-when-ready.js';

/** What the portfolio holds, and what is still working, is known. */
@Controller()
export class OnPositionValued {
  constructor(
    @Inject(CONFIG) private readonly config: AllocatorConfig,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {}

  @On(PositionValued)
  async handle(@Payload() event: PositionValued, @Ctx() ctx: InboxContext<'allocator'>): Promise<void> {
    const rebalance = await rememberPart(ctx.tx, event.data, { valuation: event.data });
    await proposeWhenReady(ctx, rebalance, this.packs, this.config);
  }
}
