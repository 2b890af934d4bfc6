import { SchedulePlanned } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';

/** An approved trade became a parent order with its slices. */
@Controller()
export class OnSchedulePlanned {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(SchedulePlanned)
  async handle(@Payload() event: SchedulePlanned, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId } = event.data;
    await advance(ctx, this.packs, { cycleId, take: (cycle) => hear(cycle, { stage: 'executing', at: event.time }) });
  }
}
