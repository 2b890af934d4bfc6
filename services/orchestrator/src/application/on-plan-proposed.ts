import { PlanProposed } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';

/** The cycle has its plan. */
@Controller()
export class OnPlanProposed {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(PlanProposed)
  async handle(@Payload() event: PlanProposed, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId, planHash, targets, trades } = event.data;
    await advance(ctx, this.packs, {
      cycleId,
      take: (cycle) => hear(cycle, { stage: 'planned', at: event.time, learnt: { plan: 'proposed', planHash } }),
      part: { name: 'plan', data: { targets, trades } },
    });
  }
}
