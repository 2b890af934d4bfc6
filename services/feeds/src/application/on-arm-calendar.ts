import type { Envelope } from '@ballast/contracts';
import { CONFIG, On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { FeedsConfig } from '../config.js';
import { CALENDAR_MARKETS } from '../domain/calendar/day.js';
import { ArmCalendar } from '../messages-reference.js';
import { CalendarWatchEntity } from '../persistence/entities/calendar-watch.entity.js';
import { armCalendar } from './arm-calendar.js';

/** Feeds has started: what the configuration says about the calendars is what counts from now on. */
@Controller()
export class OnArmCalendar {
  constructor(@Inject(CONFIG) private readonly config: FeedsConfig) {}

  @On(ArmCalendar)
  async handle(@Payload() _message: Envelope<ArmCalendar>, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    if (this.config.FEEDS_CALENDAR_REFRESH === 'off') {
      await ctx.tx.deleteAll(CalendarWatchEntity);
      return;
    }
    for (const market of CALENDAR_MARKETS) {
      // A market that is watched has its timer, which fires on its own also where it is overdue.
      if (!(await ctx.tx.existsBy(CalendarWatchEntity, { market }))) await armCalendar(ctx, market, ctx.now);
    }
  }
}
