import { PlanApproved } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';

/** The plan may be executed as it was proposed. */
@Controller()
export class OnPlanApproved {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(PlanApproved)
  async handle(@Payload() event: PlanApproved, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId, approvedHash, trades, trims } = event.data;
    const learnt = { verdict: 'approved', approvedHash, parentsExpected: trades.count } as const;
    await advance(ctx, this.packs, {
      cycleId,
      take: (cycle) => hear(cycle, { stage: 'judged', at: event.time, learnt }),
      part: { name: 'approved', data: { trades, trims } },
    });
  }
}
