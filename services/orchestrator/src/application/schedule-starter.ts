import type { Clock, Listener } from '@ballast/platform';
import { CLOCK, CONFIG, Door } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { OrchestratorConfig } from '../config.js';
import { ArmSchedule } from '../messages.js';

/** Says once a start that the host is up, so that the schedule follows the configuration of today. */
@Injectable()
export class ScheduleStarter implements Listener {
  constructor(
    @Inject(CONFIG) private readonly config: OrchestratorConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Door) private readonly door: Door,
  ) {}

  async start(): Promise<void> {
    const portfolioId = this.config.ORCHESTRATOR_PORTFOLIO;
    await this.door.command(ArmSchedule, portfolioId, { portfolioId }, `${portfolioId}/${this.clock.now()}`);
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
