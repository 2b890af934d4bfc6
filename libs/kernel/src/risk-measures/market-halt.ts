import { D, KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';

export type HaltLevel = 1 | 2 | 3;

export interface MarketWideHalt {
  readonly level: HaltLevel;
  readonly halt: '15m' | 'day';
}

const DECLINES: readonly (readonly [HaltLevel, Decimal])[] = [
  [3, new D('0.20')],
  [2, new D('0.13')],
  [1, new D('0.07')],
];
/** A decline that begins within so many minutes of the close halts only at level 3: from 15:25 on, 12:25 on a half day. */
const LATE_MINUTES = 35;

export interface IndexDecline {
  /** S&P 500 at the close of the session before, and now. */
  readonly previousClose: Decimal;
  readonly index: Decimal;
  readonly minutesToClose: number;
  /** The level that has halted the market today already; each of 1 and 2 does so once. */
  readonly reached?: HaltLevel | null;
}

/**
 * Whether the market as a whole halts: at 7 % and 13 % under the close before for 15 minutes, once each and not in the last 35
 * minutes; at 20 % for the rest of the day, at any time. Null where it does not. Source: NYSE Rule 7.12.
 * @throws KernelError INVALID_PARAMETER where an index is not above zero.
 */
export function marketWideHalt({
  previousClose,
  index,
  minutesToClose,
  reached = null,
}: IndexDecline): MarketWideHalt | null {
  for (const [name, value] of [
    ['previousClose', previousClose],
    ['index', index],
  ] as const) {
    if (!value.isFinite() || !value.greaterThan(0)) {
      throw new KernelError('INVALID_PARAMETER', `${name} is ${value.toString()}; an index is above zero.`);
    }
  }
  const fallen = (fraction: Decimal): boolean =>
    previousClose.minus(index).greaterThanOrEqualTo(previousClose.times(fraction));
  const level = DECLINES.find(([, fraction]) => fallen(fraction))?.[0];
  if (level === undefined) return null;
  if (level === 3) return { level, halt: 'day' };
  return minutesToClose <= LATE_MINUTES || level <= (reached ?? 0) ? null : { level, halt: '15m' };
}
