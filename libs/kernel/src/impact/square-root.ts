import { requirePositive, requireSlices, totalFraction } from './order.js';
import type { ImpactModel, ImpactSlice } from './order.js';

/** What an order that moves the price by √q has paid on average, over the move that its last share met: ∫√q dq / q√q. */
export const SQUARE_ROOT_AVERAGE = 2 / 3;

/** What the square-root law needs to know of a name. */
export interface SquareRootParameters {
  /** Standard deviation of the return of a day, as a fraction: 0.02 is 2 % a day. */
  readonly volatility: number;
  /** Y, about 1 wherever it was measured. */
  readonly prefactor: number;
}

/**
 * The square-root law of the whole order: I(Q) = Y σ √(Q/V). Source: Tóth et al. (2011) and those before them; Sato and
 * Kanazawa (arXiv 2411.13965) find the exponent 1/2 within the errors of measurement for all liquid stocks of Tokyo.
 *
 * It has no term for the schedule: a slice goes on where the one before it left the price, so however an order is cut it
 * pays 2/3 I(Q) on average, and TWAP saves nothing. (The law applied to each slice by itself would claim savings of
 * 1 - 1/√n, by assuming that the book recovers whole between slices; that is no model of ours.)
 * `movedBp` is I(Q), the move at the last share. Throws `INVALID_PARAMETER`; its functions what `requireSlices` throws.
 */
export function squareRootLaw({ volatility, prefactor }: SquareRootParameters): ImpactModel {
  requirePositive('volatility', volatility);
  requirePositive('Y', prefactor);
  const scaleBp = prefactor * volatility * 10_000;
  return {
    paidBp: (slices) => {
      requireSlices(slices);
      let before = 0;
      return slices.map(({ volumeFraction }) => {
        const after = before + volumeFraction;
        // The mean of √q from `before` to `after`. Written without a difference of powers, which would cancel.
        const mean = meanRoot(before, after);
        before = after;
        return scaleBp * mean;
      });
    },
    movedBp: (slices: readonly ImpactSlice[]) => {
      requireSlices(slices);
      return scaleBp * Math.sqrt(totalFraction(slices));
    },
  };
}

/** The mean of √q over [a, b]: 2/3 (b√b - a√a) / (b - a), reduced by √b - √a. */
function meanRoot(a: number, b: number): number {
  const [low, high] = [Math.sqrt(a), Math.sqrt(b)];
  return (SQUARE_ROOT_AVERAGE * (low * low + low * high + high * high)) / (low + high);
}
