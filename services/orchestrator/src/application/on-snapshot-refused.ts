import { SnapshotRefused } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { refuse } from '../domain/cycle.js';
import { advance } from './advance.js';

/** There are no prices for a cycle: it must not go on. */
@Controller()
export class OnSnapshotRefused {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(SnapshotRefused)
  async handle(@Payload() event: SnapshotRefused, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId, code, reason } = event.data;
    await advance(ctx, this.packs, { cycleId, take: (cycle) => refuse(cycle, { stage: 'sealed', code, reason }) });
  }
}
