import { KernelError } from '../money/index.js';
import { requireNotNegative, requirePositive, requireSlices, SESSION_MINUTES, totalFraction } from './order.js';
import type { ImpactModel } from './order.js';

/**
 * Linear impact. Its units are the caller's, who keeps to them throughout: dollars a share, shares and days as in the
 * paper, or basis points, fractions of ADV and days as `almgrenChriss` takes it.
 */
export interface LinearImpact {
  /** ε, paid on every share. */
  readonly halfSpread: number;
  /** γ: by how much one unit of size moves the price for good. */
  readonly permanent: number;
  /** η: what trading at a rate of one unit of size a day costs while it lasts. */
  readonly temporary: number;
}

/** One liquidation in equal periods. */
export interface LinearOrder extends LinearImpact {
  /** X: the whole size, above zero. */
  readonly size: number;
  /** T, in days. */
  readonly days: number;
  /** N: periods of the same length; one trade is worked evenly over each. */
  readonly periods: number;
  /** σ: standard deviation of the price over one day, in units of price (not a fraction). */
  readonly volatility: number;
}

/** What a trajectory costs: expectation in price × size, variance in its square. */
export interface LinearCost {
  readonly expected: number;
  readonly variance: number;
}

/** Periods beyond this are days of a lifetime, not of a liquidation. */
const PERIODS_MAX = 2_000;

/**
 * The example of Almgren and Chriss, "Optimal Execution of Portfolio Transactions" (2000), Table 1: a million shares at
 * 50 dollars, five days. Dollars, shares, days. ADV is 5 million shares; the spread of 1/8 gives all three coefficients:
 * ε is half of it, γ moves the price by one spread for each 10 % of ADV, η costs one spread for each 1 % of ADV a day.
 */
export const ALMGREN_CHRISS_EXAMPLE = {
  price: 50,
  dailyVolume: 5_000_000,
  size: 1_000_000,
  days: 5,
  periods: 5,
  volatility: 0.95,
  halfSpread: 0.0625,
  permanent: 2.5e-7,
  temporary: 2.5e-6,
} as const satisfies LinearOrder & { price: number; dailyVolume: number };

/** The example in basis points of its price, fractions of its ADV and days, which a name of any price and volume can take. */
export const ALMGREN_CHRISS_EXAMPLE_BP = {
  halfSpread: 12.5,
  permanent: 250,
  temporary: 2_500,
} as const satisfies LinearImpact;

/**
 * Linear temporary and permanent impact, Almgren and Chriss (2000), section 1.5. A slice pays ε, γ for each unit
 * that was traded before it (none for its own), and η for its rate of trading, so that an even schedule is the cheapest
 * there is. In: basis points of the arrival price, sizes over ADV, days of 390 minutes. `movedBp` is γX, what stays.
 * Throws `INVALID_PARAMETER`; its functions what `requireSlices` throws.
 */
export function almgrenChriss(impact: LinearImpact): ImpactModel {
  requireLinear(impact);
  return {
    paidBp: (slices) => {
      requireSlices(slices);
      return linearPaid(
        slices.map(({ volumeFraction, minutes }) => ({ size: volumeFraction, days: minutes / SESSION_MINUTES })),
        impact,
      );
    },
    movedBp: (slices) => {
      requireSlices(slices);
      return impact.permanent * totalFraction(slices);
    },
  };
}

/**
 * The trades of the best trajectory for a risk aversion λ (in one over price × size), Almgren and Chriss (2000),
 * section 2.2: 2 (cosh κτ - 1) / τ² = λ σ² / (η - γτ/2). Out: κ a day and one trade a period, adding up to the size;
 * λ = 0 gives equal trades. Throws `INVALID_PARAMETER`, also where η is not above γτ/2: then it has no best trajectory.
 */
export function optimalTrades(order: LinearOrder, riskAversion: number): { kappa: number; trades: number[] } {
  requireOrder(order);
  requireNotNegative('lambda', riskAversion);
  const { size, days, periods, volatility, permanent, temporary } = order;
  const tau = days / periods;
  const reduced = temporary - (permanent * tau) / 2;
  requirePositive('eta - gamma tau / 2', reduced);
  // cosh z - 1 = 2 sinh² (z/2): the form that keeps its digits where λ is small.
  const kappaTau = 2 * Math.asinh((tau * volatility * Math.sqrt(riskAversion / reduced)) / 2);
  requireNotNegative('kappa', kappaTau);
  if (kappaTau === 0) return { kappa: 0, trades: Array.from({ length: periods }, () => size / periods) };
  // 2 sinh(κτ/2) cosh(κ(T - t)) / sinh(κT) in powers of e below one, which cannot overflow.
  const scale = (2 * Math.sinh(kappaTau / 2) * size) / -Math.expm1(-2 * kappaTau * periods);
  const trades = Array.from({ length: periods }, (_, j) => {
    const passed = j + 0.5;
    return scale * (Math.exp(-kappaTau * passed) + Math.exp(-kappaTau * (2 * periods - passed)));
  });
  return { kappa: kappaTau / tau, trades };
}

/**
 * What it costs to work one trade evenly over each period: sections 1.4 and 1.5 of the paper. In: as many trades as
 * periods, in units of size. Throws `INVALID_PARAMETER`, and `INVALID_SCHEDULE` for another number of trades.
 */
export function linearCost(order: LinearOrder, trades: readonly number[]): LinearCost {
  requireOrder(order);
  if (trades.length !== order.periods) {
    throw new KernelError('INVALID_SCHEDULE', `${order.periods} periods need as many trades, not ${trades.length}.`);
  }
  const tau = order.days / order.periods;
  const paid = linearPaid(
    trades.map((size) => ({ size, days: tau })),
    order,
  );
  let left = trades.reduce((sum, trade) => sum + trade, 0);
  let [expected, variance] = [0, 0];
  trades.forEach((trade, i) => {
    left -= trade;
    expected += trade * (paid[i] ?? Number.NaN);
    variance += order.volatility ** 2 * tau * left ** 2;
  });
  return { expected, variance };
}

function linearPaid(trades: readonly { size: number; days: number }[], impact: LinearImpact): number[] {
  let before = 0;
  return trades.map(({ size, days }) => {
    const paid = impact.halfSpread + impact.permanent * before + (impact.temporary * size) / days;
    before += size;
    return paid;
  });
}

function requireOrder(order: LinearOrder): void {
  requireLinear(order);
  requirePositive('X', order.size);
  requirePositive('T', order.days);
  requireNotNegative('sigma', order.volatility);
  if (!Number.isInteger(order.periods) || order.periods < 1 || order.periods > PERIODS_MAX) {
    throw new KernelError(
      'INVALID_PARAMETER',
      `N must be a whole number from 1 to ${PERIODS_MAX}; it is ${order.periods}.`,
    );
  }
}

function requireLinear({ halfSpread, permanent, temporary }: LinearImpact): void {
  requireNotNegative('eps', halfSpread);
  requireNotNegative('gamma', permanent);
  requirePositive('eta', temporary);
}
