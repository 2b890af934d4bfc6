import type { SessionDate } from '@ballast/contracts';
import { addDays } from '@ballast/kernel/calendar';
import { CLOSED, OPEN, type CalendarDay } from './day.js';

/** A session as Alpaca lists it: wall time in New York. */
export interface ListedSession {
  readonly date: SessionDate;
  readonly open: string;
  readonly close: string;
}

/**
 * What a list of sessions says of each day from one to another. A day that is not listed is closed, up to the last one that
 * is: beyond it the list may just not reach.
 */
export function daysOfSessions(
  sessions: readonly ListedSession[],
  from: SessionDate,
  until: SessionDate,
): CalendarDay[] {
  const listed = new Map(sessions.map((session) => [session.date, session]));
  const last = [...listed.keys()].sort().at(-1);
  const days: CalendarDay[] = [];
  for (let date = from; last !== undefined && date <= until && date <= last; date = addDays(date, 1)) {
    const session = listed.get(date);
    days.push({ date, word: session ? `${session.open}-${session.close}` : CLOSED });
  }
  return days;
}

/** NSE has had 12 to 17 holidays on weekdays a year since 2013: with fewer the list of a year is not whole. */
const YEAR_HOLIDAYS_MIN = 10;

/**
 * What a list of trading holidays of NSE says of each day from one to another: years whose list is not whole are left out,
 * because in them a day that is not listed may yet become a holiday. That it opens is all that the list tells of a session.
 */
export function daysOfHolidays(holidays: readonly SessionDate[], from: SessionDate, until: SessionDate): CalendarDay[] {
  const closed = new Set(holidays);
  const onWeekdays = [...closed].filter((date) => !isWeekend(date));
  const whole = (year: string): boolean =>
    onWeekdays.filter((date) => date.startsWith(year)).length >= YEAR_HOLIDAYS_MIN;
  const years = new Set([...new Set(onWeekdays.map((date) => date.slice(0, 4)))].filter(whole));
  const days: CalendarDay[] = [];
  for (let date = from; date <= until; date = addDays(date, 1)) {
    if (!years.has(date.slice(0, 4))) continue;
    days.push({ date, word: closed.has(date) || isWeekend(date) ? CLOSED : OPEN });
  }
  return days;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The date of NSE's `26-Jan-2027`; null for anything else. */
export function dateOfNse(text: string): SessionDate | null {
  const [, day, name = '', year] = /^(\d{2})-([A-Za-z]{3})-(\d{4})$/.exec(text.trim()) ?? [];
  const month = MONTHS.indexOf(name.toLowerCase()) + 1;
  if (month === 0) return null;
  const date = `${year}-${String(month).padStart(2, '0')}-${day}`;
  const time = new Date(`${date}T00:00:00.000Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date) ? date : null;
}

const isWeekend = (date: SessionDate): boolean => [0, 6].includes(new Date(`${date}T00:00:00.000Z`).getUTCDay());
