import { SessionDate } from '@ballast/contracts';
import { addDays } from '@ballast/kernel/calendar';
import { CLOCK, Metrics, zodPipe, type Clock } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import {
  CALENDAR_MARKETS,
  COVERAGE_DAYS_MIN,
  coverageDays,
  HORIZON_DAYS,
  ownWord,
  type CalendarMarket,
} from '../domain/calendar/day.js';
import { todayAt } from '../domain/calendar/today.js';
import { attributionsOf, RightsRegistry } from '../domain/rights.js';
import { loadToldDays } from '../persistence/calendar-queries.js';

const DAYS_DEFAULT = 30;

const CalendarQuery = z.strictObject({
  market: z.enum(CALENDAR_MARKETS).default('NYSE'),
  /** Today at the exchange, where it is left out. */
  from: SessionDate.optional(),
  days: z.coerce.number().int().min(1).max(HORIZON_DAYS).default(DAYS_DEFAULT),
});

/** Answers when an exchange opens, who says so, and how far that is known. */
@Controller('/api/v1/feeds/calendar')
export class GetCalendar {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RightsRegistry) private readonly rights: RightsRegistry,
    @Inject(Metrics) metrics: Metrics,
  ) {
    metrics.gauge(
      'ballast_feeds_calendar_coverage_days',
      `Days ahead that the calendar of a market knows without a gap, ${HORIZON_DAYS} at the most`,
      ['market'],
      async (gauge) => {
        for (const market of CALENDAR_MARKETS) gauge.set({ market }, (await this.#coverage(market)).days);
      },
    );
  }

  @Get()
  async get(
    @Query(zodPipe(CalendarQuery)) { market, days, ...query }: z.infer<typeof CalendarQuery>,
  ): Promise<unknown> {
    const from = query.from ?? todayAt(market, this.clock.now());
    const told = new Map(
      (await loadToldDays(this.dataSource.manager, market, from, addDays(from, days - 1))).map((day) => [
        day.date,
        day,
      ]),
    );
    const items = Array.from({ length: days }, (_, i) => {
      const date = addDays(from, i);
      const own = ownWord(market, date);
      if (own !== null) return { date, word: own, source: 'ballast' };
      const day = told.get(date);
      return { date, word: day?.word ?? 'unknown', source: day?.source ?? null };
    });
    const vendors = items.flatMap(({ source }) => (source === null || source === 'ballast' ? [] : [source]));
    const coverage = { ...(await this.#coverage(market)), daysMin: COVERAGE_DAYS_MIN };
    return { market, items, next: null, coverage, attributions: attributionsOf(this.rights, vendors) };
  }

  async #coverage(market: CalendarMarket): Promise<{ days: number; until: string }> {
    const today = todayAt(market, this.clock.now());
    const told = await loadToldDays(this.dataSource.manager, market, today, addDays(today, HORIZON_DAYS));
    const days = coverageDays(market, today, new Set(told.map(({ date }) => date)));
    return { days, until: addDays(today, days) };
  }
}
