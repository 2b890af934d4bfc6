import {
  fact,
  PlanDeclined,
  PlanProposed,
  planHashOf,
  type DataOf,
  type Fact,
  type Mark,
  type Position,
  type Rows,
  type Score,
  type Target,
  type Trade,
  type WorkingOrder,
} from '@ballast/contracts';
import { equalWeight, inverseVolatility, targetsToTrades } from '@ballast/kernel/allocation';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';

/** All that one plan is made from. A rebalance is ready when every part is there. */
export interface Inputs {
  readonly cycleId: string;
  readonly portfolioId: string;
  readonly pricingPackId: string;
  readonly equity: string;
  /** One entry a strategy that the cycle asked for, in any order. */
  readonly strategies: readonly StrategyScores[];
  readonly marks: readonly Mark[];
  readonly positions: readonly Position[];
  readonly working: readonly WorkingOrder[];
}

export interface StrategyScores {
  readonly strategyId: string;
  readonly volatility: number | null;
  readonly scores: readonly Score[];
}

export interface Rules {
  readonly method: 'equal_weight' | 'inverse_volatility';
  readonly strategyCap: number;
  readonly cashBuffer: string;
  readonly namesPerStrategy: number;
  readonly tradeNotionalMin: string;
}

/** A plan with its lists still whole; they are packed before they travel. */
export interface Plan {
  readonly data: Omit<DataOf<typeof PlanProposed>, 'targets' | 'trades'>;
  readonly targets: readonly Target[];
  readonly trades: readonly Trade[];
}

export type Proposal =
  { readonly kind: 'plan'; readonly plan: Plan } | { readonly kind: 'declined'; readonly fact: Fact<'allocator'> };

interface Sleeve {
  readonly strategyId: string;
  readonly volatility: number | null;
  readonly names: readonly string[];
}

/** Below this quality a symbol cannot be traded in the cycle. */
const QUALITY_MIN = 0.6;

/** Weights travel with nine decimals, rounded down so that they never add up to more than they may. */
const weightText = (weight: Decimal | number | string): string =>
  formatDecimal(new Decimal(weight).toDecimalPlaces(9, Decimal.ROUND_DOWN));

/**
 * Makes the one plan of a cycle: strategies are weighted (capped by water-filling),
 * each holds its best names in equal parts, and the trades lead there from what is
 * held and what is still working. What no cap leaves room for stays in cash.
 */
export function propose(inputs: Inputs, rules: Rules): Proposal {
  const sleeves = sleevesOf(inputs, rules);
  const usable = sleeves.filter((sleeve) => sleeve.names.length > 0);
  if (usable.length === 0) {
    return declined(
      inputs,
      'NO_SCORES',
      `none of ${inputs.strategies.length} strategies scored a symbol that may be traded`,
    );
  }
  if (!decimal(inputs.equity).isPositive() || decimal(inputs.equity).isZero()) {
    return declined(inputs, 'NO_EQUITY', `the portfolio's equity is ${inputs.equity}`);
  }
  const weights = weigh(usable, rules);
  const targets = targetsOf(weights.strategies, rules);
  const { trades, unpriced } = tradesOf(inputs, targets, rules);
  const excluded = [
    ...sleeves
      .filter((sleeve) => sleeve.names.length === 0)
      .map(({ strategyId }) => ({ strategyId, reason: 'NO_SCORES' })),
    ...weights.excluded,
    ...unpriced.map((symbol) => ({ strategyId: 'all', reason: untradedReason(symbol, inputs) })),
  ];
  const { cycleId, portfolioId, pricingPackId, equity } = inputs;
  return {
    kind: 'plan',
    plan: {
      data: {
        cycleId,
        portfolioId,
        pricingPackId,
        equity,
        excluded,
        planHash: planHashOf({ cycleId, portfolioId, pricingPackId, trades }),
        method: rules.method,
        strategies: weights.strategies.map(({ strategyId, weight, volatility }) => ({
          strategyId,
          weight: weightText(weight),
          volatility,
        })),
        residualCash: weightText(
          Decimal.max(
            0,
            targets.reduce((left, target) => left.minus(target.weight), new Decimal(1)),
          ),
        ),
        infeasibleCap: weights.infeasible,
      },
      targets,
      trades,
    },
  };
}

const declined = (inputs: Inputs, code: string, reason: string): Proposal => ({
  kind: 'declined',
  fact: fact(PlanDeclined, { cycleId: inputs.cycleId, portfolioId: inputs.portfolioId, code, reason }),
});

/** Why a held or wanted symbol is left as it is. */
const untradedReason = (symbol: string, { marks }: Inputs): string =>
  marks.some((mark) => mark.symbol === symbol) ? `DATA_QUALITY ${symbol}` : `UNPRICED ${symbol}`;

