import {
  lowVolatility,
  meanReversion,
  momentum,
  strategyVolatility,
  type Panel,
  type Score,
} from '@ballast/kernel/features';

/** What a strategy thinks of every symbol of a pack. */
export interface StrategyView {
  /** One entry a symbol, in the pack's order, which is by symbol. */
  readonly scores: readonly Score[];
  /** The strategy's own annualised volatility; null where it cannot be told. */
  readonly volatility: number | null;
}

/** The strategies that there are, by the id that a cycle asks for. */
const STRATEGIES: Readonly<Record<string, (panel: Panel) => Score[]>> = {
  momentum: (panel) => momentum(panel),
  'mean-reversion': (panel) => meanReversion(panel),
  'low-volatility': (panel) => lowVolatility(panel),
};

/** The ids of all strategies. */
export const STRATEGY_IDS: readonly string[] = Object.keys(STRATEGIES).sort();

const RESOLUTION = 1e9;

/** Scores every symbol of a panel; null where nobody knows the strategy. The same panel always gives the same view. */
export function viewOf(strategyId: string, panel: Panel): StrategyView | null {
  const score = Object.hasOwn(STRATEGIES, strategyId) ? STRATEGIES[strategyId]! : null;
  if (score === null) return null;
  const scores = score(panel);
  const volatility = strategyVolatility(panel, scores);
  return { scores, volatility: volatility === null ? null : Math.round(volatility * RESOLUTION) / RESOLUTION };
}

/**
 * The panel whose prices of different dates can be compared: each close times its adjustment. Where nothing is adjusted
 * the arrays of the pack serve as they are.
 */
export function comparablePanel(pack: Panel & { readonly adjustment: Float64Array }): Panel {
  const { symbols, dates, close, volume, adjustment } = pack;
  if (adjustment.every((factor) => factor === 1)) return { symbols, dates, close, volume };
  return { symbols, dates, volume, close: close.map((price, i) => price * adjustment[i]!) };
}
