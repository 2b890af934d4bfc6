/** The first wait before a connection is opened again, and the longest, in ms. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** Alpaca gives up a connection that is half dead after 90 seconds; before that it answers 406. */
export const LONG_WAIT_MS = 100_000;

/**
 * How long to wait before the connection is opened again, in ms: doubled each time, and between a half and all of that by
 * chance, so that many clients do not come back at once.
 * @param failures how often it failed in a row before this wait; 0 for the first.
 * @param chance a number from 0, included, to 1.
 */
export function backoffMs(failures: number, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
  return Math.round(full * (0.5 + chance / 2));
}
