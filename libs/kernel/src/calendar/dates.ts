import { addDays, weekday } from './time.js';
import type { SessionDate } from './time.js';

/** The date text of a year, a month (1 to 12) and a day. */
export function dateOf(year: number, month: number, day: number): SessionDate {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The n-th (1 to 4) given weekday (0 is Sunday) of a month. */
export function nthWeekdayOf(year: number, month: number, day: number, n: number): SessionDate {
  const first = dateOf(year, month, 1);
  return addDays(first, ((day - weekday(first) + 7) % 7) + 7 * (n - 1));
}

/** The last given weekday (0 is Sunday) on or before a date. */
export function weekdayOnOrBefore(date: SessionDate, day: number): SessionDate {
  return addDays(date, -((weekday(date) - day + 7) % 7));
}

/** Easter Sunday of a Gregorian year, by the algorithm of Meeus, Jones and Butcher. */
export function easterSunday(year: number): SessionDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  return dateOf(year, month, (h + l - 7 * m + 33 * month + 19) % 32);
}
