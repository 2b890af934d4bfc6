import { requirePositive, requireNotNegative, requireSlices } from './order.js';
import type { AdditiveImpactModel, ImpactSlice } from './order.js';
import { SQUARE_ROOT_AVERAGE } from './square-root.js';
import type { SquareRootParameters } from './square-root.js';

/** What the propagator needs to know of a name, and how fast its book forgets. */
export interface PropagatorParameters extends SquareRootParameters {
  /** β of the decay, zero or more: 0 forgets nothing, 1/2 is an inverse square root, less is slower. */
  readonly decayExponent: number;
  /** t0 of the decay, in minutes, above zero: for about that long the impact stands as it was made. */
  readonly decayMinutes: number;
}

/**
 * Transient impact: each slice moves the price by Y σ √(q/V), and the move decays as G(t) = (1 + t/t0)^-β. A slice pays
 * 2/3 of its own move and what is left of all moves before it. Source: Bouchaud, Gefen, Potters and Wyart (2004) and
 * Gatheral (2010) for the propagator; a square root for each child and a decay of about t^-1/2 as in arXiv 2502.16246.
 *
 * A slice is executed at its start, at once. Whether slicing saves depends on the decay alone, not on the size: where
 * moves decay slowly against the interval, six small square roots that add up cost more than one large one, and TWAP
 * makes it worse. `movedBp` is where the price stands right after the last slice.
 * Throws `INVALID_PARAMETER`; its functions what `requireSlices` throws.
 */
export function propagator(parameters: PropagatorParameters): AdditiveImpactModel {
  const { volatility, prefactor, decayExponent, decayMinutes } = parameters;
  requirePositive('volatility', volatility);
  requirePositive('Y', prefactor);
  requireNotNegative('beta', decayExponent);
  requirePositive('t0 in minutes', decayMinutes);
  const scaleBp = prefactor * volatility * 10_000;
  const madeBp = ({ volumeFraction }: ImpactSlice): number => scaleBp * Math.sqrt(volumeFraction);
  const leftBp = (slice: ImpactSlice, minutes: number): number =>
    madeBp(slice) * (1 + minutes / decayMinutes) ** -decayExponent;
  const leftOf = (slices: readonly ImpactSlice[], at: number): number => {
    const now = slices[at]?.startMinutes ?? Number.NaN;
    return slices.slice(0, at).reduce((sum, slice) => sum + leftBp(slice, now - slice.startMinutes), 0);
  };
  return {
    leftBp,
    paidBp: (slices) => {
      requireSlices(slices);
      return slices.map((slice, i) => leftOf(slices, i) + SQUARE_ROOT_AVERAGE * madeBp(slice));
    },
    movedBp: (slices) => {
      requireSlices(slices);
      const last = slices.length - 1;
      return slices.slice(last).reduce((sum, slice) => sum + madeBp(slice), leftOf(slices, last));
    },
  };
}
