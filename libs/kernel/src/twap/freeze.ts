import { D, formatDecimal, KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';

/**
 * Cuts the quantity of one moment into orders of at most an exchange's freeze quantity, the first ones full: 4,000 at 1,800 is
 * 1,800, 1,800 and 400. The freeze quantity must be a multiple of the increment, so that every order is whole lots.
 * Throws `INVALID_FREEZE`.
 */
export function cutToFreeze(qty: Decimal, freezeQuantity: Decimal | undefined, increment: Decimal): Decimal[] {
  if (freezeQuantity === undefined) return [qty];
  if (!freezeQuantity.greaterThan(0) || !freezeQuantity.isFinite() || !freezeQuantity.mod(increment).isZero()) {
    throw new KernelError(
      'INVALID_FREEZE',
      `The freeze quantity must be above zero and a multiple of ${formatDecimal(increment)}, not ${freezeQuantity.toString()}.`,
    );
  }
  const parts: Decimal[] = [];
  for (let left = new D(qty); left.greaterThan(0);) {
    const part = D.min(left, freezeQuantity);
    parts.push(part);
    if (parts.length > PARTS_MAX) {
      throw new KernelError(
        'INVALID_FREEZE',
        `A slice of ${formatDecimal(qty)} at a freeze quantity of ${formatDecimal(freezeQuantity)} is more than ${PARTS_MAX} orders at once; ask for more slices.`,
      );
    }
    left = left.minus(part);
  }
  return parts;
}

/** So many orders of one moment are no slice of a schedule any more. */
const PARTS_MAX = 1_000;