const isTradable = (mark: Mark): boolean => mark.quality >= QUALITY_MIN;

/** The names each strategy would hold: its best scores among symbols that are priced and good enough. */
function sleevesOf(inputs: Inputs, rules: Rules): Sleeve[] {
  const tradable = new Set(inputs.marks.filter(isTradable).map((mark) => mark.symbol));
  return [...inputs.strategies]
    .sort((a, b) => (a.strategyId < b.strategyId ? -1 : 1))
    .map(({ strategyId, volatility, scores }) => ({
      strategyId,
      volatility,
      names: scores
        .filter((each): each is Score & { score: number } => each.score !== null && tradable.has(each.symbol))
        .sort((a, b) => b.score - a.score || (a.symbol < b.symbol ? -1 : 1))
        .slice(0, rules.namesPerStrategy)
        .map((each) => each.symbol),
    }));
}

function weigh(sleeves: readonly Sleeve[], rules: Rules) {
  if (rules.method === 'equal_weight') {
    const { capped, infeasible } = equalWeight(sleeves.length, rules.strategyCap);
    return { strategies: sleeves.map((sleeve, i) => ({ ...sleeve, weight: capped[i]! })), excluded: [], infeasible };
  }
  const result = inverseVolatility(
    sleeves.map((sleeve) => sleeve.volatility),
    rules.strategyCap,
  );
  const left = new Map(result.excluded.map(({ index, reason }) => [index, reason]));
  return {
    strategies: sleeves.map((sleeve, i) => ({ ...sleeve, weight: result.capped[i]! })).filter((_, i) => !left.has(i)),
    excluded: [...left].map(([index, reason]) => ({ strategyId: sleeves[index]!.strategyId, reason })),
    infeasible: result.infeasible,
  };
}

/** Adds the strategies' names up to one target a symbol, with who stands for how much of it. */
function targetsOf(strategies: readonly (Sleeve & { weight: number })[], rules: Rules): Target[] {
  const invested = new Decimal(1).minus(rules.cashBuffer);
  const shares = new Map<string, { strategyId: string; weight: Decimal }[]>();
  for (const { strategyId, weight, names } of strategies) {
    const each = new Decimal(weight).times(invested).div(names.length).toDecimalPlaces(9, Decimal.ROUND_DOWN);
    for (const symbol of names) shares.set(symbol, [...(shares.get(symbol) ?? []), { strategyId, weight: each }]);
  }
  return [...shares]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([symbol, contributors]) => ({
      symbol,
      weight: weightText(contributors.reduce((sum, each) => sum.plus(each.weight), new Decimal(0))),
      contributors: contributors.map(({ strategyId, weight }) => ({ strategyId, weight: weightText(weight) })),
    }));
}

function tradesOf(inputs: Inputs, targets: readonly Target[], rules: Rules) {
  // A symbol of poor quality is neither bought nor sold: what it is worth cannot be told.
  const marks = new Map(inputs.marks.filter(isTradable).map((mark) => [mark.symbol, mark]));
  const bySymbol = new Map(targets.map((target) => [target.symbol, target]));
  const working = new Map<string, Decimal>();
  for (const { symbol, side, remaining } of inputs.working) {
    const signed = decimal(remaining).times(side === 'buy' ? 1 : -1);
    working.set(symbol, (working.get(symbol) ?? new Decimal(0)).plus(signed));
  }
  const { trades, unpriced } = targetsToTrades({
    targets: targets.map(({ symbol, weight }) => ({ symbol, weight: Number(weight) })),
    equity: decimal(inputs.equity),
    // The targets were scaled by the buffer already, so that contributors and weights agree.
    cashBufferFraction: 0,
    positions: new Map(inputs.positions.map(({ symbol, quantity }) => [symbol, decimal(quantity)])),
    working,
    marks: new Map([...marks].map(([symbol, mark]) => [symbol, decimal(mark.price)])),
    minNotional: decimal(rules.tradeNotionalMin),
  });
  return {
    unpriced,
    trades: trades.map(({ symbol, side, qty, refPrice, notional }): Trade => ({
      symbol,
      exchange: marks.get(symbol)!.exchange,
      side,
      quantity: formatDecimal(qty),
      referencePrice: formatDecimal(refPrice),
      notional: formatDecimal(notional),
      contributors: bySymbol.get(symbol)?.contributors ?? [],
    })),
  };
}

/** The plan as it travels, once its lists are packed. */
export const planFact = (plan: Plan, targets: Rows<Target>, trades: Rows<Trade>): Fact<'allocator'> =>
  fact(PlanProposed, { ...plan.data, targets: targets as never, trades: trades as never });
