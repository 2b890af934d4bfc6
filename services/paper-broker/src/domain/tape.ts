import { addMilliseconds } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/kernel/calendar';
import { D, Decimal } from '@ballast/kernel/money';
import { isRecorded, MINUTE_MS, minutesOf, phaseAt, quoteOf } from './market.js';
import type { Bar, MarketSession, Quote } from './market.js';
import { recordedEvents, recordedQuoteAt, recordedVolume } from './recording.js';
import type { DepthRules } from './rules.js';

/** A quote with the shares that it stands for. */
export interface SizedQuote extends Quote {
  readonly bidSize: Decimal;
  readonly askSize: Decimal;
}

/** The quote from `at` on. `price`: what it tells a stop, where the market has no trades to tell it. */
export interface QuoteEvent {
  readonly kind: 'quote';
  readonly at: Instant;
  readonly quote: SizedQuote;
  readonly price: Decimal | null;
}

/**
 * What traded up to `at`: one trade of a tick recording, or what is known of a minute once it is over. `sells` met the
 * bid and `buys` the ask; what met neither is in `volume` only.
 */
export interface TradeEvent {
  readonly kind: 'trade';
  readonly at: Instant;
  readonly low: Decimal;
  readonly high: Decimal;
  readonly volume: Decimal;
  readonly sells: Decimal;
  readonly buys: Decimal;
}

export type TapeEvent = QuoteEvent | TradeEvent;

/** What the market of one symbol shows over a session, whoever trades here. */
export interface Tape {
  quoteAt(at: Instant): SizedQuote | null;
  /** Events after `after` and up to `until`, included, in order of time. */
  events(after: Instant, until: Instant): Iterable<TapeEvent>;
  /** Shares that trade from `from`, excluded, to `to`, included. */
  volumeIn(from: Instant, to: Instant): Decimal;
}

export interface TapeRules {
  readonly spreadBp: number;
  readonly depth: DepthRules | null;
}

/** Any number of shares: a book without depth never runs out. */
const UNLIMITED = new D('1e15');
const HALF = new D('0.5');

/** The tape of a symbol in a session: the recording where there is one, else the path inside the day. Null without a bar. */
export function tapeOf(session: MarketSession, symbol: string, rules: TapeRules): Tape | null {
  const bar = session.bars.get(symbol);
  if (!bar) return null;
  const recording = session.recordings.get(symbol);
  if (!recording) return pathTape(session, bar, rules);
  const quoted = sizesOf(session, bar, rules.depth);
  return {
    quoteAt: (at) => recordedQuoteAt(recording, at, quoted),
    events: (after, until) => recordedEvents(recording, after, until, quoted),
    volumeIn: (from, to) => recordedVolume(recording, from, to),
  };
}

/** The sizes that a side has where the recording does not say; unlimited in a book without depth. */
export interface Sizes {
  readonly limited: boolean;
  readonly shares: Decimal;
}

function sizesOf(session: MarketSession, bar: Bar, depth: DepthRules | null): Sizes {
  if (!depth) return { limited: false, shares: UNLIMITED };
  if (bar.volume === null) return { limited: true, shares: depth.shares };
  const shares = bar.volume.div(minutesOf(session)).times(depth.volumeShare).toDecimalPlaces(0, Decimal.ROUND_FLOOR);
  return { limited: true, shares: D.max(shares, 1) };
}

function pathTape(session: MarketSession, bar: Bar, rules: TapeRules): Tape {
  const { symbol } = bar;
  const { shares } = sizesOf(session, bar, rules.depth);
  const perMinute = volumePerMinute(session, bar, rules.depth);
  const quoteAt = (at: Instant): SizedQuote | null => {
    const quote = quoteOf(session, symbol, at, rules.spreadBp);
    return quote && { ...quote, bidSize: shares, askSize: shares };
  };
  return {
    quoteAt,
    *events(after, until) {
      const last = minutesOf(session) - 1;
      for (let minute = minuteAfter(session, after); minute <= last; minute += 1) {
        const at = addMilliseconds(session.open, minute * MINUTE_MS);
        if (at > until) return;
        const before = minute > 0 && perMinute ? quoteAt(addMilliseconds(at, -1)) : null;
        if (before && perMinute) yield minuteTrade(at, before.bid, before.ask, perMinute);
        const quote = quoteAt(at);
        if (quote) yield { kind: 'quote', at, quote, price: quote.mid };
      }
    },
    volumeIn(from, to) {
      const minutes = Math.max(minuteAfter(session, to) - Math.max(minuteAfter(session, from), 1), 0);
      return (perMinute ?? new D(0)).times(minutes);
    },
  };
}

/** What a minute's volume tells: half of it met the bid and half the ask, because nobody knows better. */
export function minuteTrade(at: Instant, low: Decimal, high: Decimal, volume: Decimal): TradeEvent {
  const half = volume.times(HALF);
  return { kind: 'trade', at, low, high, volume, sells: half, buys: half };
}

function volumePerMinute(session: MarketSession, bar: Bar, depth: DepthRules | null): Decimal | null {
  if (!depth) return null;
  return bar.volume === null ? depth.sharesPerMinute : bar.volume.div(minutesOf(session));
}

/** The first minute of the path that begins after an instant. */
function minuteAfter(session: MarketSession, at: Instant): number {
  if (at < session.open) return 0;
  const ms = Math.min(Date.parse(at), Date.parse(session.close)) - Date.parse(session.open);
  return Math.floor(ms / MINUTE_MS) + 1;
}

/** Whether the market of a symbol shows quotes now: always within the session, beside it only where they were recorded. */
export function isQuoted(session: MarketSession, symbol: string, at: Instant): boolean {
  return phaseAt(session, at) === 'open' || isRecorded(session, symbol);
}
