import { KernelError } from '../money/index.js';

/** Scores of strategies made comparable by rank. Keys are symbols, in the order of their text. */
export interface RankAggregation {
  readonly avgRankScore: Record<string, number>;
  readonly weights: Record<string, number>;
}

/**
 * Blends the scores of strategies by normalised rank.
 *
 * Within a strategy the best of n symbols scores 1 and the worst 0: (n − r) / (n − 1), ties share their average rank, a
 * single symbol scores 1. A symbol that a strategy does not name scores 0 there. The mean is taken over all strategies
 * and scaled to weights that add up to 1. In: strategy → symbol → score. Source: the rule as fixed in docs/concepts/multi-alpha-allocation.md.
 * Throws `INVALID_SCORE` for a score that is not a finite number.
 */
export function rankAggregation(scores: Readonly<Record<string, Readonly<Record<string, number>>>>): RankAggregation {
  const strategies = Object.entries(scores);
  const totals = new Map<string, number>();
  for (const [strategy, bySymbol] of strategies) {
    for (const [symbol, score] of normalisedRanks(strategy, bySymbol)) {
      totals.set(symbol, (totals.get(symbol) ?? 0) + score);
    }
  }
  const symbols = [...totals.keys()].sort();
  const averages = symbols.map((symbol) => (totals.get(symbol) ?? 0) / strategies.length);
  const whole = averages.reduce((sum, each) => sum + each, 0);
  return {
    avgRankScore: Object.fromEntries(symbols.map((symbol, i) => [symbol, averages[i] ?? 0])),
    weights: Object.fromEntries(symbols.map((symbol, i) => [symbol, (averages[i] ?? 0) / whole])),
  };
}

function normalisedRanks(strategy: string, bySymbol: Readonly<Record<string, number>>): [string, number][] {
  const ranked = Object.entries(bySymbol);
  for (const [symbol, score] of ranked) {
    if (!Number.isFinite(score)) {
      throw new KernelError('INVALID_SCORE', `The score of ${symbol} by ${strategy} is not a finite number: ${score}.`);
    }
  }
  ranked.sort(([, a], [, b]) => b - a);
  const n = ranked.length;
  const result: [string, number][] = [];
  for (let first = 0; first < n;) {
    const score = ranked[first]?.[1];
    let after = first + 1;
    while (after < n && ranked[after]?.[1] === score) after += 1;
    const rank = (first + 1 + after) / 2;
    for (const [symbol] of ranked.slice(first, after)) result.push([symbol, n === 1 ? 1 : (n - rank) / (n - 1)]);
    first = after;
  }
  return result;
}
