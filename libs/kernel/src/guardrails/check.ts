import type { Instant } from '../calendar/index.js';
import { Decimal, decimal } from '../money/index.js';
import type { Holding, Room } from './exposure.js';
import type { Facts, Source } from './facts.js';
import type { GuardrailLimits } from './limits.js';
import type { Portfolio } from './portfolio.js';
import { tellDecimal } from './ratio.js';
import type { Ratio } from './ratio.js';
import type {
  CheckName,
  CheckResult,
  FindingCode,
  Input,
  Mode,
  PlanInput,
  PlannedTrade,
  Severity,
  Side,
  Unit,
} from './types.js';

/** A trade that can be valued in an account that has equity above zero. */
export interface Valued {
  readonly mark: Decimal;
  /** The name's worst exposure after the trade, in money. */
  readonly exposureAfter: Decimal;
  readonly equity: Decimal;
}

/** All that the checks of one trade look at. null is missing data. */
export interface TradeContext {
  readonly trade: PlannedTrade;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Decimal;
  /** Quantity, mark and equity also in floating point, for statistics and for what is told. */
  readonly quantityNumber: number;
  readonly markNumber: number;
  readonly equityNumber: number;
  readonly holding: Holding;
  /** Shares that the trade can have and still only close what is held. */
  readonly reducible: Decimal;
  /** Whether it does nothing else. */
  readonly reducing: boolean;
  readonly mark: Decimal | null;
  /** The name's worst exposure after the trade, in money; null without a mark. */
  readonly exposureAfter: Decimal | null;
  readonly equity: Decimal | null;
  /** The three together where all are there, and equity is above zero. */
  readonly valued: Valued | null;
  readonly sector: string | null;
  readonly adv: Decimal | null;
  readonly mode: Mode;
  readonly now: Instant | null;
  readonly facts: Facts;
  /** The book with the trades that were let through so far. */
  readonly portfolio: Portfolio;
}

/** A guardrail as data: a name, what its numbers are, and a pure rule. An exception in the rule refuses the trade. */
export interface Check<L> {
  readonly name: CheckName;
  /** Of a failure. Only a CRITICAL one cuts a trade, and what a CRITICAL check cannot tell it refuses. */
  readonly severity: Severity;
  readonly unit: Unit;
  readonly reads: readonly Source[];
  /** The limit in a rule book, with what else is the same for all trades of a plan; undefined where the check is off. Throws where it cannot be read. */
  readonly limit: (limits: GuardrailLimits, plan: PlanInput<PlannedTrade>) => L | undefined;
  readonly rule: (context: TradeContext, limit: L) => Outcome;
}

/** What a rule found, before it is put in words. */
export interface Outcome {
  /** `unknown` where the rule could not tell: failed for a CRITICAL check, not evaluated for others. */
  readonly status: CheckResult['status'] | 'unknown';
  /** Set exactly where the check did not pass. */
  readonly code?: FindingCode;
  readonly severity?: Severity;
  readonly reducing?: true;
  readonly observed: string | null;
  readonly limit: string | null;
  readonly inputs?: Readonly<Record<string, Input>> | undefined;
  readonly room: Room;
  readonly says: string;
}

/** A limit, parsed once a plan. */
export interface Bound extends Ratio {
  readonly value: Decimal;
  readonly number: number;
}

/** What a check says of the quantity asked for, and how far it would let the trade go. */
export interface Finding {
  readonly result: CheckResult;
  readonly room: Room;
}

/** A check that a rule book switches on; `limit` is what its rule is given. */
export interface ActiveCheck {
  readonly check: Check<unknown>;
  readonly limit: unknown;
  /** Why the limit cannot be read; every trade is refused then. */
  readonly error: unknown;
  readonly asOf: Instant | null;
}

export const ANY: Room = { kind: 'any' };
export const REFUSE: Room = { kind: 'none' };
export const ONLY_REDUCE: Room = { kind: 'exposure', value: new Decimal(0) };

/** Forgets what a check's limit is, so that checks of all kinds stand in one list. */
export const row = <L>(check: Check<L>): Check<unknown> => check as Check<unknown>;

/** Parses a limit. @throws KernelError INVALID_DECIMAL. */
export function boundOf(text: string): Bound {
  const value = decimal(text);
  return { value, number: value.toNumber(), ...tellDecimal(value) };
}

