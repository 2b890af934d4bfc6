import { perform, type Envelope } from '@ballast/contracts';
import { addDays, addMilliseconds } from '@ballast/kernel/calendar';
import { CONFIG, On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CALENDAR_SOURCES, type CalendarSource } from '../adapters/ports.js';
import type { FeedsConfig } from '../config.js';
import { HORIZON_DAYS } from '../domain/calendar/day.js';
import { todayAt } from '../domain/calendar/today.js';
import { CalendarDue, RefreshCalendar } from '../messages-reference.js';
import { CalendarWatchEntity } from '../persistence/entities/calendar-watch.entity.js';
import { armCalendar } from './arm-calendar.js';
import { checkCoverage } from './check-coverage.js';

const DAY_MS = 86_400_000;

/** A day has passed: the vendor of a market's calendar is asked, or where there is none it is looked how far ours reaches. */
@Controller()
export class OnCalendarDue {
  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(CALENDAR_SOURCES) private readonly sources: readonly CalendarSource[],
  ) {}

  @On(CalendarDue)
  async handle(@Payload() message: Envelope<CalendarDue>, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    const { market, dueAt } = message.data;
    const watch = await ctx.tx.findOneBy(CalendarWatchEntity, { market });
    if (watch?.dueAt !== dueAt || this.config.FEEDS_CALENDAR_REFRESH === 'off') return;
    await armCalendar(ctx, market, addMilliseconds(ctx.now, DAY_MS));
    if (!this.sources.some((source) => source.market === market)) return checkCoverage(ctx, market);
    const from = todayAt(market, ctx.now);
    ctx.later([perform(RefreshCalendar, market, { market, from, until: addDays(from, HORIZON_DAYS) })]);
  }
}
