import { addDays } from '@ballast/kernel/calendar';
import type { InboxContext } from '@ballast/platform';
import { COVERAGE_DAYS_MIN, coverageDays, HORIZON_DAYS, type CalendarMarket } from '../domain/calendar/day.js';
import { todayAt } from '../domain/calendar/today.js';
import { loadToldDays } from '../persistence/calendar-queries.js';
import { CalendarWatchEntity } from '../persistence/entities/calendar-watch.entity.js';

/** How long it stays told that a calendar runs out. */
const TOLD_DAYS = 7;

/** Tells where a calendar does not reach far enough: at once, and again once a week while it is so. */
export async function checkCoverage(ctx: InboxContext<'feeds'>, market: CalendarMarket): Promise<void> {
  const today = todayAt(market, ctx.now);
  const told = await loadToldDays(ctx.tx, market, today, addDays(today, HORIZON_DAYS));
  const days = coverageDays(market, today, new Set(told.map(({ date }) => date)));
  const watch = await ctx.tx.findOneBy(CalendarWatchEntity, { market });
  if (days >= COVERAGE_DAYS_MIN) {
    if (watch?.shortToldAt) await ctx.tx.update(CalendarWatchEntity, { market }, { shortToldAt: null });
    return;
  }
  if (watch?.shortToldAt && addDays(watch.shortToldAt.slice(0, 10), TOLD_DAYS) > ctx.now.slice(0, 10)) return;
  if (watch) await ctx.tx.update(CalendarWatchEntity, { market }, { shortToldAt: ctx.now });
  ctx.alert({
    code: 'CALENDAR_COVERAGE_SHORT',
    severity: 'warning',
    message: `the calendar of ${market} is known for ${days} days from ${today} on`,
    numbers: {
      market,
      coverage_days: `${days}`,
      limit_days: `${COVERAGE_DAYS_MIN}`,
      known_until: addDays(today, days),
    },
    nextStep:
      market === 'NSE'
        ? 'Set FEEDS_CALENDAR_NSE_URL so that the list of the next year is taken once NSE has published it, or run a newer version of Ballast.'
        : 'Run a newer version of Ballast; check the date of this machine.',
  });
}
