import { KernelError } from '../money/index.js';

export interface Quote {
  /** Multiples of 0.01, bid <= ask. */
  readonly bid: number;
  readonly ask: number;
}

const CENT = 0.01;
/** A hundred times a price in cents may miss the whole number by rounding; this much is not a fraction of a cent. */
const SLACK = 1e-6;

/**
 * The quote at a moment of a path: `minute` from its start, fractions between two boundaries interpolated, and a spread
 * of `spreadBp` basis points around that price. Bid is rounded up and ask down to the cent, so that neither lies outside
 * the day's range by more than the half spread; where no cent lies between them, both are the cent nearest the price.
 * No quote is below one cent.
 * @throws KernelError INVALID_MINUTE outside the path, INVALID_SPREAD for a negative or unreadable spread.
 */
export function quoteAt(path: Float64Array, minute: number, spreadBp: number): Quote {
  if (!(minute >= 0 && minute <= path.length - 1)) {
    throw new KernelError('INVALID_MINUTE', `Minute ${minute} is not on a path of ${path.length - 1} minutes.`);
  }
  if (!(spreadBp >= 0 && spreadBp < 20_000)) {
    throw new KernelError('INVALID_SPREAD', `The spread is ${spreadBp} bp; give 0 or more, below 20000.`);
  }
  const before = path[Math.floor(minute)]!;
  const price = before + (minute - Math.floor(minute)) * (path[Math.ceil(minute)]! - before);
  const half = spreadBp / 20_000;
  const bid = Math.ceil(price * (1 - half) * 100 - SLACK);
  const ask = Math.floor(price * (1 + half) * 100 + SLACK);
  const nearest = Math.round(price * 100);
  return bid <= ask ? { bid: cents(bid), ask: cents(ask) } : { bid: cents(nearest), ask: cents(nearest) };
}

function cents(count: number): number {
  return Math.max(CENT, count / 100);
}
