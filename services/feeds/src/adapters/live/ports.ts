import type { Clock } from '@ballast/platform';
import type { Refusal } from '../../domain/live/observation.js';
import type { Tick, Trade, VenueTime } from '../../domain/live/tick.js';

/** Hears a source. Nothing of it may take long: the source waits. */
export interface LiveListener {
  /** From now on everything that was subscribed to is told. */
  opened(): void;
  heard(ticks: readonly Tick[]): void;
  /** A sign of life without a tick. */
  alive(): void;
  /** Something was told that cannot be read: of a symbol, or, where that is null, of nobody knows which. */
  unreadable(symbol: string | null, detail: string): void;
  /** The source no longer tells anything. It comes back by itself where the refusal does not say otherwise. */
  away(state: 'waiting' | 'refused' | 'ended', reason: string, refusal: Refusal | null): void;
  /** Resolves once there is room for more; only for a source that can wait. */
  room(): Promise<void>;
}

/** A page of trades of one symbol, oldest first. */
export interface TradePage {
  readonly trades: readonly Trade[];
  /** Asks for the page that follows; null after the last. */
  readonly next: string | null;
}

/** Trades that a venue tells once more. */
export interface TradeHistory {
  /**
   * Trades of a symbol from a moment on, that included, up to what the venue knows now.
   * @throws Retryable VENUE_AWAY where asking again may help; FeedRefused where it cannot.
   */
  page(request: TradePageRequest, signal: AbortSignal): Promise<TradePage>;
}

export interface TradePageRequest {
  readonly symbol: string;
  readonly from: VenueTime;
  readonly next: string | null;
  /** The most trades of the page. */
  readonly limit: number;
}

/** Where live ticks come from. */
export interface LiveSource {
  readonly name: string;
  /** True where its ticks are not those of a market now. */
  readonly simulated: boolean;
  /** The source's own time: that of the market, or of the recorded day. */
  readonly clock: Clock;
  /** What can be fetched again; null where nothing can. */
  readonly trades: TradeHistory | null;
  /** Makes ready to begin, and answers which symbols it tells of. @throws FeedRefused where it cannot. */
  prepare(): Promise<readonly string[]>;
  /** Begins to listen, and stays at it until it is stopped. */
  start(listener: LiveListener): void;
  /** Gives the line up for another one: it is open and tells nothing. */
  renew(reason: string): void;
  stop(): Promise<void>;
}

/** A tick on its way out. */
export interface HeardTick {
  readonly tick: Tick;
  readonly source: string;
  readonly simulated: boolean;
}

/** Where ticks go. */
export interface TickSink {
  /** Takes ticks in order, and resolves once they are stored. @throws Retryable where they must be brought again. */
  publish(ticks: readonly HeardTick[]): Promise<void>;
}

/** A number by chance from 0, included, to 1, excluded. */
export type Chance = () => number;

/** Injection token of the {@link LiveSource}; null where none is wanted. */
export const LIVE_SOURCE = Symbol('LIVE_SOURCE');
/** Injection token of the {@link TickSink}. */
export const TICK_SINK = Symbol('TICK_SINK');
