import { ScheduleCompleted } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';

/** Every child of a parent order has ended. */
@Controller()
export class OnScheduleCompleted {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(ScheduleCompleted)
  async handle(@Payload() event: ScheduleCompleted, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId } = event.data;
    await advance(ctx, this.packs, { cycleId, take: (cycle) => hear(cycle, { stage: 'executed', at: event.time }) });
  }
}
