import { ImpactAssessed } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';

/** What the plan would cost in tax is known. */
@Controller()
export class OnImpactAssessed {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(ImpactAssessed)
  async handle(@Payload() event: ImpactAssessed, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId } = event.data;
    await advance(ctx, this.packs, { cycleId, take: (cycle) => hear(cycle, { stage: 'assessed', at: event.time }) });
  }
}
