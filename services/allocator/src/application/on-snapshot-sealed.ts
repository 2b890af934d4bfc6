import { SnapshotSealed } from '@ballast/contracts';
import { CONFIG, On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { AllocatorConfig } from '../config.js';
import { rememberPart } from '../persistence/queries.js';
import { proposeWhenReady } from './propose-when-ready.js';

/** The marks of the cycle are fixed. */
@Controller()
export class OnSnapshotSealed {
  constructor(
    @Inject(CONFIG) private readonly config: AllocatorConfig,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {}

  @On(SnapshotSealed)
  async handle(@Payload() event: SnapshotSealed, @Ctx() ctx: InboxContext<'allocator'>): Promise<void> {
    const rebalance = await rememberPart(ctx.tx, event.data, { snapshot: event.data });
    await proposeWhenReady(ctx, rebalance, this.packs, this.config);
  }
}
