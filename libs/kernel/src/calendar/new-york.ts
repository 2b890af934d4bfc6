import { KernelError } from '../money/index.js';
import { dateOf, nthWeekdayOf, weekdayOnOrBefore } from './dates.js';
import { dateToMs, instantToMs, msToDate, msToInstant } from './time.js';
import type { Instant, SessionDate } from './time.js';

const HOUR_MS = 3_600_000;
const SUNDAY = 0;

/** First and last year that the calendar answers for: the rules before were others, those far ahead are unknown. */
export const FIRST_YEAR = 1998;
export const LAST_YEAR = 2099;

/** Throws `CALENDAR_OUT_OF_RANGE` for a year that the calendar has no rules for. */
export function requireKnownYear(year: number): void {
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    throw new KernelError(
      'CALENDAR_OUT_OF_RANGE',
      `The NYSE calendar covers ${FIRST_YEAR} to ${LAST_YEAR}, not ${year}; use dates within.`,
    );
  }
}

/**
 * The instant of a New York wall time on a date. In: a date, an hour and a minute, not between 01:00 and 03:00 on a day on which
 * the clocks change, which no session needs. Out: the instant. Energy Policy Act of 2005: second Sunday of March to
 * first Sunday of November since 2007; before, first Sunday of April to last Sunday of October.
 */
export function newYorkToInstant(date: SessionDate, hour: number, minute: number): Instant {
  const { from, to } = daylightDates(yearOf(date));
  const offsetHours = date >= from && date < to ? 4 : 5;
  return msToInstant(dateToMs(date) + (hour + offsetHours) * HOUR_MS + minute * 60_000);
}

/** The date on a wall calendar in New York at an instant. Throws `CALENDAR_OUT_OF_RANGE`, `INVALID_INSTANT`. */
export function dateInNewYork(instant: Instant): SessionDate {
  const ms = instantToMs(instant);
  const year = yearOf(instant);
  requireKnownYear(year);
  const { from, to } = daylightDates(year);
  // Clocks go forward at 02:00 standard time (07:00 UTC) and back at 02:00 daylight time (06:00 UTC).
  const daylight = ms >= dateToMs(from) + 7 * HOUR_MS && ms < dateToMs(to) + 6 * HOUR_MS;
  return msToDate(ms - (daylight ? 4 : 5) * HOUR_MS);
}

/** The year of a date or an instant, read off its text. */
export function yearOf(dateOrInstant: SessionDate | Instant): number {
  return Number(dateOrInstant.slice(0, 4));
}

interface DaylightDates {
  readonly from: SessionDate;
  readonly to: SessionDate;
}

// A pure cache: the days on which clocks change follow from the year alone.
const daylightByYear = new Map<number, DaylightDates>();

function daylightDates(year: number): DaylightDates {
  const known = daylightByYear.get(year);
  if (known) return known;
  const dates =
    year >= 2007
      ? { from: nthWeekdayOf(year, 3, SUNDAY, 2), to: nthWeekdayOf(year, 11, SUNDAY, 1) }
      : { from: nthWeekdayOf(year, 4, SUNDAY, 1), to: weekdayOnOrBefore(dateOf(year, 10, 31), SUNDAY) };
  daylightByYear.set(year, dates);
  return dates;
}
