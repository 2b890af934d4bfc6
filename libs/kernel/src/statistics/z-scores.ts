import { mean, stdev } from './moments.js';
import { observationAt } from './observations.js';
import type { Series } from './observations.js';

/**
 * (value - mean) / sample standard deviation for each entry, NaN where the value is missing; null when no scale exists:
 * fewer than 2 observations, or all of them equal.
 */
export function zScores(series: Series): Float64Array | null {
  const centre = mean(series);
  const scale = stdev(series, 1);
  if (centre === null || scale === null || scale === 0) return null;
  const scores = new Float64Array(series.length);
  for (let i = 0; i < series.length; i += 1) scores[i] = (observationAt(series, i) - centre) / scale;
  return scores;
}
