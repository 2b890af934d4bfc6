import { Decimal } from '../money/index.js';
import { activeChecks, errorFinding, halt, runCheck } from './check.js';
import type { ActiveCheck, Finding, TradeContext } from './check.js';
import { TRADE_CHECKS } from './checks.js';
import { afterTrade, largestPassing, reducibleQuantity, worstExposure } from './exposure.js';
import type { Room } from './exposure.js';
import type { Facts } from './facts.js';
import { Portfolio } from './portfolio.js';
import type { CheckResult, HeldPosition, PlanInput, PlanJudgement, PlannedTrade, Trim } from './types.js';

const ZERO = new Decimal(0);
const ONE_SHARE = new Decimal(1);
const NO_FACTS: Facts = {};

/**
 * Judges a plan trade by trade and trims before it refuses, by the checks whose limits the rule book has.
 *
 * Order: sells against a long position, then buys against a short one, then the rest, each by symbol and then by place
 * in the plan; every trade sees the ones let through before it. (Trimming never changes this order, so a plan judged a
 * second time meets the same numbers and passes.) All checks of all trades run and are reported, each with the quantity
 * that was asked for. A trade that fails is cut to the largest whole number of lots that passes all of them; one that
 * cannot be checked (no mark, no equity, no volume, an exception) is refused. A trade that only reduces is never cut by
 * an exposure limit, also where that limit is already breached.
 *
 * Vetoed: trading is halted (an empty plan too), or no trade of a non-empty plan is left. Approved: nothing was cut; an
 * empty plan is.
 */
export function judgePlan<T extends PlannedTrade>(input: PlanInput<T>): PlanJudgement<T> {
  const { trades, positions, limits, halted } = input;
  const portfolio = new Portfolio(input);
  const active = activeChecks(TRADE_CHECKS, input);
  const checks: CheckResult[] = [halt(halted, limits.version)];
  const trims: Trim[] = [];
  const passed = new Map<number, T>();
  for (const index of judgingOrder(trades, positions)) {
    const trade = trades[index]!;
    const { quantity, results, trim } = judgeTrade(trade, portfolio, active, input);
    checks.push(...results);
    if (trim !== null) trims.push(trim);
    if (!quantity.greaterThan(0)) continue;
    const kept = trim === null ? trade : { ...trade, quantity };
    portfolio.accept({ ...kept, quantity });
    passed.set(index, kept);
  }
  const kept = trades.flatMap((_, index) => passed.get(index) ?? []);
  const vetoed = halted || (trades.length > 0 && kept.length === 0);
  return { verdict: vetoed ? 'vetoed' : trims.length > 0 ? 'trimmed' : 'approved', trades: kept, checks, trims };
}

function judgingOrder(trades: readonly PlannedTrade[], positions: readonly HeldPosition[]): number[] {
  const held = new Map<string, Decimal>();
  for (const { symbol, quantity } of positions) held.set(symbol, (held.get(symbol) ?? ZERO).plus(quantity));
  const rank = trades.map(({ symbol, side }) => {
    const position = held.get(symbol) ?? ZERO;
    if (side === 'sell' && position.greaterThan(0)) return 0;
    return side === 'buy' && position.lessThan(0) ? 1 : 2;
  });
  return [...trades.keys()].sort((a, b) => {
    const [left, right] = [trades[a]!.symbol, trades[b]!.symbol];
    return rank[a]! - rank[b]! || (left < right ? -1 : left > right ? 1 : a - b);
  });
}

interface TradeJudgement {
  readonly quantity: Decimal;
  readonly results: readonly CheckResult[];
  readonly trim: Trim | null;
}

function judgeTrade(
  trade: PlannedTrade,
  portfolio: Portfolio,
  active: readonly ActiveCheck[],
  input: PlanInput<PlannedTrade>,
): TradeJudgement {
  const { symbol } = trade;
  const ruleVersion = input.limits.version;
  try {
    // Rounded by the settings of the kernel from here on, whichever decimal.js made it.
    const quantity = new Decimal(trade.quantity);
    if (!quantity.isFinite() || !quantity.greaterThan(0)) return refusal(trade, shapeFinding(trade, ruleVersion));
    const context = contextOf(trade, quantity, portfolio, input);
    const findings = active.map((check) => runCheck(check, context, ruleVersion));
    const untouched = { quantity, results: findings.map(({ result }) => result), trim: null };
    if (input.halted) return { quantity: ZERO, results: resultsOf(findings, 'trade_refused'), trim: haltTrim(trade) };
    if (!findings.some(({ result }) => refuses(result))) return untouched;
    const lotSize = input.lotSize ?? ONE_SHARE;
    const allow = (rooms: readonly Room[]): Decimal =>
      largestPassing(context.holding, trade.side, quantity, context.mark, rooms, lotSize);
    const allowed = allow(findings.map((finding) => finding.room));
    const trim = trimTo(trade, allowed, tightest(findings, allow));
    return { quantity: allowed, results: resultsOf(findings, trim.reasonCode), trim };
  } catch (error) {
    return refusal(trade, errorFinding('TRADE_SHAPE', 'shares', symbol, ruleVersion, error));
  }
}

