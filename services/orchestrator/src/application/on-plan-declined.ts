import { PlanDeclined } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';

/** No plan can be made: the cycle closes without trading. */
@Controller()
export class OnPlanDeclined {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(PlanDeclined)
  async handle(@Payload() event: PlanDeclined, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId, code, reason } = event.data;
    await advance(ctx, this.packs, {
      cycleId,
      take: (cycle) => hear(cycle, { stage: 'planned', at: event.time, learnt: { plan: 'declined', code, reason } }),
      part: { name: 'declined', data: { code } },
    });
  }
}
