import { Decimal } from './decimal.js';
import { KernelError } from './error.js';

/** Rounds money to 0.01, halves away from zero: 1.005 is 1.01 and -1.005 is -1.01. */
export function toCents(amount: Decimal): Decimal {
  return new Decimal(amount).toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
}

/** Adds decimals; nothing adds up to 0. */
export function sum(values: Iterable<Decimal>): Decimal {
  let total = new Decimal(0);
  for (const value of values) total = total.plus(value);
  return total;
}

/**
 * Splits money over weights so that the pieces are whole cents and add up to `toCents(total)` exactly.
 *
 * Largest remainder: each piece is cut to the cent, the cents left over go one each to the largest remainders, the
 * earlier piece first among equals. A negative total is split as its mirror image. Weights need not add up to anything.
 * Throws `INVALID_WEIGHTS` where a weight is negative or not finite, or where none is above zero.
 */
export function allocateCents(total: Decimal, weights: readonly Decimal[]): Decimal[] {
  const weightSum = sum(weights);
  if (!weightSum.isFinite() || weightSum.isZero() || weights.some((weight) => weight.lessThan(0))) {
    throw new KernelError('INVALID_WEIGHTS', 'Weights must be finite, none negative and at least one above zero.');
  }
  const cents = toCents(total).abs().times(100);
  const shares = weights.map((weight, index) => {
    const product = cents.times(weight);
    return { index, whole: product.divToInt(weightSum), remainder: product.mod(weightSum) };
  });
  const left = cents.minus(sum(shares.map((share) => share.whole))).toNumber();
  const favoured = new Set(
    [...shares]
      .sort((a, b) => b.remainder.comparedTo(a.remainder) || a.index - b.index)
      .slice(0, left)
      .map((share) => share.index),
  );
  const sign = total.isNegative() ? -1 : 1;
  return shares.map(({ index, whole }) => {
    const piece = whole.plus(favoured.has(index) ? 1 : 0).div(100);
    return piece.isZero() ? piece : piece.times(sign);
  });
}

/**
 * Cuts a value to a multiple of an increment, towards zero: 5.7 to 0.5 is 5.5, -5.7 is -5.5.
 *
 * Throws `INVALID_INCREMENT` where the increment is not a finite number above zero.
 */
export function roundDownTo(value: Decimal, increment: Decimal): Decimal {
  if (!increment.isFinite() || increment.lessThanOrEqualTo(0)) {
    throw new KernelError('INVALID_INCREMENT', `The increment must be above zero, not ${increment.toString()}.`);
  }
  return new Decimal(value).divToInt(increment).times(increment);
}
