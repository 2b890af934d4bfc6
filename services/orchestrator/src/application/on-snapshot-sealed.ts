import { SnapshotSealed } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';

/** The prices of a cycle are fixed. */
@Controller()
export class OnSnapshotSealed {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(SnapshotSealed)
  async handle(@Payload() event: SnapshotSealed, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId, packId, pricingPackId, marks } = event.data;
    await advance(ctx, this.packs, {
      cycleId,
      take: (cycle) => hear(cycle, { stage: 'sealed', at: event.time, learnt: { packId, pricingPackId } }),
      part: { name: 'snapshot', data: { marks } },
    });
  }
}
