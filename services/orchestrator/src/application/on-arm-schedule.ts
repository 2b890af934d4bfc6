import type { Envelope } from '@ballast/contracts';
import { CONFIG, On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { OrchestratorConfig } from '../config.js';
import { ArmSchedule } from '../messages.js';
import { ScheduleEntity } from '../persistence/entities/schedule.entity.js';
import { arm } from './arm.js';

/** The host has started: what the configuration says about the schedule is what counts from now on. */
@Controller()
export class OnArmSchedule {
  constructor(@Inject(CONFIG) private readonly config: OrchestratorConfig) {}

  @On(ArmSchedule)
  async handle(@Payload() event: Envelope<ArmSchedule>, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { portfolioId } = event.data;
    if (this.config.ORCHESTRATOR_SCHEDULE === 'off') {
      await ctx.tx.delete(ScheduleEntity, { portfolioId });
      return;
    }
    // A slot that is there has its timer, which fires on its own also where it is overdue.
    if (!(await ctx.tx.existsBy(ScheduleEntity, { portfolioId }))) await arm(ctx, portfolioId);
  }
}
