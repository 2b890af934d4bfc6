import { requirePositive, requireSlices, SESSION_MINUTES, totalFraction } from './order.js';
import type { AdditiveImpactModel, ImpactSlice } from './order.js';

/** Coefficients and exponents of the paper's fit (section 4): γ permanent, η temporary, β of the rate of trading, δ of the turnover. */
export const ALMGREN_2005 = { gamma: 0.314, eta: 0.142, beta: 0.6, delta: 0.25 } as const;

/** What the model needs to know of a name. */
export interface Almgren2005Parameters {
  /** σ: standard deviation of the return of a day, as a fraction. */
  readonly volatility: number;
  /** Θ/V: shares outstanding over the shares that trade in an average day; the inverse of the turnover a day. */
  readonly outstandingOverVolume: number;
}

/**
 * Temporary and permanent impact of Almgren, Thum, Hauptmann and Li, "Direct Estimation of Equity Market Impact" (Risk,
 * July 2005), fitted to orders of Citigroup's US equity desks from December 2001 to June 2003:
 *
 *   permanent  I = γ σ (X/V) (Θ/V)^δ,             temporary  J - I/2 = η σ (X / VT)^β
 *
 * X/V is the order over ADV, T the time within which it is worked, in days of 390 minutes. The permanent part is linear,
 * so a schedule cannot avoid it; the temporary part follows from the rate of trading alone and is gone with the slice.
 * How fast a single order is executed therefore decides the whole comparison, and must be said with it. Several per cent
 * of ADV within a minute are an extrapolation until somebody has checked that the fit reaches that far.
 * `movedBp` is I, what stays. Throws `INVALID_PARAMETER`; its functions what `requireSlices` throws.
 */
export function almgren2005({ volatility, outstandingOverVolume }: Almgren2005Parameters): AdditiveImpactModel {
  requirePositive('volatility', volatility);
  requirePositive('Shares outstanding over ADV', outstandingOverVolume);
  const { gamma, eta, beta, delta } = ALMGREN_2005;
  const permanentBp = 10_000 * gamma * volatility * outstandingOverVolume ** delta;
  const temporaryBp = 10_000 * eta * volatility;
  return {
    leftBp: ({ volumeFraction }) => permanentBp * volumeFraction,
    paidBp: (slices) => {
      requireSlices(slices);
      let before = 0;
      return slices.map(({ volumeFraction, minutes }) => {
        const rate = (volumeFraction * SESSION_MINUTES) / minutes;
        const paid = permanentBp * (before + volumeFraction / 2) + temporaryBp * rate ** beta;
        before += volumeFraction;
        return paid;
      });
    },
    movedBp: (slices: readonly ImpactSlice[]) => {
      requireSlices(slices);
      return permanentBp * totalFraction(slices);
    },
  };
}
