import { CLOCK, Door, type Clock, type Listener } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ArmCalendar } from '../messages-reference.js';

/** Says once a start that feeds is up, so that the calendars are looked after as the configuration of today says. */
@Injectable()
export class CalendarStarter implements Listener {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Door) private readonly door: Door,
  ) {}

  async start(): Promise<void> {
    await this.door.command(ArmCalendar, 'calendar', {}, `calendar/${this.clock.now()}`);
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
