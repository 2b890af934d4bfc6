import type { Decimal } from '../money/index.js';

export type Side = 'buy' | 'sell';
export type Mode = 'live' | 'paper';
export type CheckName = 'NOTIONAL_PER_NAME' | 'SECTOR_EXPOSURE' | 'LIQUIDITY' | 'HALT' | 'TRADE_SHAPE';

/** What a check that did not pass found. Stable: audit entries, alerts and people search for these. */
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
  | 'CHECK_ERROR';

/** What came of it for the trade: cut, refused, or let through because it only reduces. */
export type ReasonCode = 'position_scaled' | 'trade_refused' | 'reducing_trade';

/** One check of one trade (or of the plan, without `symbol`), with the two numbers that were compared. */
export interface CheckResult {
  readonly check: CheckName;
  /** The check's name where it passed, what it found where it did not. */
  readonly code: CheckName | FindingCode;
  readonly symbol?: string;
  readonly message: string;
  readonly severity: 'CRITICAL' | 'WARNING' | 'INFO';
  readonly status: 'passed' | 'failed' | 'not_evaluated';
  /** Decimal string in `unit`, of the quantity that was asked for; null where it could not be computed. */
  readonly observed: string | null;
  readonly limit: string | null;
  readonly unit: 'fraction_of_equity' | 'fraction_of_adv' | 'shares' | 'flag';
  readonly reasonCode?: ReasonCode;
  /** `limits.version`: the rule book the check was judged by. */
  readonly ruleVersion: string;
}

/** What a plan wants to do with one name. Fields beyond these travel through `judgePlan` untouched. */
export interface PlannedTrade {
  readonly symbol: string;
  readonly side: Side;
  /** Shares, above zero. */
  readonly quantity: Decimal;
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

/** Limits as decimal strings. Equality with a limit passes. */
export interface GuardrailLimits {
  readonly version: string;
  /** Largest position in one name over equity, for example '0.10'. */
  readonly notionalPerNameMax: string;
  /** Largest gross exposure of one sector over equity, for example '0.30'. */
  readonly sectorGrossMax: string;
  /** Largest order over average daily volume, for example '0.05'. */
  readonly advFractionMax: string;
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
