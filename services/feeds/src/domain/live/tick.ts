/**
 * A moment as the venue tells it: RFC 3339 in UTC with nine digits of fraction, `2021-02-22T15:51:44.208123456Z`, so that
 * its text order is its time order. Our own moments (`Instant`) have three.
 */
export type VenueTime = string;

/** One side of a quote; prices and sizes are decimal text. */
export interface QuoteSide {
  readonly price: string;
  /** In shares, or in round lots where the venue counts in those; as it says. */
  readonly size: string;
  readonly exchange: string;
}

/** One print. A venue's ids are unique within symbol, exchange and tape only. */
export interface Trade {
  readonly kind: 'trade';
  readonly symbol: string;
  readonly at: VenueTime;
  readonly id: string;
  readonly exchange: string;
  readonly price: string;
  readonly size: string;
  readonly conditions: readonly string[];
  readonly tape: string;
  /** What became of it later, where a resent trade tells; corrections are told once and never again. */
  readonly update: 'canceled' | 'corrected' | 'incorrect' | null;
}

/** The best bid and offer. A side that the venue does not have is null, never zero. */
export interface Quote {
  readonly kind: 'quote';
  readonly symbol: string;
  readonly at: VenueTime;
  readonly bid: QuoteSide | null;
  readonly ask: QuoteSide | null;
  readonly conditions: readonly string[];
  readonly tape: string;
}

/** A bar of a minute, or of a second where a recording has those; `at` is when it begins. */
export interface MinuteBar {
  readonly kind: 'bar';
  readonly symbol: string;
  readonly at: VenueTime;
  readonly seconds: 1 | 60;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

/** A trade was wrong; this is what it should have been. */
export interface Correction {
  readonly kind: 'correction';
  readonly symbol: string;
  readonly at: VenueTime;
  readonly exchange: string;
  readonly tape: string;
  readonly original: TradeBody;
  readonly corrected: TradeBody;
}

export interface TradeBody {
  readonly id: string;
  readonly price: string;
  readonly size: string;
  readonly conditions: readonly string[];
}

/** A trade does not count: it was cancelled, or printed in error. */
export interface Cancel {
  readonly kind: 'cancel';
  readonly symbol: string;
  readonly at: VenueTime;
  readonly id: string;
  readonly exchange: string;
  readonly price: string;
  readonly size: string;
  readonly tape: string;
  readonly reason: 'cancelled' | 'error' | 'unknown';
}

/** Trading was halted, resumed or paused; the codes are those of the tape. */
export interface TradingStatus {
  readonly kind: 'status';
  readonly symbol: string;
  readonly at: VenueTime;
  readonly code: string;
  readonly message: string;
  readonly reasonCode: string;
  readonly reason: string;
  readonly tape: string;
}

/** The prices between which a symbol may trade now (limit up, limit down). */
export interface LuldBand {
  readonly kind: 'luld';
  readonly symbol: string;
  readonly at: VenueTime;
  readonly up: string;
  readonly down: string;
  readonly indicator: string;
  readonly tape: string;
}

export type Tick = Trade | Quote | MinuteBar | Correction | Cancel | TradingStatus | LuldBand;
export type TickKind = Tick['kind'];

/** What is expected to keep coming while the market is open; everything else comes when something happens. */
export const CHANNELS = ['trades', 'quotes', 'bars'] as const;
export type Channel = (typeof CHANNELS)[number];

/** The channel whose silence a tick breaks; null for what comes only when something happens. */
export function channelOf(kind: TickKind): Channel | null {
  switch (kind) {
    case 'trade':
      return 'trades';
    case 'quote':
      return 'quotes';
    case 'bar':
      return 'bars';
    default:
      return null;
  }
}

/** Names a trade: a venue repeats trades when it resends them, ids alone are not unique, and each day they begin anew. */
export const tradeKey = (trade: Pick<Trade, 'symbol' | 'exchange' | 'tape' | 'id' | 'at'>): string =>
  `${trade.at.slice(0, 10)}|${trade.symbol}|${trade.exchange}|${trade.tape}|${trade.id}`;

const RFC_3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z$/;

/** A moment with nine digits of fraction from what a venue wrote; null where it is no moment in UTC. */
export function venueTime(text: string): VenueTime | null {
  const [, whole, fraction = ''] = RFC_3339.exec(text) ?? [];
  if (whole === undefined || Number.isNaN(Date.parse(`${whole}Z`))) return null;
  return `${whole}.${fraction.padEnd(9, '0')}Z`;
}

/** A moment from whole seconds since 1970 and nanoseconds, as MessagePack carries them. */
export const venueTimeOf = (seconds: number, nanoseconds: number): VenueTime =>
  `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${String(nanoseconds).padStart(9, '0')}Z`;

/** A moment from milliseconds since 1970. */
export const venueTimeOfMs = (ms: number): VenueTime => `${new Date(ms).toISOString().slice(0, 23)}000000Z`;

/** Milliseconds since 1970; parts of a millisecond are cut off. */
export const msOf = (at: VenueTime): number => Date.parse(`${at.slice(0, 23)}Z`);
