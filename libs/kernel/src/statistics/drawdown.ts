import { observationAt, requireWindow } from './observations.js';
import type { Series } from './observations.js';

/**
 * Highest observation among the last `window` entries, at each entry. NaN until `window` entries exist and where all of
 * them are missing; missing entries inside the window are passed over. Linear in the length (monotone queue).
 */
export function rollingMax(series: Series, window: number): Float64Array {
  requireWindow('window', window);
  const highest = new Float64Array(series.length).fill(Number.NaN);
  const candidates: number[] = [];
  let head = 0;
  for (let i = 0; i < series.length; i += 1) {
    const value = observationAt(series, i);
    if (!Number.isNaN(value)) {
      while (candidates.length > head && observationAt(series, candidates.at(-1)!) <= value) candidates.pop();
      candidates.push(i);
    }
    if (head < candidates.length && candidates[head]! <= i - window) head += 1;
    if (i >= window - 1 && head < candidates.length) highest[i] = observationAt(series, candidates[head]!);
  }
  return highest;
}

/**
 * Distance below the highest value so far, at each entry, as a fraction <= 0 (-0.2 = 20 % under the peak). NaN where the
 * value is missing or no positive peak has been seen.
 */
export function drawdown(series: Series): Float64Array {
  const below = new Float64Array(series.length).fill(Number.NaN);
  let peak = 0;
  for (let i = 0; i < series.length; i += 1) {
    const value = observationAt(series, i);
    if (value > peak) peak = value;
    if (peak > 0 && !Number.isNaN(value)) below[i] = value / peak - 1;
  }
  return below;
}

/** The deepest `drawdown` of the series, a fraction <= 0; null when there is none to measure. */
export function maxDrawdown(series: Series): number | null {
  let deepest: number | null = null;
  for (const below of drawdown(series)) {
    if (!Number.isNaN(below) && (deepest === null || below < deepest)) deepest = below;
  }
  return deepest;
}
