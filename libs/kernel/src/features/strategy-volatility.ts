import {
  annualisedVolatility,
  equalWeightReturns,
  observations,
  requirePanel,
  requireWindow,
} from '../statistics/index.js';
import type { Panel } from '../statistics/index.js';
import { covers } from './history.js';
import type { Score } from './scores.js';

const TOP_FRACTION = 0.2;

/**
 * The strategy's own annualised volatility, as a fraction a year: the deviation of the equal-weight return of the names
 * it likes best now (the top fifth of scored names, at least one; ties by symbol) over the last `window` sessions.
 *
 * It is an estimate from today's picks, not a track record: it says how much a book of these names moves, and it must
 * never be read as performance, because the names were chosen after those sessions. Null when nothing is scored, less
 * than three quarters of the sessions were observed, or nothing moved.
 */
export function strategyVolatility(panel: Panel, scores: readonly Score[], { window = 60 } = {}): number | null {
  requirePanel(panel);
  requireWindow('window', window);
  const rowOf = new Map(panel.symbols.map((symbol, s) => [symbol, s]));
  const ranked = scores
    .filter((entry): entry is Score & { score: number } => entry.score !== null && rowOf.has(entry.symbol))
    .sort((a, b) => b.score - a.score || (a.symbol < b.symbol ? -1 : 1));
  const top = ranked.slice(0, Math.ceil(ranked.length * TOP_FRACTION)).map((entry) => rowOf.get(entry.symbol)!);
  if (top.length === 0) return null;
  const returns = observations(equalWeightReturns(panel, top, window));
  if (!covers(returns.length, window)) return null;
  return annualisedVolatility(returns) || null;
}
