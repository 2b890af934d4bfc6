import { Decimal, decimal, formatDecimal } from '../money/index.js';
import { afterTrade, reducibleQuantity, worstExposure } from './exposure.js';
import type { Holding, Room } from './exposure.js';
import type { CheckName, CheckResult, FindingCode, GuardrailLimits, Mode, Side } from './types.js';

/** All that the checks of one trade look at. null is missing data. */
export interface TradeContext {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly holding: Holding;
  readonly mark: Decimal | null;
  readonly equity: Decimal | null;
  readonly sector: string | null;
  /** Gross exposure of the rest of the sector in money; null when some name in it cannot be priced. */
  readonly sectorOthers: Decimal | null;
  readonly adv: Decimal | null;
  /** Shares of this name that earlier trades of the plan take from the day's volume. */
  readonly planned: Decimal;
  readonly limits: GuardrailLimits;
  readonly mode: Mode;
}

/** What a check says of the quantity asked for, and how far it would let the trade go. */
export interface Finding {
  readonly result: CheckResult;
  readonly room: Room;
}

/** A guardrail as data: its name, its unit and a pure rule. An exception in the rule refuses the trade. */
export interface Check {
  readonly name: CheckName;
  readonly unit: CheckResult['unit'];
  readonly rule: (context: TradeContext) => Outcome;
}

interface Outcome {
  readonly status: CheckResult['status'];
  /** Set exactly where the check did not pass. */
  readonly code?: FindingCode;
  readonly reducing?: true;
  readonly observed: Decimal | null;
  readonly limit: Decimal | null;
  readonly room: Room;
  readonly says: string;
}

const ZERO = new Decimal(0);
const REFUSE: Room = { kind: 'none' };
const ONLY_REDUCE: Room = { kind: 'exposure', value: ZERO };
/** Fractions are shown to 1e-10, rounded up, so that what is shown as equal to a limit has not exceeded it. */
const FRACTION_PLACES = 10;

/** Worst position after the trade, working orders included, over equity (limit `notionalPerNameMax`). */
export const notionalPerName: Check = {
  name: 'NOTIONAL_PER_NAME',
  unit: 'fraction_of_equity',
  rule: (context) => {
    const limit = decimal(context.limits.notionalPerNameMax);
    return exposureOutcome(context, limit, ZERO, 'POSITION_SIZE_EXCEEDED', 'the position');
  },
};

/**
 * Gross exposure of the sector after the trade, working orders included, over equity (limit `sectorGrossMax`). An
 * unknown sector is refused in live mode and marked `not_evaluated` on paper.
 */
export const sectorExposure: Check = {
  name: 'SECTOR_EXPOSURE',
  unit: 'fraction_of_equity',
  rule: (context) => {
    const limit = decimal(context.limits.sectorGrossMax);
    if (context.sector !== null) {
      const what = `sector ${context.sector}`;
      return exposureOutcome(context, limit, context.sectorOthers, 'SECTOR_EXPOSURE_EXCEEDED', what);
    }
    const unknown = { observed: null, limit };
    if (context.mode === 'paper') {
      const says = 'the sector is not known, so its exposure was not checked (paper)';
      return { ...unknown, status: 'not_evaluated', code: 'SECTOR_UNKNOWN', room: { kind: 'any' }, says };
    }
    if (isReducing(context)) {
      const says = 'the sector is not known, and the trade only reduces';
      return { ...unknown, status: 'passed', reducing: true, room: ONLY_REDUCE, says };
    }
    const says = 'the sector is not known; import a sector for the symbol before trading it live';
    return { ...unknown, status: 'failed', code: 'SECTOR_UNKNOWN', room: ONLY_REDUCE, says };
  },
};

/** Shares this plan trades of the name over its 20-session average daily volume (limit `advFractionMax`). */
export const liquidity: Check = {
  name: 'LIQUIDITY',
  unit: 'fraction_of_adv',
  rule: ({ quantity, planned, adv, limits }) => {
    const limit = decimal(limits.advFractionMax);
    if (adv === null || !adv.isFinite() || adv.isNegative()) {
      const says = 'the average daily volume is not known; at least 15 of the last 20 sessions need a volume';
      return { status: 'failed', code: 'INSUFFICIENT_VOLUME_DATA', observed: null, limit, room: REFUSE, says };
    }
    const total = planned.plus(quantity);
    const most = limit.times(adv);
    const observed = adv.isZero() ? null : total.div(adv);
    const room: Room = { kind: 'quantity', max: Decimal.max(ZERO, most.minus(planned)) };
    const passed = total.lessThanOrEqualTo(most);
    const says = `${share(observed)} of average daily volume against a limit of ${share(limit)}`;
    return passed
      ? { status: 'passed', observed, limit, room, says }
      : { status: 'failed', code: 'LIQUIDITY_BELOW_THRESHOLD', observed, limit, room, says };
  },
};

