import { stdev } from './moments.js';
import { observationAt } from './observations.js';
import type { Series } from './observations.js';

/** Exchange sessions in a year by the convention of the field; volatilities are annualised with its square root. */
export const SESSIONS_PER_YEAR = 252;

/**
 * Returns p[i+1] / p[i] - 1, one fewer than prices. NaN where either price is missing or not positive: a return over a
 * gap would be a return of several sessions passed off as one.
 */
export function simpleReturns(prices: Series): Float64Array {
  return returnsBy(prices, (from, to) => to / from - 1);
}

/** Returns ln(p[i+1] / p[i]), one fewer than prices; NaN as in `simpleReturns`. */
export function logReturns(prices: Series): Float64Array {
  return returnsBy(prices, (from, to) => Math.log(to / from));
}

/** Sample standard deviation of one-session returns times the root of 252, as a fraction a year; null below 2 returns. */
export function annualisedVolatility(returns: Series): number | null {
  const daily = stdev(returns, 1);
  return daily === null ? null : daily * Math.sqrt(SESSIONS_PER_YEAR);
}

function returnsBy(prices: Series, rule: (from: number, to: number) => number): Float64Array {
  const returns = new Float64Array(Math.max(0, prices.length - 1));
  for (let i = 0; i < returns.length; i += 1) {
    const from = observationAt(prices, i);
    const to = observationAt(prices, i + 1);
    returns[i] = from > 0 && to > 0 ? rule(from, to) : Number.NaN;
  }
  return returns;
}
