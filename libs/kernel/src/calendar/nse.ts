import { KernelError } from '../money/index.js';
import { addDays, dateToMs, msToInstant, weekday } from './time.js';
import type { Instant, SessionDate } from './time.js';

/** What trades in a session of NSE: shares without derivatives, shares with them, and the derivatives themselves. */
export type NseSegment = 'cash' | 'cash_with_derivatives' | 'derivatives';

/** One session of NSE, of one segment. */
export interface NseSession {
  readonly date: SessionDate;
  readonly open: Instant;
  /** The first instant that is no longer in continuous trading. */
  readonly close: Instant;
  /** The end of the closing auction that follows; null where there is none. */
  readonly auctionEnd: Instant | null;
}

/**
 * The weekdays on which NSE does not open, a year whose list is known each. No rule gives them: several follow the
 * moon, and each list is published by circular in the December before.
 * Source: the trading holidays of BSE and NSE for 2026, with the closure of January 15 that was added by circular.
 */
const HOLIDAYS: ReadonlyMap<number, ReadonlySet<SessionDate>> = new Map([
  [
    2026,
    new Set([
      ...['2026-01-15', '2026-01-26', '2026-03-03', '2026-03-26', '2026-03-31', '2026-04-03', '2026-04-14'],
      ...['2026-05-01', '2026-05-28', '2026-06-26', '2026-09-14', '2026-10-02', '2026-10-20', '2026-11-10'],
      ...['2026-11-24', '2026-12-25'],
    ]),
  ],
]);

/** Trading hours by the day from which they hold, the latest first, as minutes after midnight in India. */
const HOURS: readonly {
  readonly from: SessionDate;
  readonly of: Readonly<Record<NseSegment, { readonly close: number; readonly auctionEnd: number | null }>>;
}[] = [
  {
    // The closing auction session replaces the average of the last half hour for shares with derivatives.
    from: '2026-08-03',
    of: {
      cash: { close: minutes(15, 30), auctionEnd: null },
      cash_with_derivatives: { close: minutes(15, 15), auctionEnd: minutes(15, 35) },
      derivatives: { close: minutes(15, 40), auctionEnd: null },
    },
  },
  {
    from: '0000-01-01',
    of: {
      cash: { close: minutes(15, 30), auctionEnd: null },
      cash_with_derivatives: { close: minutes(15, 30), auctionEnd: null },
      derivatives: { close: minutes(15, 30), auctionEnd: null },
    },
  },
];

const OPEN = minutes(9, 15);
/** India keeps one time all year: UTC+05:30. */
const IST = minutes(5, 30);
const MINUTE_MS = 60_000;
const TUESDAY = 2;
/** How many days before its Tuesday a contract expires at the most: Friday, where Monday and Tuesday are holidays. */
const MOVED_BACK_MAX = 4;
/** From this day on NIFTY contracts expire on Tuesdays (circular of SEBI on expiry days, 2025). */
const TUESDAY_EXPIRIES_FROM = '2025-09-01';

/**
 * The session of a date, or null on a weekend or holiday. The evening session of Diwali is announced by circular each
 * year and is not among them.
 * @throws KernelError `INVALID_DATE`; `CALENDAR_OUT_OF_RANGE` for a year whose list of holidays is not known.
 */
export function nseSessionOf(date: SessionDate, segment: NseSegment = 'cash'): NseSession | null {
  const midnight = dateToMs(date) - IST * MINUTE_MS;
  const day = weekday(date);
  if (holidaysOf(date).has(date) || day === 0 || day === 6) return null;
  const { close, auctionEnd } = HOURS.find(({ from }) => from <= date)!.of[segment];
  const at = (minute: number): Instant => msToInstant(midnight + minute * MINUTE_MS);
  return { date, open: at(OPEN), close: at(close), auctionEnd: auctionEnd === null ? null : at(auctionEnd) };
}

/** The sessions from one date to another, both included, in order. Throws like {@link nseSessionOf}. */
export function nseSessionsBetween(from: SessionDate, to: SessionDate, segment: NseSegment = 'cash'): NseSession[] {
  const found: NseSession[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) {
    const session = nseSessionOf(date, segment);
    if (session) found.push(session);
  }
  return found;
}

/**
 * The days on which weekly NIFTY contracts expire, from one date to another: each Tuesday, or the session before it
 * where that is a holiday.
 * @throws KernelError `CALENDAR_OUT_OF_RANGE` before 2025-09-01, when they expired on other days; like {@link nseSessionOf}.
 */
export function niftyWeeklyExpiries(from: SessionDate, to: SessionDate): SessionDate[] {
  return tuesdays(from, addDays(to, MOVED_BACK_MAX))
    .map(sessionOnOrBefore)
    .filter((date) => date >= from && date <= to);
}

/** The day on which the monthly NIFTY contract of a month (`2026-11`) expires: its last Tuesday, or the session before. */
export function niftyMonthlyExpiry(month: string): SessionDate {
  const first = `${month}-01`;
  dateToMs(first);
  const inMonth = tuesdays(first, addDays(first, 30)).filter((date) => date.startsWith(month));
  return sessionOnOrBefore(inMonth.at(-1)!);
}

function tuesdays(from: SessionDate, to: SessionDate): SessionDate[] {
  if (from < TUESDAY_EXPIRIES_FROM) {
    throw new KernelError(
      'CALENDAR_OUT_OF_RANGE',
      `NIFTY contracts expire on Tuesdays since ${TUESDAY_EXPIRIES_FROM}; days before are not known here.`,
    );
  }
  const found: SessionDate[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) if (weekday(date) === TUESDAY) found.push(date);
  return found;
}

function sessionOnOrBefore(date: SessionDate): SessionDate {
  let day = date;
  while (nseSessionOf(day) === null) day = addDays(day, -1);
  return day;
}

function holidaysOf(date: SessionDate): ReadonlySet<SessionDate> {
  const found = HOLIDAYS.get(Number(date.slice(0, 4)));
  if (found) return found;
  throw new KernelError(
    'CALENDAR_OUT_OF_RANGE',
    `The holidays of NSE are known for ${[...HOLIDAYS.keys()].join(', ')}, not for ${date}; use dates within.`,
  );
}

function minutes(hour: number, minute: number): number {
  return hour * 60 + minute;
}
