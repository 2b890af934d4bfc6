import {
  addDays,
  dateInNewYork,
  previousSession,
  sessionOf,
  sessionsBetween,
  type Instant,
  type SessionDate,
} from '@ballast/kernel/calendar';

/** Where the calendar begins. */
const FIRST_DATE = '1998-01-01';
/** A year has 365 days and at least 250 sessions; the rest is room for a year that is cut in two. */
const DAYS_A_SESSION = 1.5;

/** How many sessions lie after `last` up to `asOf`, itself included: 0 where the history reaches `asOf`. */
export function sessionsBehind(last: SessionDate, asOf: SessionDate): number {
  return sessionsBetween(addDays(last, 1), asOf).length;
}

/** The `count` sessions that end with `last`, in order; fewer where the calendar begins later. */
export function sessionsUpTo(last: SessionDate, count: number): SessionDate[] {
  const from = addDays(last, -Math.ceil(count * DAYS_A_SESSION) - 30);
  return sessionsBetween(from < FIRST_DATE ? FIRST_DATE : from, last)
    .map(({ date }) => date)
    .slice(-count);
}

/** The last session that has closed at an instant. */
export function lastCompletedSession(now: Instant): SessionDate {
  const today = sessionOf(dateInNewYork(now));
  return today && now >= today.close ? today.date : previousSession(dateInNewYork(now)).date;
}
