import { KernelError } from '../money/index.js';
import { observations } from './observations.js';
import type { Series } from './observations.js';

/**
 * The value below which the fraction `q` of the observations lies, interpolated linearly between order statistics
 * (Hyndman and Fan type 7, the default of NumPy, R and Excel); null when there are no observations.
 * @throws KernelError INVALID_QUANTILE when q is outside [0, 1].
 */
export function quantile(series: Series, q: number): number | null {
  if (!(q >= 0 && q <= 1)) {
    throw new KernelError('INVALID_QUANTILE', `q is ${q}; give a fraction between 0 and 1`);
  }
  const sorted = Float64Array.from(observations(series)).sort();
  if (sorted.length === 0) return null;
  const position = q * (sorted.length - 1);
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  // Between equal neighbours the interpolation could leave them by a rounding error.
  return below === above ? below : below + (position - Math.floor(position)) * (above - below);
}

/** The `quantile` at one half; null when there are no observations. */
export function median(series: Series): number | null {
  return quantile(series, 0.5);
}
