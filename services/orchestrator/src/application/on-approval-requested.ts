import { ApprovalRequested } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';

/** A person is asked: from now on the cycle waits for them, not for risk. */
@Controller()
export class OnApprovalRequested {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(ApprovalRequested)
  async handle(@Payload() event: ApprovalRequested, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId } = event.data;
    await advance(ctx, this.packs, {
      cycleId,
      take: (cycle) => hear(cycle, { stage: 'approval_requested', at: event.time }),
    });
  }
}
