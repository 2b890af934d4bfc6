import type { Decimal } from '@ballast/kernel/money';
import { NO_FEES } from './fees.js';
import type { FeeRules } from './fees.js';
import type { ImpactRules } from './impact.js';

/** A book whose quotes have a size: what is taken of it is gone until it is refreshed. */
export interface DepthRules {
  /** Shares on each side where neither the recording nor the day's volume says how many. */
  readonly shares: Decimal;
  /** Shares on each side as a part of what trades in an average minute of the day, where the volume is known. */
  readonly volumeShare: Decimal;
  /** Shares that trade in a minute where nobody knows the day's volume. */
  readonly sharesPerMinute: Decimal;
  /** How long what was taken stays gone, in ms. Counted from the open. */
  readonly refreshMs: number;
  /** The largest part of what trades within one refresh that orders here may have; null for no limit. */
  readonly participation: Decimal | null;
}

/** How long a request is under way between its answer and the book, in ms; drawn between the two. */
export interface LatencyRules {
  readonly minMs: number;
  readonly maxMs: number;
}

/** The auctions at the open and the close take part of all orders that wait, and have a size. */
export interface AuctionRules {
  /** Shares that one auction has for each side; null for any number. */
  readonly shares: Decimal | null;
}

/** Short sales: refused without this. */
export interface ShortRules {
  /** Shares that can be borrowed of a symbol of which nothing else was told. */
  readonly shares: Decimal;
  /** Fee in basis points of the position's value a year. */
  readonly feeBp: Decimal;
}

/** How the venue trades. Every new thing is off unless it is set: {@link PLAIN_RULES}. */
export interface Rules {
  /** Width of the simulated spread in basis points of the mid price. */
  readonly spreadBp: number;
  /** Whether a seeded tenth of orders fills in two pieces, as on Alpaca's paper venue. Only where the book has no depth. */
  readonly partialFills: boolean;
  readonly depth: DepthRules | null;
  readonly latency: LatencyRules;
  /** Limit Up-Limit Down with the bands of this tier for every symbol; null for none. */
  readonly luldTier: 1 | 2 | null;
  readonly auctions: AuctionRules | null;
  readonly fees: FeeRules;
  readonly shorts: ShortRules | null;
  /** How fills here move prices; null where the market does not notice. */
  readonly impact: ImpactRules | null;
}

/** A venue without limits of size, delays, bands, fees, short sales and impact. */
export const PLAIN_RULES: Rules = {
  spreadBp: 2,
  partialFills: false,
  depth: null,
  latency: { minMs: 0, maxMs: 0 },
  luldTier: null,
  auctions: null,
  fees: NO_FEES,
  shorts: null,
  impact: null,
};
