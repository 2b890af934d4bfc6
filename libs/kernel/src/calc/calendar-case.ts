import { daysBetween, millisecondsBetween, nseSessionsBetween, sessionsBetween } from '../calendar/index.js';
import type { Instant, NseSegment, SessionDate } from '../calendar/index.js';
import { KernelError } from '../money/index.js';
import { textAt } from './fields.js';
import type { Fields } from './fields.js';

interface SessionRow {
  date: SessionDate;
  open: string;
  close: string;
  early: boolean;
}

const NYSE = (from: SessionDate, to: SessionDate): SessionRow[] =>
  sessionsBetween(from, to).map(({ date, open, close, halfDay }) => ({
    ...{ date, open: inNewYork(date, open, 9.5), close: inNewYork(date, close, halfDay ? 13 : 16), early: halfDay },
  }));

const nse =
  (segment: NseSegment) =>
  (from: SessionDate, to: SessionDate): SessionRow[] =>
    nseSessionsBetween(from, to, segment).map(({ date, open, close }) => ({
      ...{ date, open: shifted(open, 5.5), close: shifted(close, 5.5), early: false },
    }));

/** Markets by the names that people and ISO 10383 give them. */
const MARKETS: Readonly<Record<string, (from: SessionDate, to: SessionDate) => SessionRow[]>> = {
  NYSE,
  XNYS: NYSE,
  NSE: nse('cash'),
  XNSE: nse('cash'),
  NSE_FO: nse('derivatives'),
};

/** Sessions asked for at once at the most, so that a slip in a year is an error and not a long wait. */
const DAYS_MAX = 40_000;

/**
 * `{market, from, to}` → `{"sessions":[{date,open,close,early}]}`, both days included; opens and closes are ISO 8601 with
 * the offset that the exchange keeps that day. `close` is the end of continuous trading. Throws `UNKNOWN_MARKET`,
 * `INVALID_DATE`, `INVALID_INPUT`, `CALENDAR_OUT_OF_RANGE`.
 */
export function calendarCase(input: Fields): { sessions: SessionRow[] } {
  const market = textAt('market', input['market']);
  const from = textAt('from', input['from']);
  const to = textAt('to', input['to']);
  const sessionsOf = Object.hasOwn(MARKETS, market) ? MARKETS[market] : undefined;
  if (!sessionsOf) {
    throw new KernelError(
      'UNKNOWN_MARKET',
      `market ${JSON.stringify(market)} is not one of ${Object.keys(MARKETS).join(', ')}.`,
    );
  }
  const days = daysBetween(from, to);
  if (days < 0) throw new KernelError('INVALID_INPUT', `to ${to} is before from ${from}; give the earlier day first.`);
  if (days > DAYS_MAX) {
    throw new KernelError('INVALID_INPUT', `from ${from} to ${to} are ${days} days; ask for at most ${DAYS_MAX}.`);
  }
  return { sessions: sessionsOf(from, to) };
}

/** An instant on New York's clock; which offset it keeps that day shows by the hour that the clock then says. */
function inNewYork(date: SessionDate, instant: Instant, hour: number): string {
  const clock = millisecondsBetween(`${date}T00:00:00.000Z`, instant) / 3_600_000;
  return shifted(instant, hour - clock);
}

function shifted(instant: Instant, hours: number): string {
  const local = new Date(Date.parse(instant) + hours * 3_600_000).toISOString().slice(0, 19);
  const minutes = Math.abs(hours) * 60;
  const pad = (n: number): string => String(n).padStart(2, '0');
  return `${local}${hours < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
