import type { Instant, SessionDate } from '../calendar/index.js';
import type { DayExecution } from '../day-trades/index.js';
import type { Decimal } from '../money/index.js';
import type { Bands, MarketWideHalt } from '../risk-measures/index.js';
import type { Side } from './types.js';

/** Where numbers come from; each is as old as `PlanInput.asOf` says. */
export type Source = 'marks' | 'book' | 'equity' | 'volume' | 'history' | 'reference' | 'market' | 'broker' | 'orders';

/** What a token bucket held at a moment. */
export interface BucketLevel {
  readonly tokens: number;
  readonly at: Instant;
}

/** An order that was sent before. */
export interface SentOrder {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly at: Instant;
}

/** The day of an account that the rules of day trading look at. */
export interface TradingDay {
  /** The session that is traded in. */
  readonly date: SessionDate;
  /** Day trades of the four sessions before. */
  readonly dayTradesBefore: number;
  /** Executions of this session, in their order. */
  readonly executions: readonly DayExecution[];
  /** Shares held when the session began, below zero where short. */
  readonly overnight: ReadonlyMap<string, Decimal>;
  /** Equity at the close before. */
  readonly equityBefore: Decimal;
}

/**
 * What checks look at beyond positions and marks. Whatever is left out, or a symbol that a map does not have, is not known, and a check that
 * needs it does not pass. Statistics are numbers, money and quantities are decimals.
 */
export interface Facts {
  /** Simple returns of each name over the same sessions, oldest first, none missing. */
  readonly returns?: ReadonlyMap<string, ArrayLike<number>>;
  /** Annual volatility, a fraction. */
  readonly volatilities?: ReadonlyMap<string, number>;
  readonly betas?: ReadonlyMap<string, number>;
  /** Exposures to the factors that scenarios move. */
  readonly factors?: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** From 0, unusable, to 1. */
  readonly quality?: ReadonlyMap<string, number>;

  /** Sessions until the next report of earnings, 0 on its day; null where none is due. */
  readonly sessionsToEarnings?: ReadonlyMap<string, number | null>;
  /** Shares that can be borrowed now. */
  readonly borrowable?: ReadonlyMap<string, Decimal>;
  readonly bands?: ReadonlyMap<string, Bands>;
  /** Names in which trading is paused or halted now. */
  readonly paused?: ReadonlySet<string>;
  /** Null where the market trades. */
  readonly marketHalt?: MarketWideHalt | null;
  /** Names that may not be traded at all, or not opened. */
  readonly restricted?: ReadonlyMap<string, 'all' | 'opening'>;
  readonly regime?: string;

  readonly buyingPower?: Decimal;
  /** Equity when the session began. */
  readonly sessionEquity?: Decimal;
  /** The highest equity so far. */
  readonly peakEquity?: Decimal;
  /** Gross exposure that each strategy has asked for so far, in money. */
  readonly strategyGross?: ReadonlyMap<string, Decimal>;
  readonly tradingDay?: TradingDay;

  readonly ordersToday?: number;
  readonly sentOrders?: readonly SentOrder[];
  readonly accountBucket?: BucketLevel;
  readonly segmentBuckets?: ReadonlyMap<string, BucketLevel>;
}
