import { addMilliseconds, millisecondsBetween } from '@ballast/kernel/calendar';
import type { Instant, SessionDate } from '@ballast/kernel/calendar';
import { intradayPath, quoteAt } from '@ballast/kernel/intraday-path';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import type { LuldDay } from './luld.js';
import type { Order } from './order.js';
import { recordedMidAt } from './recording.js';
import type { Recording } from './recording.js';

/** One day of one symbol, US dollars a share. */
export interface Bar {
  readonly symbol: string;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  /** Shares traded in the day; null where the host did not say. */
  readonly volume: Decimal | null;
  /** Shares traded in an average day; null where the host did not say. */
  readonly averageVolume: Decimal | null;
  /** Standard deviation of the return of a day, as a fraction; null where the host did not say. */
  readonly volatility: number | null;
}

/**
 * One simulated trading day. Where nothing was recorded, prices inside the day are synthetic: they follow from bars, seed,
 * symbol and date.
 */
export interface MarketSession {
  readonly date: SessionDate;
  readonly open: Instant;
  /** The first instant that is no longer in the session. */
  readonly close: Instant;
  /** Where the bars come from, as the host told it. */
  readonly source: string;
  readonly seed: string;
  readonly bars: ReadonlyMap<string, Bar>;
  /** Symbols whose quotes and trades were recorded on the day. */
  readonly recordings: ReadonlyMap<string, Recording>;
  /** Closes before this session, as far as the venue saw them. */
  readonly previousCloses: ReadonlyMap<string, Decimal>;
  /** Paths made so far, prices a minute. A pure cache: up to 10,000 symbols have bars, and few are ever asked for. */
  readonly paths: Map<string, Float64Array>;
  /** Bands and pauses made so far, likewise. */
  readonly bands: Map<string, LuldDay>;
}

export interface Quote {
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly mid: Decimal;
}

export type Phase = 'before_open' | 'open' | 'closed';

export const MINUTE_MS = 60_000;
const MID_DECIMALS = 4;
/** A path needs room for a high and a low between open and close. */
export const SESSION_MINUTES_MIN = 3;

/** Where an instant lies in a session; the close is no longer in it. */
export function phaseAt(session: MarketSession, at: Instant): Phase {
  if (at < session.open) return 'before_open';
  return at < session.close ? 'open' : 'closed';
}

/**
 * The simulated quote of a symbol: constant within a minute, the open's before the open and the close's after the close.
 * It never leaves the day's low and high, so that no trade prints where none was seen. Where quotes were recorded it is the
 * last one before the instant. Null where the session has no bar or the recording no quote yet: a price is never guessed.
 */
export function quoteOf(session: MarketSession, symbol: string, at: Instant, spreadBp: number): Quote | null {
  const bar = session.bars.get(symbol);
  const recording = session.recordings.get(symbol);
  if (bar && recording) return recordedMidAt(recording, at);
  return bar ? quoteAtMinute(session, bar, minuteAt(session, at), spreadBp) : null;
}

/** Alpaca's extended hours: from 04:00 in New York, five and a half hours before the open, to four hours after the close. */
const EARLY_MS = 5.5 * 60 * MINUTE_MS;
const LATE_MS = 4 * 60 * MINUTE_MS;

/** The hours in which an order works: the session, or more around it for one that asked for extended hours. */
export function hoursOf(session: MarketSession, order: Pick<Order, 'extendedHours'>): { from: Instant; to: Instant } {
  const { open, close } = session;
  if (!order.extendedHours) return { from: open, to: close };
  return { from: addMilliseconds(open, -EARLY_MS), to: addMilliseconds(close, LATE_MS) };
}

/** Whether an order works at an instant; beside the session it can trade only where quotes were recorded. */
export function worksAt(session: MarketSession, order: Pick<Order, 'extendedHours'>, at: Instant): boolean {
  const { from, to } = hoursOf(session, order);
  return at >= from && at < to;
}

/** The price at which the quote would fill the order now, or null while it must rest. */
export function fillPrice(order: Pick<Order, 'side' | 'limitPrice'>, quote: Quote): Decimal | null {
  const price = order.side === 'buy' ? quote.ask : quote.bid;
  return isWithinLimit(order, price) ? price : null;
}

/** Whether an order may trade at a price; one without a limit at any. */
export function isWithinLimit({ side, limitPrice }: Pick<Order, 'side' | 'limitPrice'>, price: Decimal): boolean {
  if (limitPrice === null) return true;
  return side === 'buy' ? price.lessThanOrEqualTo(limitPrice) : price.greaterThanOrEqualTo(limitPrice);
}

/** The first minute strictly after `after` at which the quote crosses the order, or null where it never does. */
export function nextCrossing(
  session: MarketSession,
  order: Pick<Order, 'symbol' | 'side' | 'limitPrice'>,
  after: Instant,
  spreadBp: number,
): Instant | null {
  const bar = session.bars.get(order.symbol);
  if (!bar || isOutOfReach(order, bar)) return null;
  const last = minutesOf(session) - 1;
  for (let minute = after < session.open ? 0 : minuteAt(session, after) + 1; minute <= last; minute += 1) {
    if (fillPrice(order, quoteAtMinute(session, bar, minute, spreadBp))) {
      return addMilliseconds(session.open, minute * MINUTE_MS);
    }
  }
  return null;
}

/** Whether a symbol trades on what was recorded, rather than on a path inside its bar. */
export function isRecorded(session: MarketSession, symbol: string): boolean {
  return session.recordings.has(symbol);
}

function isOutOfReach(order: Pick<Order, 'side' | 'limitPrice'>, bar: Bar): boolean {
  if (order.limitPrice === null) return false;
  return order.side === 'buy' ? order.limitPrice.lessThan(bar.low) : order.limitPrice.greaterThan(bar.high);
}

function quoteAtMinute(session: MarketSession, bar: Bar, minute: number, spreadBp: number): Quote {
  const path = pathOf(session, bar);
  const last = path.length - 1;
  const { bid, ask } = quoteAt(path, minute, spreadBp);
  const inner = new D(path[minute] ?? NaN).toDecimalPlaces(MID_DECIMALS);
  return {
    bid: D.min(D.max(bid, bar.low), bar.high),
    ask: D.max(D.min(ask, bar.high), bar.low),
    // The first and the last price are the bar's own, which binary fractions must not touch.
    mid: minute === 0 ? bar.open : minute === last ? bar.close : inner,
  };
}

function pathOf(session: MarketSession, bar: Bar): Float64Array {
  const known = session.paths.get(bar.symbol);
  if (known) return known;
  const path = intradayPath({
    open: bar.open.toNumber(),
    high: bar.high.toNumber(),
    low: bar.low.toNumber(),
    close: bar.close.toNumber(),
    seed: `${session.seed}:${bar.symbol}:${session.date}`,
    minutes: minutesOf(session),
  });
  session.paths.set(bar.symbol, path);
  return path;
}

/** Minutes from the open to the close. */
export function minutesOf(session: MarketSession): number {
  return Math.ceil(millisecondsBetween(session.open, session.close) / MINUTE_MS);
}

/** Minute of the session, 0 at the open and before it, and the number of minutes from the close on. */
function minuteAt(session: MarketSession, at: Instant): number {
  if (at >= session.close) return minutesOf(session);
  return at <= session.open ? 0 : Math.floor(millisecondsBetween(session.open, at) / MINUTE_MS);
}
