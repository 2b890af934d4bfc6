import { KernelError } from '../money/index.js';
import { mean } from './moments.js';
import { observationAt } from './observations.js';
import type { Series } from './observations.js';

/**
 * Pearson correlation over the pairs in which both values are there, in [-1, 1]; null when it is undefined: fewer than
 * `minOverlap` pairs (never fewer than 2) or no variance on either side.
 * @throws KernelError LENGTH_MISMATCH when the series are not aligned.
 */
export function pearson(left: Series, right: Series, minOverlap = 2): number | null {
  if (left.length !== right.length) {
    throw new KernelError(
      'LENGTH_MISMATCH',
      `the series have ${left.length} and ${right.length} entries; align them by date first`,
    );
  }
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < left.length; i += 1) {
    const x = observationAt(left, i);
    const y = observationAt(right, i);
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    xs.push(x);
    ys.push(y);
  }
  // Equal numbers have no variance, even where rounding puts their mean a last digit beside them.
  const constant = (values: readonly number[]): boolean => values.every((value) => value === values[0]);
  if (xs.length < Math.max(2, minOverlap) || constant(xs) || constant(ys)) return null;
  const meanX = mean(xs)!;
  const meanY = mean(ys)!;
  let squaresX = 0;
  let squaresY = 0;
  let products = 0;
  for (let i = 0; i < xs.length; i += 1) {
    const x = xs[i]! - meanX;
    const y = ys[i]! - meanY;
    squaresX += x * x;
    squaresY += y * y;
    products += x * y;
  }
  const spread = Math.sqrt(squaresX) * Math.sqrt(squaresY);
  return spread === 0 ? null : Math.max(-1, Math.min(1, products / spread));
}
