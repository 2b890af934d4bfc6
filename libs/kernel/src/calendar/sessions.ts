import { KernelError } from '../money/index.js';
import { dateInNewYork, newYorkToInstant, requireKnownYear, yearOf } from './new-york.js';
import { bankHolidaysOf, earlyClosesOf, holidaysOf } from './nyse-rules.js';
import { addDays, dateToMs, weekday } from './time.js';
import type { Instant, SessionDate } from './time.js';

/** One core session of NYSE: opens 09:30, closes 16:00 New York time, 13:00 on a half day. */
export interface Session {
  readonly date: SessionDate;
  readonly open: Instant;
  /** The first instant that is no longer in the session. */
  readonly close: Instant;
  readonly halfDay: boolean;
}

interface Year {
  readonly sessions: readonly Session[];
  readonly byDate: ReadonlyMap<SessionDate, Session>;
}

// A pure cache: a year's sessions follow from its number alone.
const years = new Map<number, Year>();

/** Whether NYSE opens on a date. Throws `INVALID_DATE`, and `CALENDAR_OUT_OF_RANGE` outside 1998 to 2099. */
export function isSession(date: SessionDate): boolean {
  return sessionOf(date) !== null;
}

/** The session of a date, or null on a weekend or holiday. Throws `INVALID_DATE`, `CALENDAR_OUT_OF_RANGE`. */
export function sessionOf(date: SessionDate): Session | null {
  dateToMs(date);
  return yearTable(yearOf(date)).byDate.get(date) ?? null;
}

/** The first session strictly after a date, which need not be a session itself. */
export function nextSession(date: SessionDate): Session {
  for (let day = addDays(date, 1); ; day = addDays(day, 1)) {
    const session = sessionOf(day);
    if (session) return session;
  }
}

/** The last session strictly before a date, which need not be a session itself. */
export function previousSession(date: SessionDate): Session {
  for (let day = addDays(date, -1); ; day = addDays(day, -1)) {
    const session = sessionOf(day);
    if (session) return session;
  }
}

/** The session open at an instant: from its open, included, to its close, excluded. Null where the market is shut. */
export function sessionAt(instant: Instant): Session | null {
  const session = sessionOf(dateInNewYork(instant));
  return session && instant >= session.open && instant < session.close ? session : null;
}

/** The first session whose opening is at an instant or after it; an open session is past its opening. */
export function nextSessionOpening(instant: Instant): Session {
  const date = dateInNewYork(instant);
  const today = sessionOf(date);
  return today && today.open >= instant ? today : nextSession(date);
}

/** The sessions from one date to another, both included, in order; none where `from` is after `to`. */
export function sessionsBetween(from: SessionDate, to: SessionDate): Session[] {
  dateToMs(from);
  dateToMs(to);
  requireKnownYear(yearOf(from));
  requireKnownYear(yearOf(to));
  const found: Session[] = [];
  for (let year = yearOf(from); year <= yearOf(to); year += 1) {
    found.push(...yearTable(year).sessions.filter(({ date }) => date >= from && date <= to));
  }
  return found;
}

/**
 * The date on which a regular-way trade settles: T+3, T+2 for trades from 2017-09-05, T+1 from 2024-05-28.
 *
 * Counts settlement days strictly after the trade: sessions, without Columbus Day and Veterans Day, on which NYSE trades
 * but banks are closed. Special closures count as no settlement day. Throws `NOT_A_SESSION` where the trade date is none.
 */
export function settlementDate(tradeDate: SessionDate): SessionDate {
  if (!isSession(tradeDate)) {
    throw new KernelError('NOT_A_SESSION', `NYSE does not trade on ${tradeDate}; give the date of a session.`);
  }
  let left = tradeDate >= '2024-05-28' ? 1 : tradeDate >= '2017-09-05' ? 2 : 3;
  let date = tradeDate;
  while (left > 0) {
    date = nextSession(date).date;
    if (!bankHolidaysOf(yearOf(date)).has(date)) left -= 1;
  }
  return date;
}

function yearTable(year: number): Year {
  const known = years.get(year);
  if (known) return known;
  requireKnownYear(year);
  const built = buildYear(year);
  years.set(year, built);
  return built;
}

function buildYear(year: number): Year {
  const holidays = holidaysOf(year);
  const earlyCloses = earlyClosesOf(year);
  const sessions: Session[] = [];
  for (let date = `${year}-01-01`; yearOf(date) === year; date = addDays(date, 1)) {
    const day = weekday(date);
    if (day === 0 || day === 6 || holidays.has(date)) continue;
    const halfDay = earlyCloses.has(date);
    const open = newYorkToInstant(date, 9, 30);
    const close = newYorkToInstant(date, halfDay ? 13 : 16, 0);
    sessions.push(Object.freeze({ date, open, close, halfDay }));
  }
  return { sessions, byDate: new Map(sessions.map((session) => [session.date, session])) };
}
