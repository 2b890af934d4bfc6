import {
  annualisedVolatility,
  equalWeightReturns,
  mean,
  median,
  observations,
  requirePanel,
  SESSIONS_PER_YEAR,
} from '../statistics/index.js';
import type { Panel } from '../statistics/index.js';

/** Trend and volatility of a universe; `unknown` (and null numbers) where the history does not reach. */
export interface Regime {
  readonly trend: 'up' | 'down' | 'flat' | 'unknown';
  readonly volatility: 'low' | 'normal' | 'high' | 'unknown';
  /** Index over its own mean, minus 1: 0.05 is 5 % above. */
  readonly trendScore: number | null;
  /** Annualised, as a fraction a year, over the last 20 sessions. */
  readonly realisedVolatility: number | null;
  /** Sessions in which the index could be computed. */
  readonly sessions: number;
}

const TREND_WINDOW = 200;
const TREND_SESSIONS_MIN = 60;
const TREND_BAND = 0.01;
const VOLATILITY_WINDOW = 20;
/** Deviations of 20 sessions each that the present one is compared with; fewer say nothing about what is usual. */
const VOLATILITY_HISTORY = SESSIONS_PER_YEAR;
const VOLATILITY_HISTORY_MIN = 60;
const LOW_RATIO = 0.75;
const HIGH_RATIO = 1.5;
const RESOLUTION = 1e9;

/**
 * The equal-weight index of a universe, starting at 100 before the first return that can be computed. A session in which
 * fewer than half of the names have a return has no index value: it is left out, not carried forward.
 */
export function equalWeightIndex(panel: Panel): Float64Array {
  const members = panel.symbols.map((_, s) => s);
  const returns = observations(equalWeightReturns(panel, members, panel.dates.length));
  if (returns.length === 0) return new Float64Array(0);
  const levels = Float64Array.of(100, ...returns);
  for (let i = 1; i < levels.length; i += 1) levels[i] = levels[i - 1]! * (1 + returns[i - 1]!);
  return levels;
}

/**
 * Names the regime of the universe on the panel's last date.
 *
 * Trend: the equal-weight index against its mean over the last 200 sessions (at least 60; as many as there are): more
 * than 1 % above is up, more than 1 % below is down, between them flat. Volatility: the annualised deviation of the last
 * 20 sessions against the median of the last 252 such numbers (at least 60): below 0.75 × is low, above 1.5 × is high.
 * Numbers are rounded to 1e-9, so that the same pack gives the same fact everywhere.
 */
export function regimeOf(panel: Panel): Regime {
  requirePanel(panel);
  const index = equalWeightIndex(panel);
  const { trend, trendScore } = trendOf(index);
  const { volatility, realisedVolatility } = volatilityOf(index);
  return { trend, volatility, trendScore, realisedVolatility, sessions: index.length };
}

function trendOf(index: Float64Array): Pick<Regime, 'trend' | 'trendScore'> {
  if (index.length < TREND_SESSIONS_MIN) return { trend: 'unknown', trendScore: null };
  const trendScore = rounded(index.at(-1)! / mean(index.subarray(-TREND_WINDOW))! - 1);
  const trend = trendScore > TREND_BAND ? 'up' : trendScore < -TREND_BAND ? 'down' : 'flat';
  return { trend, trendScore };
}

function volatilityOf(index: Float64Array): Pick<Regime, 'volatility' | 'realisedVolatility'> {
  const rolling = rollingVolatility(index).subarray(-VOLATILITY_HISTORY);
  const latest = rolling.at(-1);
  if (latest === undefined) return { volatility: 'unknown', realisedVolatility: null };
  const realisedVolatility = rounded(latest);
  const usual = median(rolling)!;
  if (rolling.length < VOLATILITY_HISTORY_MIN || usual === 0) return { volatility: 'unknown', realisedVolatility };
  const ratio = latest / usual;
  return { volatility: ratio > HIGH_RATIO ? 'high' : ratio < LOW_RATIO ? 'low' : 'normal', realisedVolatility };
}

function rollingVolatility(index: Float64Array): Float64Array {
  const returns = index.subarray(1).map((level, i) => Math.log(level / index[i]!));
  const count = Math.max(0, returns.length - VOLATILITY_WINDOW + 1);
  return Float64Array.from({ length: count }, (_, i) =>
    annualisedVolatility(returns.subarray(i, i + VOLATILITY_WINDOW))!,
  );
}

function rounded(value: number): number {
  return Math.round(value * RESOLUTION) / RESOLUTION + 0;
}
