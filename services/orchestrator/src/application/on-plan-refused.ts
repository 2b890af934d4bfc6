import { PlanRefused } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { refuse } from '../domain/cycle.js';
import { advance } from './advance.js';

/** Execution did not believe the verdict: nothing of the plan is executed. */
@Controller()
export class OnPlanRefused {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(PlanRefused)
  async handle(@Payload() event: PlanRefused, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId, code, reason } = event.data;
    await advance(ctx, this.packs, { cycleId, take: (cycle) => refuse(cycle, { stage: 'executing', code, reason }) });
  }
}
