import { wake, type Instant } from '@ballast/contracts';
import type { InboxContext } from '@ballast/platform';
import type { CalendarMarket } from '../domain/calendar/day.js';
import { CalendarDue } from '../messages-reference.js';
import { CalendarWatchEntity } from '../persistence/entities/calendar-watch.entity.js';

/** Sets the timer by which a calendar is looked at next, and keeps which one it is. */
export async function armCalendar(ctx: InboxContext<'feeds'>, market: CalendarMarket, dueAt: Instant): Promise<void> {
  await ctx.tx.upsert(CalendarWatchEntity, { market, dueAt }, ['market']);
  ctx.later([wake(CalendarDue, market, { market, dueAt }, dueAt)]);
}
