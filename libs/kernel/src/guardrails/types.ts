import type { Instant } from '../calendar/index.js';
import type { Decimal } from '../money/index.js';
import type { Facts, Source } from './facts.js';
import type { GuardrailLimits } from './limits.js';

export type Side = 'buy' | 'sell';
export type Mode = 'live' | 'paper';

/** Every check there is. Whether one is made is a matter of the rule book; `HALT` and `TRADE_SHAPE` always are. */
export type CheckName =
  | 'HALT'
  | 'TRADE_SHAPE'
  | 'NOTIONAL_PER_NAME'
  | 'SECTOR_EXPOSURE'
  | 'LIQUIDITY'
  | 'GROSS_LEVERAGE'
  | 'NET_LEVERAGE'
  | 'STRATEGY_EXPOSURE'
  | 'POSITION_RISK'
  | 'VOLATILITY_SIZE'
  | 'FAT_FINGER'
  | 'CVAR'
  | 'EXPECTED_SHORTFALL'
  | 'STRESS'
  | 'BETA'
  | 'BOOK_CORRELATION'
  | 'DAILY_LOSS'
  | 'DRAWDOWN'
  | 'INITIAL_MARGIN'
  | 'MAINTENANCE_MARGIN'
  | 'BUYING_POWER'
  | 'SHORT_BORROW'
  | 'DAY_TRADING'
  | 'PRICE_COLLAR'
  | 'LULD_BANDS'
  | 'MARKET_HALT'
  | 'RESTRICTED_LIST'
  | 'DATA_QUALITY'
  | 'INPUT_AGE'
  | 'EARNINGS_BLACKOUT'
  | 'REGIME'
  | 'CATALYST'
  | 'OPPORTUNITY_COST'
  | 'DUPLICATE_INTENT'
  | 'ORDER_RATE'
  | 'ORDERS_PER_DAY';

/**
 * What a check that did not pass found. Stable: audit entries, alerts and people search for these. Those in small letters and
 * `OPPORTUNITY_COST_FAIL` are reason codes that the requirements spell so.
 */
export type FindingCode =
  | 'POSITION_SIZE_EXCEEDED'
  | 'SECTOR_EXPOSURE_EXCEEDED'
  | 'SECTOR_UNKNOWN'
  | 'LIQUIDITY_BELOW_THRESHOLD'
  | 'INSUFFICIENT_VOLUME_DATA'
  | 'HALTED'
  | 'MISSING_MARK'
  | 'MISSING_EQUITY'
  | 'EQUITY_NOT_POSITIVE'
  | 'INVALID_QUANTITY'
  | 'CHECK_ERROR'
  | 'GROSS_LEVERAGE_EXCEEDED'
  | 'NET_LEVERAGE_EXCEEDED'
  | 'STRATEGY_EXPOSURE_EXCEEDED'
  | 'MISSING_STRATEGY'
  | 'MISSING_STOP'
  | 'VOLATILITY_SIZE_EXCEEDED'
  | 'MISSING_VOLATILITY'
  | 'ORDER_TOO_LARGE'
  | 'cvar_breach'
  | 'EXPECTED_SHORTFALL_EXCEEDED'
  | 'STRESS_LOSS_EXCEEDED'
  | 'BETA_EXCEEDED'
  | 'BOOK_CORRELATION_EXCEEDED'
  | 'MISSING_HISTORY'
  | 'INSUFFICIENT_HISTORY'
  | 'INSUFFICIENT_TAIL'
  | 'MISSING_SENSITIVITY'
  | 'DAILY_LOSS_EXCEEDED'
  | 'DRAWDOWN_EXCEEDED'
  | 'INITIAL_MARGIN_EXCEEDED'
  | 'EQUITY_BELOW_MINIMUM'
  | 'MAINTENANCE_MARGIN_EXCEEDED'
  | 'BUYING_POWER_EXCEEDED'
  | 'MISSING_BUYING_POWER'
  | 'SHORT_NOT_BORROWABLE'
  | 'MISSING_BORROW'
  | 'DAY_TRADE_LIMIT'
  | 'DAY_TRADE_WARNING'
  | 'INTRADAY_MARGIN_DEFICIT'
  | 'MISSING_TRADING_DAY'
  | 'PRICE_COLLAR_EXCEEDED'
  | 'LULD_BAND_EXCEEDED'
  | 'MISSING_BANDS'
  | 'MARKET_HALTED'
  | 'SYMBOL_HALTED'
  | 'MISSING_MARKET_STATE'
  | 'RESTRICTED_SYMBOL'
  | 'MISSING_RESTRICTED_LIST'
  | 'data_quality'
  | 'MISSING_QUALITY'
  | 'STALE_INPUT'
  | 'MISSING_TIME'
  | 'EARNINGS_TOO_NEAR'
  | 'MISSING_EARNINGS_DATE'
  | 'REGIME_MISMATCH'
  | 'REGIME_UNKNOWN'
  | 'CATALYST_STALE'
  | 'CATALYST_IN_FUTURE'
  | 'MISSING_CATALYST'
  | 'OPPORTUNITY_COST_FAIL'
  | 'MISSING_EXPECTATION'
  | 'DUPLICATE_ORDER'
  | 'ORDER_RATE_EXCEEDED'
  | 'ORDERS_PER_DAY_EXCEEDED'
  | 'MISSING_ORDER_COUNT';