/** The checks of every trade, in the order in which they are reported. */
export const TRADE_CHECKS: readonly Check[] = [notionalPerName, sectorExposure, liquidity];

/** Runs one check. Whatever the rule throws becomes a failed CRITICAL result: what cannot be checked is not traded. */
export function runCheck(check: Check, context: TradeContext): Finding {
  try {
    const outcome = check.rule(context);
    return { result: resultOf(check, context, outcome), room: outcome.room };
  } catch (error) {
    return errorFinding(check.name, check.unit, context.symbol, context.limits.version, error);
  }
}

/** The finding for a trade that could not be looked at because of an exception. */
export function errorFinding(
  check: CheckName,
  unit: CheckResult['unit'],
  symbol: string,
  ruleVersion: string,
  error: unknown,
): Finding {
  const cause = error instanceof Error ? error.message : String(error);
  const message = `${symbol}: the check could not be made (${cause}); the trade is refused until its input is repaired`;
  return {
    result: {
      ...{ check, code: 'CHECK_ERROR', symbol, message, severity: 'CRITICAL', status: 'failed', unit, ruleVersion },
      ...{ observed: null, limit: null },
    },
    room: REFUSE,
  };
}

/** The check of the whole plan against the halt: one result, without a symbol. */
export function halt(halted: boolean, ruleVersion: string): CheckResult {
  const about = { check: 'HALT', observed: String(halted), limit: 'false', unit: 'flag', ruleVersion } as const;
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

function exposureOutcome(
  context: TradeContext,
  limit: Decimal,
  others: Decimal | null,
  exceeded: FindingCode,
  what: string,
): Outcome {
  const { mark, equity, holding, side, quantity } = context;
  if (mark === null) {
    const says = 'no mark above zero; a trade that cannot be valued is refused';
    return { status: 'failed', code: 'MISSING_MARK', observed: null, limit, room: REFUSE, says };
  }
  if (equity === null || !equity.isFinite()) {
    const says = 'the equity of the account is not known; nothing can be measured against it';
    return { status: 'failed', code: 'MISSING_EQUITY', observed: null, limit, room: REFUSE, says };
  }
  const reducing = isReducing(context);
  if (others === null || !equity.greaterThan(0)) {
    const code = others === null ? 'MISSING_MARK' : 'EQUITY_NOT_POSITIVE';
    const cause = others === null ? `another name of ${what} has no mark` : 'equity is not above zero';
    return reducing
      ? reducingOutcome(null, limit, ONLY_REDUCE, `${cause}, and the trade only reduces`)
      : {
          status: 'failed',
          code,
          observed: null,
          limit,
          room: ONLY_REDUCE,
          says: `${cause}; only reducing trades pass`,
        };
  }
  const most = limit.times(equity);
  const value = others.plus(worstExposure(afterTrade(holding, side, quantity)).times(mark));
  const observed = value.div(equity);
  const room: Room = { kind: 'exposure', value: most.minus(others) };
  const says = `${what} would be ${share(observed)} of equity against a limit of ${share(limit)}`;
  if (value.lessThanOrEqualTo(most)) return { status: 'passed', observed, limit, room, says };
  if (reducing) return reducingOutcome(observed, limit, room, `${says}, and the trade only reduces it`);
  return { status: 'failed', code: exceeded, observed, limit, room, says };
}

function reducingOutcome(observed: Decimal | null, limit: Decimal, room: Room, says: string): Outcome {
  return { status: 'passed', reducing: true, observed, limit, room, says };
}

function isReducing({ holding, side, quantity }: TradeContext): boolean {
  return quantity.lessThanOrEqualTo(reducibleQuantity(holding, side));
}

function resultOf(check: Check, { symbol, limits }: TradeContext, outcome: Outcome): CheckResult {
  return {
    check: check.name,
    code: outcome.code ?? check.name,
    symbol,
    message: `${symbol}: ${outcome.says}`,
    severity: outcome.status === 'failed' ? 'CRITICAL' : outcome.status === 'passed' ? 'INFO' : 'WARNING',
    status: outcome.status,
    observed: fraction(outcome.observed),
    limit: fraction(outcome.limit),
    unit: check.unit,
    ...(outcome.reducing ? { reasonCode: 'reducing_trade' as const } : {}),
    ruleVersion: limits.version,
  };
}

function fraction(value: Decimal | null): string | null {
  if (value === null || !value.isFinite()) return null;
  return formatDecimal(value.toDecimalPlaces(FRACTION_PLACES, Decimal.ROUND_UP));
}

function share(value: Decimal | null): string {
  if (value === null || !value.isFinite()) return 'an unknown part';
  return `${formatDecimal(value.times(100).toDecimalPlaces(4, Decimal.ROUND_UP))} %`;
}
