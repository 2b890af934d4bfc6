import { D, KernelError, roundDownTo } from '../money/index.js';
import type { Decimal } from '../money/index.js';

/** What of a slice may leave now. */
export interface Participation {
  readonly leaves: Decimal;
  /** What has to wait; it is the caller's to hand on to later slices, under their cap. */
  readonly waits: Decimal;
  /** `unknown`: nobody knows what the market traded, so nothing leaves. */
  readonly state: 'free' | 'capped' | 'unknown';
}

/**
 * Holds a slice back to its part of the market: (own + what leaves) ÷ volume ≤ maxRatio over one window.
 *
 * In: `wanted`, shares that are due; `own`, shares of the order that were filled or may still fill of what was sent in the
 * window; `marketVolume`, shares that all traded in the window, null where it is not known; `maxRatio`, above 0 and at most
 * 1; `increment`, what quantities are multiples of. Out: leaves + waits = wanted, exactly. The volume includes
 * what we traded; what leaves now is not in it yet, so that the true part is a little lower. Throws `INVALID_PARTICIPATION`.
 */
export function participate({
  wanted,
  own,
  marketVolume,
  maxRatio,
  increment,
}: {
  readonly wanted: Decimal;
  readonly own: Decimal;
  readonly marketVolume: Decimal | null;
  readonly maxRatio: Decimal;
  readonly increment: Decimal;
}): Participation {
  if (!maxRatio.greaterThan(0) || maxRatio.greaterThan(1)) {
    throw new KernelError(
      'INVALID_PARTICIPATION',
      `The part of the market's volume must be above 0 and at most 1, not ${maxRatio.toString()}.`,
    );
  }
  if (marketVolume === null) return { leaves: new D(0), waits: wanted, state: 'unknown' };
  if (!marketVolume.isFinite() || marketVolume.isNegative() || own.isNegative()) {
    throw new KernelError(
      'INVALID_PARTICIPATION',
      `Volumes must be zero or more, not ${marketVolume.toString()} of the market and ${own.toString()} of the order.`,
    );
  }
  const room = D.max(0, new D(marketVolume).times(maxRatio).minus(own));
  if (room.greaterThanOrEqualTo(wanted)) return { leaves: wanted, waits: new D(0), state: 'free' };
  const leaves = roundDownTo(room, increment);
  return { leaves, waits: wanted.minus(leaves), state: 'capped' };
}