export type Severity = 'CRITICAL' | 'WARNING' | 'INFO';

export type Unit =
  | 'fraction_of_equity'
  | 'fraction_of_adv'
  | 'fraction_of_price'
  | 'fraction_of_buying_power'
  | 'fraction'
  | 'currency'
  | 'shares'
  | 'correlation'
  | 'score'
  | 'minutes'
  | 'hours'
  | 'seconds'
  | 'sessions'
  | 'basis_points'
  | 'orders'
  | 'price'
  | 'day_trades'
  | 'regime'
  | 'flag';

/** A number that was looked at, as it was: written only where somebody is told of it. */
export type Input = Decimal | number | string | null;

/** What came of it for the trade: cut, refused, or let through because it only reduces. */
export type ReasonCode = 'position_scaled' | 'trade_refused' | 'reducing_trade';

/** One check of one trade (or of the plan, without `symbol`), with the two numbers that were compared. */
export interface CheckResult {
  readonly check: CheckName;
  /** The check's name where it passed, what it found where it did not. */
  readonly code: CheckName | FindingCode;
  readonly symbol?: string;
  readonly message: string;
  readonly severity: Severity;
  readonly status: 'passed' | 'failed' | 'not_evaluated';
  /** In `unit`, of the quantity that was asked for; null where it could not be computed. */
  readonly observed: string | null;
  readonly limit: string | null;
  readonly unit: Unit;
  /** The oldest moment of what was compared; null where it is not known of all of it. */
  readonly asOf: Instant | null;
  /** What `observed` was computed from, by name. */
  readonly inputs: Readonly<Record<string, Input>>;
  readonly reasonCode?: ReasonCode;
  /** `limits.version`: the rule book the check was judged by. */
  readonly ruleVersion: string;
}

/**
 * What a plan wants to do with one name. Fields beyond these travel through `judgePlan` untouched; those below the quantity are looked at only
 * by the checks that need them.
 */
export interface PlannedTrade {
  readonly symbol: string;
  readonly side: Side;
  /** Shares, above zero. */
  readonly quantity: Decimal;
  /** Price of a limit order; without it the order is for the market. */
  readonly price?: Decimal;
  /** Price at which the position is given up. */
  readonly stop?: Decimal;
  /** What part of the trade each strategy asked for. */
  readonly strategies?: Readonly<Record<string, number>>;
  /** When the news came that a trade on the hot path acts on, null where that is not known; left out off the hot path. */
  readonly catalystAt?: Instant | null;
  /** The exchange's segment that the order goes to. */
  readonly segment?: string;
  /** Orders it is sent as; 1 unless given. */
  readonly orders?: number;
  /** What the trade is expected to earn and to cost, and what its best alternative would earn after its own cost. */
  readonly expectedBp?: number;
  readonly costBp?: number;
  readonly alternativeBp?: number;
}

/** Shares held: above zero long, below zero short. */
export interface HeldPosition {
  readonly symbol: string;
  readonly quantity: Decimal;
}

/** An order still working at the venue; `quantity` is what remains of it, above zero. */
export interface WorkingOrder {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Decimal;
}

/** Everything a judgement looks at. A symbol that a map does not have is missing data, never a zero. */
export interface PlanInput<T extends PlannedTrade> {
  readonly trades: readonly T[];
  readonly positions: readonly HeldPosition[];
  readonly working: readonly WorkingOrder[];
  /** Price a share, above zero. */
  readonly marks: ReadonlyMap<string, Decimal>;
  /** Account equity in the currency of the marks; null when it is not known. */
  readonly equity: Decimal | null;
  readonly sectors: ReadonlyMap<string, string>;
  /** 20-session average daily volume in shares. */
  readonly adv: ReadonlyMap<string, Decimal>;
  readonly limits: GuardrailLimits;
  readonly mode: Mode;
  readonly halted: boolean;
  /** The moment of the judgement; without it nothing that has an age or a rate can be checked. */
  readonly now?: Instant;
  /** When what each source tells was so. */
  readonly asOf?: Readonly<Partial<Record<Source, Instant>>>;
  readonly facts?: Facts;
  /** Trimmed quantities are whole multiples of it; 1 unless given. */
  readonly lotSize?: Decimal;
}

/** A quantity that was cut: to a smaller one (`position_scaled`) or to zero (`trade_refused`). */
export interface Trim {
  readonly symbol: string;
  readonly side: Side;
  readonly from: Decimal;
  readonly to: Decimal;
  readonly reasonCode: 'position_scaled' | 'trade_refused';
  /** The finding of the check that allowed least, with its numbers. */
  readonly code: CheckResult['code'];
  readonly observed: string | null;
  readonly limit: string | null;
}

/** The judgement of a plan: `trades` + what `trims` took away = the plan as it was proposed. */
export interface PlanJudgement<T extends PlannedTrade> {
  readonly verdict: 'approved' | 'trimmed' | 'vetoed';
  /** What may be executed, in the order of the plan; trades cut to zero are gone. */
  readonly trades: T[];
  readonly checks: CheckResult[];
  readonly trims: Trim[];
}
