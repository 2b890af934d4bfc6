import { dateOf, easterSunday, nthWeekdayOf, weekdayOnOrBefore } from './dates.js';
import { addDays, weekday } from './time.js';
import type { SessionDate } from './time.js';

const SUNDAY = 0;
const MONDAY = 1;
const WEDNESDAY = 3;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;

/** Days on which NYSE did not open although no rule closes them. */
const SPECIAL_CLOSURES: readonly SessionDate[] = [
  '2001-09-11', // attacks of September 11
  '2001-09-12',
  '2001-09-13',
  '2001-09-14',
  '2004-06-11', // mourning for President Reagan
  '2007-01-02', // mourning for President Ford
  '2012-10-29', // hurricane Sandy
  '2012-10-30',
  '2018-12-05', // mourning for President Bush
  '2025-01-09', // mourning for President Carter
];

/** Days that closed at 13:00 although no rule says so. */
const SPECIAL_EARLY_CLOSES: readonly SessionDate[] = [
  '2003-12-26', // the Friday after Christmas
];

/**
 * The weekdays of a year on which NYSE does not open, by rule 7.2 and the special closures.
 *
 * A holiday on a Sunday is kept on Monday, one on a Saturday on Friday; New Year's Day on a Saturday is not kept,
 * because that Friday ends the accounting year.
 */
export function holidaysOf(year: number): Set<SessionDate> {
  const newYear = dateOf(year, 1, 1);
  const days = [
    weekday(newYear) === SATURDAY ? newYear : observed(newYear),
    nthWeekdayOf(year, 1, MONDAY, 3), // Martin Luther King Jr. Day, since 1998
    nthWeekdayOf(year, 2, MONDAY, 3), // Washington's Birthday
    addDays(easterSunday(year), -2), // Good Friday
    weekdayOnOrBefore(dateOf(year, 5, 31), MONDAY), // Memorial Day
    observed(dateOf(year, 7, 4)), // Independence Day
    nthWeekdayOf(year, 9, MONDAY, 1), // Labor Day
    thanksgiving(year),
    observed(dateOf(year, 12, 25)), // Christmas
    ...SPECIAL_CLOSURES.filter((date) => date.startsWith(`${year}-`)),
  ];
  if (year >= 2022) days.push(observed(dateOf(year, 6, 19))); // Juneteenth
  return new Set(days);
}

/**
 * The days of a year on which trading ends at 13:00, where they are sessions at all.
 *
 * The day after Thanksgiving; December 24 from Monday to Thursday (a Friday is the holiday itself); July 3 from Monday
 * to Thursday (a Friday is the holiday itself). Where July 4 is a Thursday, the early close was on Friday July 5 until
 * 2012 and is on Wednesday July 3 since 2013. Not counted: December 31, 1999, which the published lists of early closes that this table was checked against do not
 * name although some calendars close it at 13:00, and the late opening of September 11, 2002 at noon.
 */
export function earlyClosesOf(year: number): Set<SessionDate> {
  const days = [addDays(thanksgiving(year), 1)];
  const christmasEve = dateOf(year, 12, 24);
  if (isMondayToThursday(christmasEve)) days.push(christmasEve);
  const julyThird = dateOf(year, 7, 3);
  if (weekday(julyThird) === WEDNESDAY && year < 2013) days.push(dateOf(year, 7, 5));
  else if (isMondayToThursday(julyThird)) days.push(julyThird);
  return new Set([...days, ...SPECIAL_EARLY_CLOSES.filter((date) => date.startsWith(`${year}-`))]);
}

/**
 * The sessions of a year that are no settlement days, because the banks are closed: Columbus Day and Veterans Day.
 * Source: NASD Notice to Members 99-83 and its yearly successors. Veterans Day on a Sunday is kept on Monday; on a
 * Saturday the Federal Reserve Banks stay open on Friday.
 */
export function bankHolidaysOf(year: number): Set<SessionDate> {
  const veterans = dateOf(year, 11, 11);
  return new Set([nthWeekdayOf(year, 10, MONDAY, 2), weekday(veterans) === SUNDAY ? addDays(veterans, 1) : veterans]);
}

function thanksgiving(year: number): SessionDate {
  return nthWeekdayOf(year, 11, THURSDAY, 4);
}

function observed(date: SessionDate): SessionDate {
  const day = weekday(date);
  if (day === SUNDAY) return addDays(date, 1);
  return day === SATURDAY ? addDays(date, -1) : date;
}

function isMondayToThursday(date: SessionDate): boolean {
  const day = weekday(date);
  return day >= MONDAY && day < FRIDAY;
}
