import { observations } from './observations.js';
import type { Series } from './observations.js';

/** Arithmetic mean of the observations; null when there are none. */
export function mean(series: Series): number | null {
  return meanOf(observations(series));
}

/**
 * Variance of the observations with `ddof` degrees of freedom taken off (1 = sample, 0 = population); null when there
 * are not more than `ddof` observations. Two passes, because the one-pass formula loses digits on price levels.
 */
export function variance(series: Series, ddof = 1): number | null {
  const present = observations(series);
  const centre = meanOf(present);
  if (centre === null || present.length <= ddof) return null;
  // The mean of equal numbers may differ from them in the last digit; equal numbers have no variance all the same.
  if (present.every((value) => value === present[0])) return 0;
  let squares = 0;
  for (const value of present) squares += (value - centre) ** 2;
  return squares / (present.length - ddof);
}

/** Square root of `variance`, in the unit of the series; null under the same conditions. */
export function stdev(series: Series, ddof = 1): number | null {
  const squared = variance(series, ddof);
  return squared === null ? null : Math.sqrt(squared);
}

function meanOf(present: readonly number[]): number | null {
  if (present.length === 0) return null;
  let total = 0;
  for (const value of present) total += value;
  return total / present.length;
}
