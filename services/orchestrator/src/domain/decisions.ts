import type { Mark, Position, Side, Target, Trade, Trim } from '@ballast/contracts';
import { decimal } from '@ballast/kernel/money';
import type { Counts } from './cycle.js';

export type Action = keyof Counts;

/** What a cycle decided about one symbol, with the numbers from and to. Quantities are shares. */
export interface SymbolDecision {
  readonly symbol: string;
  readonly action: Action;
  readonly reasonCodes: readonly string[];
  /** The part of equity that the plan wanted in it; null where it wanted none. */
  readonly targetWeight: string | null;
  /** Held when the plan was made; signed. */
  readonly heldQuantity: string;
  /** What the plan would have traded; null without a trade. */
  readonly plannedQuantity: string | null;
  /** What may be traded; null without a trade, `0` where it was refused. */
  readonly approvedQuantity: string | null;
}

/** All that the decisions follow from. `verdict` and `plan` are null where no plan was made. */
export interface DecisionInputs {
  readonly marks: readonly Mark[];
  readonly positions: readonly Position[];
  readonly unpriced: readonly { readonly symbol: string; readonly quantity: string }[];
  readonly plan: { readonly targets: readonly Target[]; readonly trades: readonly Trade[] } | null;
  readonly verdict:
    | { readonly kind: 'vetoed'; readonly codes: readonly string[] }
    | { readonly kind: 'approved'; readonly trades: readonly Trade[]; readonly trims: readonly Trim[] }
    | null;
  /** Why there is no plan. */
  readonly declinedCode: string | null;
}

/** Below this quality the prices of a symbol carry no decision; feeds and allocator use the same floor. */
const QUALITY_MIN = 0.6;

const ACTION: Readonly<Record<Side, Action>> = { buy: 'BUY', sell: 'SELL' };

/**
 * One decision a symbol that the cycle looked at closely: every planned trade, every target, every holding, and
 * every symbol whose prices were not good enough. A trade that may be executed is BUY or SELL (`position_scaled`
 * where it was made smaller), one that may not is REJECT with the codes of whoever refused it; without a trade it
 * is REJECT for bad prices and HOLD otherwise. Out: sorted by symbol.
 */
export function decisionsOf(inputs: DecisionInputs): SymbolDecision[] {
  const held = new Map<string, string>([
    ...inputs.positions.map(({ symbol, quantity }) => [symbol, quantity] as const),
    ...inputs.unpriced.map(({ symbol, quantity }) => [symbol, quantity] as const),
  ]);
  const weights = new Map(inputs.plan?.targets.map(({ symbol, weight }) => [symbol, weight]));
  const poor = new Set(inputs.marks.filter(({ quality }) => quality < QUALITY_MIN).map(({ symbol }) => symbol));
  const unpriced = new Set(inputs.unpriced.map(({ symbol }) => symbol));
  const numbers = (symbol: string) => ({
    symbol,
    targetWeight: weights.get(symbol) ?? null,
    heldQuantity: held.get(symbol) ?? '0',
  });
  const traded = tradesDecided(inputs).map((trade) => ({ ...numbers(trade.symbol), ...trade }));
  const withTrade = new Set(traded.map(({ symbol }) => symbol));
  const others = [...new Set([...weights.keys(), ...held.keys(), ...poor])].filter((symbol) => !withTrade.has(symbol));
  const untraded = others.map((symbol) => ({
    ...numbers(symbol),
    ...untradedDecision(poor.has(symbol), unpriced.has(symbol), inputs.declinedCode),
    plannedQuantity: null,
    approvedQuantity: null,
  }));
  return [...traded, ...untraded].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

function untradedDecision(
  poor: boolean,
  unpriced: boolean,
  declinedCode: string | null,
): Pick<SymbolDecision, 'action' | 'reasonCodes'> {
  if (poor) return { action: 'REJECT', reasonCodes: ['data_quality'] };
  if (unpriced) return { action: 'HOLD', reasonCodes: ['unpriced'] };
  return { action: 'HOLD', reasonCodes: declinedCode === null ? ['no_trade_needed'] : ['plan_declined', declinedCode] };
}

type TradeDecision = Pick<SymbolDecision, 'symbol' | 'action' | 'reasonCodes' | 'plannedQuantity' | 'approvedQuantity'>;

function tradesDecided({ plan, verdict }: DecisionInputs): TradeDecision[] {
  if (!plan || !verdict) return [];
  if (verdict.kind === 'vetoed') {
    const reasonCodes = [...new Set(verdict.codes)].sort();
    return plan.trades.map(({ symbol, quantity }) => rejected(symbol, quantity, reasonCodes));
  }
  const approved = new Map(verdict.trades.map((trade) => [trade.symbol, trade]));
  const codes = new Map<string, Set<string>>();
  for (const { symbol, code } of verdict.trims) codes.set(symbol, (codes.get(symbol) ?? new Set()).add(code));
  return plan.trades.map(({ symbol, side, quantity }): TradeDecision => {
    const allowed = approved.get(symbol);
    const trimCodes = [...(codes.get(symbol) ?? [])].sort();
    if (!allowed || decimal(allowed.quantity).isZero()) {
      return rejected(symbol, quantity, trimCodes.length > 0 ? trimCodes : ['not_approved']);
    }
    const scaled = !decimal(allowed.quantity).equals(quantity);
    return {
      symbol,
      action: ACTION[side],
      reasonCodes: scaled ? [...new Set(['position_scaled', ...trimCodes])] : ['rebalance'],
      plannedQuantity: quantity,
      approvedQuantity: allowed.quantity,
    };
  });
}

const rejected = (symbol: string, quantity: string, reasonCodes: readonly string[]): TradeDecision => ({
  symbol,
  action: 'REJECT',
  reasonCodes,
  plannedQuantity: quantity,
  approvedQuantity: '0',
});

/** How many decisions of each kind there are. */
export function countOf(decisions: readonly Pick<SymbolDecision, 'action'>[]): Counts {
  const counts = { BUY: 0, SELL: 0, HOLD: 0, REJECT: 0 };
  for (const { action } of decisions) counts[action] += 1;
  return counts;
}
