import { Decimal as BaseDecimal } from 'decimal.js';
import { KernelError } from './error.js';

const PRECISION = 40;
const DECIMAL_TEXT = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * The decimal constructor of Ballast: 40 significant digits, half-up, plain notation from 1e-39 to 1e39.
 *
 * It is a clone, so nobody else's import of decimal.js changes under them. decimal.js computes with the settings of the
 * left operand: start every expression from a value made here.
 */
export const Decimal = BaseDecimal.clone({
  precision: PRECISION,
  toExpNeg: -40,
  toExpPos: 40,
  rounding: BaseDecimal.ROUND_HALF_UP,
});
export type Decimal = BaseDecimal;

/** Short name of {@link Decimal} for literals: `new D('0.01')`. */
export const D = Decimal;

/**
 * Parses a decimal string strictly: an optional minus, digits without leading zeros, an optional fraction.
 *
 * In: a string with at most 40 significant digits, which is what arithmetic keeps. Out: its exact value (`-0` is 0).
 * Throws `INVALID_DECIMAL` for anything else, such as '', 'NaN', '1e5', ' 1', '+1', '.5', '1.' or a number.
 */
export function decimal(text: string): Decimal {
  if (typeof text !== 'string' || !DECIMAL_TEXT.test(text)) {
    throw new KernelError(
      'INVALID_DECIMAL',
      `${describe(text)} is not a decimal string; write it in plain digits, for example "-12.5".`,
    );
  }
  const value = new Decimal(text);
  if (value.precision() > PRECISION) {
    throw new KernelError(
      'INVALID_DECIMAL',
      `${describe(text)} has more than ${PRECISION} significant digits; round it where it comes from.`,
    );
  }
  return value.isZero() ? new Decimal(0) : value;
}

/**
 * Writes a decimal in plain notation without trailing zeros: `1`, `-0.5`, `0`.
 *
 * Throws `INVALID_DECIMAL` for NaN and infinities, which must never reach a wire.
 */
export function formatDecimal(value: Decimal): string {
  if (!value.isFinite()) {
    throw new KernelError('INVALID_DECIMAL', `${value.toString()} cannot be written as a decimal string.`);
  }
  return value.toFixed();
}

function describe(text: unknown): string {
  const shown = typeof text === 'string' ? JSON.stringify(text) : `${typeof text} ${String(text)}`;
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}
