import { logReturns, observations } from '../statistics/index.js';

/** A window counts when three quarters of it were observed, as 15 of 20 sessions do for average daily volume. */
export const COVERAGE_MIN = 0.75;

/** True when a window of `window` sessions is observed well enough to say something about it. */
export function covers(observed: number, window: number): boolean {
  return observed >= Math.ceil(window * COVERAGE_MIN);
}

/**
 * The log returns of the `window` sessions that end `endOffset` sessions before the last one; null when the history is
 * too short or less than three quarters of them were observed.
 */
export function recentLogReturns(closes: Float64Array, window: number, endOffset = 0): number[] | null {
  const end = closes.length - endOffset;
  if (end < window + 1) return null;
  const returns = observations(logReturns(closes.subarray(end - window - 1, end)));
  return covers(returns.length, window) ? returns : null;
}