function contextOf(
  trade: PlannedTrade,
  quantity: Decimal,
  portfolio: Portfolio,
  input: PlanInput<PlannedTrade>,
): TradeContext {
  const { symbol, side } = trade;
  const holding = portfolio.book.holding(symbol);
  const mark = portfolio.book.mark(symbol);
  const reducible = reducibleQuantity(holding, side);
  const equity = input.equity === null ? null : new Decimal(input.equity);
  const exposureAfter = mark === null ? null : worstExposure(afterTrade(holding, side, quantity)).times(mark);
  const valuable = equity !== null && equity.isFinite() && equity.greaterThan(0);
  return {
    trade,
    symbol,
    side,
    quantity,
    quantityNumber: quantity.toNumber(),
    markNumber: mark?.toNumber() ?? Number.NaN,
    equityNumber: equity?.toNumber() ?? Number.NaN,
    holding,
    reducible,
    reducing: quantity.lessThanOrEqualTo(reducible),
    mark,
    exposureAfter,
    equity,
    valued: mark !== null && exposureAfter !== null && valuable ? { mark, exposureAfter, equity } : null,
    sector: input.sectors.get(symbol) ?? null,
    adv: input.adv.get(symbol) ?? null,
    mode: input.mode,
    now: input.now ?? null,
    facts: input.facts ?? NO_FACTS,
    portfolio,
  };
}

/** The failed finding that allows the smallest quantity by itself; the first of them among equals. */
function tightest(findings: readonly Finding[], allow: (rooms: readonly Room[]) => Decimal): Finding {
  const failed = findings.filter(({ result }) => refuses(result));
  const allowances = failed.map((finding) => allow([finding.room]));
  const least = allowances.findIndex((allowance) => allowances.every((other) => allowance.lessThanOrEqualTo(other)));
  return failed[least]!;
}

function trimTo({ symbol, side, quantity }: PlannedTrade, to: Decimal, { result }: Finding): Trim {
  return {
    ...{ symbol, side, from: quantity, to },
    reasonCode: to.isZero() ? 'trade_refused' : 'position_scaled',
    code: result.code,
    observed: result.observed,
    limit: result.limit,
  };
}

function haltTrim({ symbol, side, quantity }: PlannedTrade): Trim {
  const about = { reasonCode: 'trade_refused', code: 'HALTED', observed: 'true', limit: 'false' } as const;
  return { symbol, side, from: quantity, to: ZERO, ...about };
}

function refusal(trade: PlannedTrade, finding: Finding): TradeJudgement {
  return { quantity: ZERO, results: resultsOf([finding], 'trade_refused'), trim: trimTo(trade, ZERO, finding) };
}

/** The results of the checks, those that failed with what came of it. */
function resultsOf(findings: readonly Finding[], reasonCode: Trim['reasonCode']): CheckResult[] {
  return findings.map(({ result }) => (refuses(result) ? { ...result, reasonCode } : result));
}

const refuses = ({ status, severity }: CheckResult): boolean => status === 'failed' && severity === 'CRITICAL';

function shapeFinding({ symbol, quantity }: PlannedTrade, ruleVersion: string): Finding {
  const result: CheckResult = {
    ...{
      check: 'TRADE_SHAPE',
      code: 'INVALID_QUANTITY',
      symbol,
      severity: 'CRITICAL',
      status: 'failed',
      unit: 'shares',
      ruleVersion,
    },
    ...{ observed: quantity.isFinite() ? quantity.toFixed() : null, limit: '0', asOf: null, inputs: {} },
    message: `${symbol}: the quantity ${quantity.toString()} is not above zero; the side says which way a trade goes`,
  };
  return { result, room: { kind: 'none' } };
}
