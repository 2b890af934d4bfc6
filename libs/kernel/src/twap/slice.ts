import { D, formatDecimal, KernelError, roundDownTo } from '../money/index.js';
import type { Decimal } from '../money/index.js';

/** The smallest piece of a fractional quantity: venues accept nine decimals. */
export const FRACTION_UNIT: Decimal = new D('0.000000001');

const MAX_SLICES = 100_000;

/** How a parent quantity is cut. */
export interface SliceOptions {
  /** Slices asked for, a whole number above zero. Fewer come out where the quantity does not reach. */
  readonly slices: number;
  /** Shares a lot (NSE). Above 1 the quantity must be a multiple of it, and whole lots are distributed. */
  readonly lotSize?: Decimal;
  /**
   * Left out, a whole quantity is cut into whole units and any other into 1e-9 units. True cuts a whole quantity into
   * 1e-9 units as well; false refuses a quantity that is not whole.
   */
  readonly fractional?: boolean;
}

/**
 * Cuts a parent quantity into child quantities of about the same size that add up to it exactly.
 *
 * In whole units or lots the remainder goes one unit each to the first slices, and there are never more slices than
 * units. A fractional quantity below 1 is one slice; any other is cut down to 1e-9 with the remainder in the last slice.
 * Nothing to cut (`qty` at or below zero) is no slices. Source: TWAP seed T0, restated in exact decimals.
 *
 * Throws `INVALID_SLICES` where `slices` is no whole number above zero, or more than 100,000 would come out, and
 * `INVALID_LOT` where the quantity is not a multiple of the lot, or the lot is not above zero.
 */
export function sliceQuantities(qty: Decimal, { slices, lotSize, fractional }: SliceOptions): Decimal[] {
  if (!Number.isSafeInteger(slices) || slices <= 0) {
    throw new KernelError('INVALID_SLICES', `The number of slices must be a whole number above zero, not ${slices}.`);
  }
  const unit = wholeUnit(lotSize, fractional);
  if (!qty.isFinite()) {
    throw new KernelError('INVALID_QUANTITY', `The quantity to slice must be a finite number, not ${qty.toString()}.`);
  }
  if (qty.lessThanOrEqualTo(0)) return [];
  const whole = qty.mod(unit).isZero();
  if (!whole && (fractional === false || unit.greaterThan(1))) {
    throw new KernelError(
      'INVALID_LOT',
      `The quantity ${formatDecimal(qty)} is not a multiple of the lot ${formatDecimal(unit)}; round it to whole lots.`,
    );
  }
  return whole && fractional !== true ? cutWhole(qty, slices, unit) : cutFraction(qty, slices);
}

/** What the children of a quantity are multiples of: the lot, whole units, or 1e-9 where it is cut into fractions. */
export function incrementOf(qty: Decimal, { lotSize, fractional }: Omit<SliceOptions, 'slices'>): Decimal {
  const unit = wholeUnit(lotSize, fractional);
  return qty.mod(unit).isZero() && fractional !== true ? unit : FRACTION_UNIT;
}

function wholeUnit(lotSize: Decimal | undefined, fractional: boolean | undefined): Decimal {
  const unit = new D(lotSize ?? 1);
  if (!unit.isInteger() || unit.lessThanOrEqualTo(0) || (unit.greaterThan(1) && fractional === true)) {
    throw new KernelError(
      'INVALID_LOT',
      `The lot must be a whole number above zero, and 1 for fractional quantities, not ${unit.toString()}.`,
    );
  }
  return unit;
}

function cutWhole(qty: Decimal, slices: number, unit: Decimal): Decimal[] {
  const units = new D(qty).div(unit);
  const count = requireFew(units.lessThan(slices) ? units.toNumber() : slices);
  const base = units.divToInt(count);
  const larger = units.minus(base.times(count)).toNumber();
  return Array.from({ length: count }, (_, i) => base.plus(i < larger ? 1 : 0).times(unit));
}

function cutFraction(qty: Decimal, slices: number): Decimal[] {
  const count = qty.lessThan(1) ? 1 : requireFew(slices);
  const base = roundDownTo(new D(qty).div(count), FRACTION_UNIT);
  const last = new D(qty).minus(base.times(count - 1));
  return Array.from({ length: count }, (_, i) => (i < count - 1 ? base : last));
}

function requireFew(count: number): number {
  if (count > MAX_SLICES) {
    throw new KernelError('INVALID_SLICES', `${count} slices are too many; ask for at most ${MAX_SLICES}.`);
  }
  return count;
}
