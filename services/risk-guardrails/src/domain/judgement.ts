import type { Check, Mode, Trade, Trim } from '@ballast/contracts';
import { judgePlan, type CheckResult, type GuardrailLimits } from '@ballast/kernel/guardrails';
import { Decimal, decimal, formatDecimal, sum } from '@ballast/kernel/money';
import type { BookView } from './book-view.js';

/** What the guardrails say of some trades, as it is told. */
export interface Judgement {
  readonly verdict: 'approved' | 'trimmed' | 'vetoed';
  /** What may be executed. */
  readonly trades: readonly Trade[];
  /** Every check that did not pass, then one row a code for those that did. */
  readonly checks: readonly Check[];
  readonly trims: readonly Trim[];
  /** Why nothing may be executed; empty unless vetoed. */
  readonly codes: readonly string[];
}

export interface Circumstances {
  readonly limits: GuardrailLimits;
  readonly mode: Mode;
  readonly halted: boolean;
}

/** Judges trades against a book, trims before it refuses, and puts the result in the words of the contracts. */
export function judge(view: BookView, trades: readonly Trade[], { limits, mode, halted }: Circumstances): Judgement {
  const {
    verdict,
    trades: kept,
    checks,
    trims,
  } = judgePlan({
    ...{ limits, mode, halted, positions: view.positions, working: view.working },
    ...{ marks: view.prices, sectors: view.sectors, adv: view.adv, equity: view.equity },
    trades: trades.map((trade) => ({
      trade,
      symbol: trade.symbol,
      side: trade.side,
      quantity: decimal(trade.quantity),
    })),
  });
  return {
    verdict,
    trades: verdict === 'vetoed' ? [] : kept.map(({ trade, quantity }) => sized(trade, quantity)),
    checks: inReportOrder(checks.map(checkRow)),
    trims: trims.map(({ symbol, code, from, to, observed, limit }) => ({
      ...{ symbol, code, observed, limit, from: formatDecimal(from), to: formatDecimal(to) },
    })),
    codes: verdict !== 'vetoed' ? [] : halted ? ['HALTED'] : [...new Set(trims.map(({ code }) => code))].sort(),
  };
}

/** Refuses everything for a reason that no check of a trade would find. */
export function refuse(finding: Omit<Check, 'status' | 'severity'>): Judgement {
  const check: Check = { ...finding, status: 'failed', severity: 'CRITICAL' };
  return { verdict: 'vetoed', trades: [], checks: [check], trims: [], codes: [finding.code] };
}

/** The value of some trades at their reference prices. */
export const notionalOf = (trades: readonly Trade[]): Decimal => sum(trades.map(({ notional }) => decimal(notional)));

function sized(trade: Trade, quantity: Decimal): Trade {
  if (quantity.equals(decimal(trade.quantity))) return trade;
  const notional = quantity.times(decimal(trade.referencePrice));
  const { terms } = trade;
  const cents = formatDecimal(notional.toDecimalPlaces(2, Decimal.ROUND_DOWN));
  return {
    ...trade,
    ...{ quantity: formatDecimal(quantity), notional: formatDecimal(notional) },
    // What a venue is sent of an order for an amount of money is the amount: it must shrink with the shares.
    ...(terms?.notional === undefined ? {} : { terms: { ...terms, notional: cents } }),
  };
}

const checkRow = ({
  code,
  symbol,
  status,
  severity,
  message,
  observed,
  limit,
  unit,
  ruleVersion,
}: CheckResult): Check => ({
  ...{ code, symbol: symbol ?? null, status, severity, message, observed, limit, unit, ruleVersion },
});

/** Every check with its numbers: those that did not pass first, then by check and symbol. */
export const inReportOrder = (checks: readonly Check[]): Check[] => {
  const place = ({ status, code, symbol }: Check): string => `${status === 'passed' ? 1 : 0} ${code} ${symbol ?? ''}`;
  return checks
    .map((check) => ({ check, at: place(check) }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ check }) => check);
};
