import { PlanVetoed } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';

/** Nothing of the plan may be executed. */
@Controller()
export class OnPlanVetoed {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(PlanVetoed)
  async handle(@Payload() event: PlanVetoed, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId, codes } = event.data;
    await advance(ctx, this.packs, {
      cycleId,
      take: (cycle) =>
        hear(cycle, { stage: 'judged', at: event.time, learnt: { verdict: 'vetoed', parentsExpected: 0 } }),
      part: { name: 'vetoed', data: { codes } },
    });
  }
}
