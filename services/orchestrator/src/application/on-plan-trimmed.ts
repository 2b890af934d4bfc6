import { PlanTrimmed } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';

/** The plan may be executed in part. */
@Controller()
export class OnPlanTrimmed {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(PlanTrimmed)
  async handle(@Payload() event: PlanTrimmed, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId, approvedHash, trades, trims } = event.data;
    const learnt = { verdict: 'trimmed', approvedHash, parentsExpected: trades.count } as const;
    await advance(ctx, this.packs, {
      cycleId,
      take: (cycle) => hear(cycle, { stage: 'judged', at: event.time, learnt }),
      part: { name: 'approved', data: { trades, trims } },
    });
  }
}
