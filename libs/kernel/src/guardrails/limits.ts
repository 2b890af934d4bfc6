import type { SessionDate } from '../calendar/index.js';
import type { Scenario } from '../risk-measures/index.js';

/** A bucket that holds `capacity` orders and is refilled at a steady rate; a burst is as large as the bucket. */
export interface TokenBucket {
  readonly capacity: number;
  readonly perSecond: number;
}

/**
 * A rule book. A check whose limit is left out is off; one that is on and cannot be made refuses. Limits are decimal strings, and equality
 * with a limit passes. Fractions are of equity unless their name says otherwise.
 */
export interface GuardrailLimits {
  readonly version: string;

  /** Largest position in one name, for example '0.10'. */
  readonly notionalPerNameMax?: string;
  /** Largest gross exposure of one sector, for example '0.30'. */
  readonly sectorGrossMax?: string;
  /** The same for all names together whose sector is not known; without it they are refused live and not evaluated on paper. */
  readonly unknownSectorGrossMax?: string;
  /** Largest gross exposure of the book: 1 is all of equity, 2 twice that. */
  readonly grossLeverageMax?: string;
  /** Largest net exposure of the book, long or short. */
  readonly netLeverageMax?: string;
  /** Largest gross exposure that one strategy has asked for. */
  readonly strategyGrossMax?: string;

  /** Largest order over average daily volume, for example '0.05'. */
  readonly advFractionMax?: string;
  /** Largest loss of a position that is stopped out, by the mandate, for example '0.01'. */
  readonly positionRiskMax?: string;
  /** Largest position times its annual volatility, for example '0.02'. */
  readonly volatilityPerNameMax?: string;
  /** Volatility is taken to be at least this; a fraction a year. */
  readonly volatilityFloor?: string;
  /** Largest order at its reference price, in the currency of the marks. */
  readonly orderNotionalMax?: string;

  /** Largest historical CVaR of the book after the trade. `confidence` is '0.975', not '0.025'. */
  readonly cvar?: { readonly max: string; readonly confidence: string };
  /** Largest expected shortfall of the book by its deviation: normal, or Student's t where degrees of freedom are given. */
  readonly expectedShortfall?: {
    readonly max: string;
    readonly confidence: string;
    readonly degreesOfFreedom?: number;
  };
  /** Largest loss of the book in the worst of the scenarios. */
  readonly stress?: { readonly max: string; readonly scenarios: readonly Scenario[] };
  /** Largest beta of the book, long or short: Σ exposure × beta. */
  readonly betaMax?: string;
  /** Largest correlation of a name with the rest of the book, in the direction of the trade. */
  readonly bookCorrelationMax?: string;
  /** Largest fall of equity since the session began, over what it was then. */
  readonly dailyLossMax?: string;
  /** Largest fall of equity from its highest value, over that value. */
  readonly drawdownMax?: string;

  /** What initial margin (Regulation T) may take of equity; '1' is all that the rule allows. */
  readonly initialMarginMax?: string;
  /** What maintenance margin may take of equity; below '1' is a cushion against a call. */
  readonly maintenanceMarginMax?: string;
  /** What the plan may take of the broker's buying power. */
  readonly buyingPowerMax?: string;
  /** Shares sold short have to be there to be borrowed. */
  readonly shortBorrow?: true;
  /** Day trading in a margin account, by the rule of the day; the day from which the broker applies the intraday rule, or null. */
  readonly dayTrading?: { readonly intradayRuleFrom: SessionDate | null };

  /** Largest distance of an order's price from its reference price, over that price. */
  readonly priceCollarMax?: string;
  /** Orders have to be priced within their LULD bands. */
  readonly luldBands?: true;
  /** No orders while the market or the name is halted. */
  readonly marketHalts?: true;
  /** No orders in names on the restricted list. */
  readonly restrictedList?: true;
  /** Lowest quality score of a name's data, for example '0.6'. */
  readonly dataQualityMin?: string;
  /** Greatest age of marks, book and whatever else is compared, in minutes. */
  readonly inputAgeMinutesMax?: string;

  /** Nothing is opened so many sessions before a report of earnings, or fewer. */
  readonly earningsBlackoutSessions?: number;
  /** Regimes in which the mandate trades; a mismatch warns, and refuses where the mandate is strict. */
  readonly regimes?: { readonly allowed: readonly string[]; readonly strict: boolean };
  /** Greatest age of the catalyst of a trade on the hot path, in hours. */
  readonly catalystAgeHoursMax?: string;
  /** What a trade must be expected to earn beyond its cost and its best alternative, in basis points. */
  readonly opportunityCostBpMin?: string;

  /** The same order again within so many seconds is a duplicate. */
  readonly duplicateWindowSeconds?: number;
  readonly orderRate?: { readonly account?: TokenBucket; readonly segment?: TokenBucket };
  readonly ordersPerDayMax?: number;
}
