import type { Instant, SessionDate } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import type { Quote } from './market.js';
import type { Sizes, SizedQuote, TapeEvent } from './tape.js';

/** The most events that a recording of one symbol and day may have: those of SPY on a busy day are a third of it. */
export const RECORDED_EVENTS_MAX = 1_000_000;
/** Prices are whole ten-thousandths of a dollar, as they are recorded, so that no binary fraction touches them. */
const PRICE_SCALE = 10_000;

/**
 * What was recorded of one symbol on one day, in order of time, as columns: up to a million rows are kept. A quote row has
 * bid, bid size, ask and ask size; a trade row low, volume, high, and what met the bid and the ask.
 */
export interface Recording {
  readonly symbol: string;
  readonly date: SessionDate;
  readonly atMs: Float64Array;
  /** 1 for a quote, 0 for a trade. */
  readonly isQuote: Uint8Array;
  /** Bid or low, and ask or high, in ten-thousandths of a dollar. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Bid size or volume; a size of zero was not recorded. */
  readonly first: Float64Array;
  /** Ask size or what met the bid. */
  readonly second: Float64Array;
  /** What met the ask; zero for quotes. */
  readonly third: Float64Array;
}

/** A row before it is put in order. Prices in ten-thousandths of a dollar, sizes in shares. */
export type RecordedRow =
  | {
      readonly kind: 'quote';
      readonly atMs: number;
      readonly bid: number;
      readonly bidSize: number;
      readonly ask: number;
      readonly askSize: number;
    }
  | {
      readonly kind: 'trade';
      readonly atMs: number;
      readonly low: number;
      readonly high: number;
      readonly volume: number;
      /** Null where one price alone says on which side it traded: by the quote before it. */
      readonly sells: number | null;
      readonly buys: number | null;
    };

/**
 * Puts rows of one symbol and day in order of time and decides which side each trade met: at or below the bid before it a
 * seller came, at or above the ask a buyer (Lee and Ready's quote test). Trades come before the quotes of their instant,
 * because it is they that change them.
 */
export function recordingOf(symbol: string, date: SessionDate, rows: readonly RecordedRow[]): Recording {
  const ordered = [...rows].sort((a, b) => a.atMs - b.atMs || rankOf(a) - rankOf(b));
  const column = (): Float64Array => new Float64Array(ordered.length);
  const recording = {
    ...{ symbol, date, atMs: column(), isQuote: new Uint8Array(ordered.length) },
    ...{ low: column(), high: column(), first: column(), second: column(), third: column() },
  };
  let quote = { bid: 0, ask: Number.POSITIVE_INFINITY };
  ordered.forEach((row, i) => {
    recording.atMs[i] = row.atMs;
    if (row.kind === 'quote') {
      quote = row;
      recording.isQuote[i] = 1;
      [recording.low[i], recording.first[i]] = [row.bid, row.bidSize];
      [recording.high[i], recording.second[i]] = [row.ask, row.askSize];
      return;
    }
    [recording.low[i], recording.high[i], recording.first[i]] = [row.low, row.high, row.volume];
    recording.second[i] = row.sells ?? (row.high <= quote.bid ? row.volume : 0);
    recording.third[i] = row.buys ?? (row.low >= quote.ask ? row.volume : 0);
  });
  return recording;
}

/** The quote in force at an instant, or null before the first one. */
export function recordedQuoteAt(recording: Recording, at: Instant, sizes: Sizes): SizedQuote | null {
  for (let i = lastRowAt(recording, Date.parse(at)); i >= 0; i -= 1) {
    if (recording.isQuote[i] === 1) return quoteOfRow(recording, i, sizes);
  }
  return null;
}

/** The same without its sizes. */
export function recordedMidAt(recording: Recording, at: Instant): Quote | null {
  const quote = recordedQuoteAt(recording, at, { limited: false, shares: new D(0) });
  return quote && { bid: quote.bid, ask: quote.ask, mid: quote.mid };
}

/** Rows after `after` and up to `until`, included. */
export function* recordedEvents(
  recording: Recording,
  after: Instant,
  until: Instant,
  sizes: Sizes,
): Generator<TapeEvent> {
  const last = lastRowAt(recording, Date.parse(until));
  for (let i = lastRowAt(recording, Date.parse(after)) + 1; i <= last; i += 1) {
    const at = new Date(recording.atMs[i]!).toISOString();
    if (recording.isQuote[i] === 1) {
      yield { kind: 'quote', at, quote: quoteOfRow(recording, i, sizes), price: null };
      continue;
    }
    const [low, high] = [priceOf(recording.low[i]!), priceOf(recording.high[i]!)];
    const [volume, sells, buys] = [recording.first[i]!, recording.second[i]!, recording.third[i]!].map(
      (shares) => new D(shares),
    ) as [Decimal, Decimal, Decimal];
    yield { kind: 'trade', at, low, high, volume, sells, buys };
  }
}

/** Shares that were traded from `from`, excluded, to `to`, included. */
export function recordedVolume(recording: Recording, from: Instant, to: Instant): Decimal {
  let volume = 0;
  const last = lastRowAt(recording, Date.parse(to));
  for (let i = lastRowAt(recording, Date.parse(from)) + 1; i <= last; i += 1) {
    if (recording.isQuote[i] === 0) volume += recording.first[i]!;
  }
  return new D(volume);
}

/** Between which bid and which ask the recording's quotes lie from `from` to `to`, US dollars; null where it has none there. */
export function recordedRange(
  recording: Recording,
  from: Instant,
  to: Instant,
): { low: Decimal; high: Decimal } | null {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (let i = lastRowAt(recording, Date.parse(from) - 1) + 1; i <= lastRowAt(recording, Date.parse(to)); i += 1) {
    if (recording.isQuote[i] !== 1) continue;
    [low, high] = [Math.min(low, recording.low[i]!), Math.max(high, recording.high[i]!)];
  }
  return high === 0 ? null : { low: priceOf(low), high: priceOf(high) };
}

function quoteOfRow(recording: Recording, i: number, sizes: Sizes): SizedQuote {
  const [bid, ask] = [priceOf(recording.low[i]!), priceOf(recording.high[i]!)];
  const size = (told: number): Decimal => (sizes.limited && told > 0 ? new D(told) : sizes.shares);
  return {
    bid,
    ask,
    mid: priceOf((recording.low[i]! + recording.high[i]!) / 2),
    bidSize: size(recording.first[i]!),
    askSize: size(recording.second[i]!),
  };
}

/** The last row at or before a moment, -1 before the first. */
function lastRowAt({ atMs }: Recording, ms: number): number {
  let [from, to] = [0, atMs.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (atMs[middle]! <= ms) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

const priceOf = (tenThousandths: number): Decimal => new D(tenThousandths).div(PRICE_SCALE);
const rankOf = (row: RecordedRow): number => (row.kind === 'trade' ? 0 : 1);