/** Reads the limit of a check that is one decimal string. */
export const boundAt =
  (of: (limits: GuardrailLimits) => string | undefined) =>
  (limits: GuardrailLimits): Bound | undefined => {
    const text = of(limits);
    return text === undefined ? undefined : boundOf(text);
  };

/** The checks that the rule book of a plan switches on. */
export function activeChecks(checks: readonly Check<unknown>[], plan: PlanInput<PlannedTrade>): ActiveCheck[] {
  const { limits, asOf = {} } = plan;
  return checks.flatMap((check): ActiveCheck[] => {
    try {
      const limit = check.limit(limits, plan);
      return limit === undefined ? [] : [{ check, limit, error: null, asOf: oldestOf(check.reads, asOf) }];
    } catch (error) {
      return [{ check, limit: null, error, asOf: null }];
    }
  });
}

/** The oldest moment of some sources; null where one of them is not known. */
export function oldestOf(sources: readonly Source[], asOf: Readonly<Partial<Record<Source, Instant>>>): Instant | null {
  const moments = sources.map((source) => asOf[source]);
  if (moments.length === 0 || moments.includes(undefined)) return null;
  return (moments as Instant[]).reduce((a, b) => (a < b ? a : b));
}

/** Runs one check. Whatever the rule throws becomes a failed CRITICAL result: what cannot be checked is not traded. */
export function runCheck(active: ActiveCheck, context: TradeContext, ruleVersion: string): Finding {
  const { check, limit, error } = active;
  try {
    if (error !== null) throw error;
    return findingOf(active, context, check.rule(context, limit), ruleVersion);
  } catch (thrown) {
    return errorFinding(check.name, check.unit, context.symbol, ruleVersion, thrown);
  }
}

function findingOf(
  { check, asOf }: ActiveCheck,
  context: TradeContext,
  outcome: Outcome,
  ruleVersion: string,
): Finding {
  const unknown = outcome.status === 'unknown';
  const status = !unknown ? outcome.status : check.severity === 'CRITICAL' ? 'failed' : 'not_evaluated';
  const severity =
    outcome.severity ?? (status === 'failed' ? check.severity : status === 'passed' ? 'INFO' : 'WARNING');
  const result: CheckResult = {
    check: check.name,
    code: outcome.code ?? check.name,
    symbol: context.symbol,
    message: `${context.symbol}: ${outcome.says}`,
    severity,
    status,
    observed: outcome.observed,
    limit: outcome.limit,
    unit: check.unit,
    asOf,
    inputs: outcome.inputs ?? NO_INPUTS,
    ruleVersion,
  };
  const told = outcome.reducing ? { ...result, reasonCode: 'reducing_trade' as const } : result;
  return { result: told, room: status === 'failed' && severity !== 'CRITICAL' ? ANY : outcome.room };
}

const NO_INPUTS = Object.freeze({});

/** The finding for a trade that could not be looked at because of an exception. */
export function errorFinding(
  check: CheckName,
  unit: Unit,
  symbol: string,
  ruleVersion: string,
  error: unknown,
): Finding {
  const cause = error instanceof Error ? error.message : String(error);
  const message = `${symbol}: the check could not be made (${cause}); the trade is refused until its input is repaired`;
  return {
    result: {
      ...{ check, code: 'CHECK_ERROR', symbol, message, severity: 'CRITICAL', status: 'failed', unit, ruleVersion },
      ...{ observed: null, limit: null, asOf: null, inputs: NO_INPUTS },
    },
    room: REFUSE,
  };
}

/** The check of the whole plan against the halt: one result, without a symbol. */
export function halt(halted: boolean, ruleVersion: string): CheckResult {
  const numbers = { observed: String(halted), limit: 'false', unit: 'flag', asOf: null, inputs: NO_INPUTS } as const;
  const about = { check: 'HALT', ...numbers, ruleVersion } as const;
  return halted
    ? {
        ...about,
        status: 'failed',
        severity: 'CRITICAL',
        code: 'HALTED',
        message: 'trading is halted; no trade is let through until the halt is lifted',
      }
    : { ...about, code: 'HALT', status: 'passed', severity: 'INFO', message: 'trading is not halted' };
}
