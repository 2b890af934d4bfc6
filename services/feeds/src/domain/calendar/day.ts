import type { SessionDate } from '@ballast/contracts';
import { addDays, addMilliseconds, nseSessionOf, sessionOf, type Instant } from '@ballast/kernel/calendar';
import { KernelError } from '@ballast/kernel/money';

/** Exchanges whose sessions are known here. */
export const CALENDAR_MARKETS = ['NYSE', 'NSE'] as const;
export type CalendarMarket = (typeof CALENDAR_MARKETS)[number];

/**
 * What is said of a day: `closed`; the hours of the session as wall time of the exchange, `09:30-16:00`; or `open`, where
 * only that it opens was told.
 */
export type DayWord = string;
export const CLOSED = 'closed';
export const OPEN = 'open';

/** What a day is said to be. */
export interface CalendarDay {
  readonly date: SessionDate;
  readonly word: DayWord;
}

/** India keeps one time all year: UTC+05:30. */
const IST_MS = 19_800_000;
const inIndia = (at: Instant): string => addMilliseconds(at, IST_MS).slice(11, 16);

/** What our own table says of a day; null where it does not reach. */
export function ownWord(market: CalendarMarket, date: SessionDate): DayWord | null {
  try {
    if (market === 'NSE') {
      const session = nseSessionOf(date);
      return session ? `${inIndia(session.open)}-${inIndia(session.close)}` : CLOSED;
    }
    const session = sessionOf(date);
    return session ? (session.halfDay ? '09:30-13:00' : '09:30-16:00') : CLOSED;
  } catch (error) {
    if (error instanceof KernelError && error.code === 'CALENDAR_OUT_OF_RANGE') return null;
    throw error;
  }
}

/** How far ahead a calendar is looked at, in days: all that an option of the next year or a schedule asks for. */
export const HORIZON_DAYS = 400;

/** With fewer days ahead somebody must act: lists of the next year are published weeks before it begins. */
export const COVERAGE_DAYS_MIN = 60;

/**
 * How many days after a date are known without a gap, {@link HORIZON_DAYS} at the most: from our own table, or from a
 * vendor where that does not reach. 0 where the date itself is not known.
 */
export function coverageDays(market: CalendarMarket, date: SessionDate, told: ReadonlySet<SessionDate>): number {
  const known = (day: SessionDate): boolean => ownWord(market, day) !== null || told.has(day);
  if (!known(date)) return 0;
  let days = 0;
  while (days < HORIZON_DAYS && known(addDays(date, days + 1))) days += 1;
  return days;
}
