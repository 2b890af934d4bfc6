import { KernelError } from '../money/index.js';

/** All of them fractions a year (or all of them a day). */
export interface VolatilityTarget {
  readonly target: number;
  readonly realised: number;
  /** Largest scale, because a quiet month is no licence for any leverage. */
  readonly cap: number;
  /** Realised volatility is taken to be at least this. */
  readonly floor?: number;
}

/**
 * By how much to scale a position or a book so that it has the volatility wished for: min(cap, target / max(realised, floor)).
 * @throws KernelError INVALID_PARAMETER where a number is missing or below zero; NO_VOLATILITY where neither the realised one nor
 * the floor is above zero: what does not move was not measured, and would ask for the whole cap.
 */
export function volatilityScale({ target, realised, cap, floor = 0 }: VolatilityTarget): number {
  for (const [name, value] of Object.entries({ target, realised, cap, floor })) {
    if (!(value >= 0 && Number.isFinite(value))) {
      throw new KernelError('INVALID_PARAMETER', `${name} is ${value}; give a number of at least zero.`);
    }
  }
  const volatility = Math.max(realised, floor);
  if (volatility === 0) {
    throw new KernelError(
      'NO_VOLATILITY',
      'realised is 0 and there is no floor; give a floor, or measure over more sessions.',
    );
  }
  return Math.min(cap, target / volatility);
}
