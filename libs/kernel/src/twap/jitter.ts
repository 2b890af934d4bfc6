import { KernelError, roundDownTo } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { rng } from '../random/index.js';

/**
 * By how much a schedule strays from equal slices at equal distances, so that nobody who watches the market can tell the next
 * slice from those before. The seed comes from outside: the same seed gives the same schedule, on every machine.
 */
export interface Jitter {
  readonly seed: string;
  /** From 0 to 1: each slice leaves within this fraction of its own interval, instead of at its beginning. */
  readonly time: number;
  /** From 0 to below 1: no slice is larger or smaller by more than this fraction of what it would have been. */
  readonly size: number;
}

/**
 * Moves quantities between pairs of slices, in whole increments: their sum stays, none becomes nothing or strays by more than
 * the fraction. Of an odd number one slice keeps its quantity.
 */
export function jitterQuantities(quantities: readonly Decimal[], jitter: Jitter, increment: Decimal): Decimal[] {
  requireFraction('size', jitter.size, (size) => size < 1);
  const random = rng(jitter.seed).fork('size');
  const order = random.shuffle(quantities.map((_, i) => i));
  const strayed = [...quantities];
  for (let pair = 0; pair + 1 < order.length; pair += 2) {
    const [one, other] = [order[pair]!, order[pair + 1]!];
    const [a, b] = [quantities[one]!, quantities[other]!];
    const most = roundDownTo((a.lessThan(b) ? a : b).times(jitter.size), increment);
    const moved = roundDownTo(most.times(2 * random.uniform() - 1), increment);
    strayed[one] = a.plus(moved);
    strayed[other] = b.minus(moved);
  }
  return strayed;
}

/**
 * Offsets in whole milliseconds of slices that leave somewhere within a part of their own intervals: in order, all within the
 * horizon, and neighbours at least `minIntervalMs` apart, for which the fraction is cut down where intervals are short.
 */
export function jitterOffsets(moments: number, intervalMs: number, jitter: Jitter, minIntervalMs: number): number[] {
  requireFraction('time', jitter.time, (time) => time <= 1);
  const random = rng(jitter.seed).fork('time');
  // One millisecond more, because offsets are cut down to whole ones.
  const room = Math.max(0, 1 - (minIntervalMs + 1) / intervalMs);
  const fraction = Math.min(jitter.time, room);
  return Array.from({ length: moments }, (_, i) => Math.floor((i + random.uniform() * fraction) * intervalMs));
}

function requireFraction(what: string, value: number, fits: (value: number) => boolean): void {
  if (value >= 0 && fits(value)) return;
  const most = what === 'size' ? '0 to below 1' : '0 to 1';
  throw new KernelError('INVALID_JITTER', `The jitter of ${what} must be a fraction from ${most}, not ${value}.`);
}
