import { KernelError } from '../money/index.js';
import { rng } from '../random/index.js';
import type { Rng } from '../random/index.js';

/** One day to walk through, prices a share. */
export interface PathInput {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** The same seed walks the same way. */
  readonly seed: string | number;
  /** Length of the session: 390, or 210 on a half day; at least 3. */
  readonly minutes?: number;
}

interface Anchor {
  readonly minute: number;
  readonly price: number;
}

/** The range of a Brownian day is about 1.6 times the deviation of its end (Feller 1951: √(8/π)). */
const RANGE_PER_DEVIATION = Math.sqrt(8 / Math.PI);

/**
 * A synthetic path through a day: prices at minute 0, 1, ... `minutes` (one more than minutes). It starts at the open,
 * ends at the close, touches high and low and never leaves them. Each extreme gets a seeded minute (or the open or close
 * that already is one); between these anchors runs a Brownian bridge, reflected at high and low.
 * @throws KernelError INVALID_BAR when a price is missing, not above zero or outside [low, high]; INVALID_WINDOW when
 * there are fewer than 3 minutes, which have no room for both extremes.
 */
export function intradayPath({ open, high, low, close, seed, minutes = 390 }: PathInput): Float64Array {
  requireDay({ open, high, low, close }, minutes);
  const random = rng(seed);
  const path = new Float64Array(minutes + 1);
  const step = (high - low) / (RANGE_PER_DEVIATION * Math.sqrt(minutes));
  const anchors = anchorsOf({ open, high, low, close }, minutes, random);
  for (let i = 1; i < anchors.length; i += 1) {
    walkBridge(path, anchors[i - 1]!, anchors[i]!, step, random, (price) => reflected(price, low, high));
  }
  for (const { minute, price } of anchors) path[minute] = price;
  return path;
}

function anchorsOf(
  { open, high, low, close }: Pick<PathInput, 'open' | 'high' | 'low' | 'close'>,
  minutes: number,
  random: Rng,
): Anchor[] {
  const touched = (price: number): boolean => price === open || price === close;
  const inside = minutes - 1;
  const highAt = 1 + random.int(inside);
  // The second extreme takes any of the other inner minutes, each as likely.
  const shifted = 1 + random.int(inside - 1);
  const lowAt = shifted >= highAt ? shifted + 1 : shifted;
  const extremes = [
    ...(touched(high) ? [] : [{ minute: highAt, price: high }]),
    ...(touched(low) ? [] : [{ minute: lowAt, price: low }]),
  ].sort((a, b) => a.minute - b.minute);
  return [{ minute: 0, price: open }, ...extremes, { minute: minutes, price: close }];
}

function walkBridge(
  path: Float64Array,
  from: Anchor,
  to: Anchor,
  step: number,
  random: Rng,
  bounded: (price: number) => number,
): void {
  const length = to.minute - from.minute;
  const walk = new Float64Array(length + 1);
  for (let k = 1; k <= length; k += 1) walk[k] = walk[k - 1]! + step * random.normal();
  const drift = to.price - from.price - walk[length]!;
  for (let k = 1; k < length; k += 1) path[from.minute + k] = bounded(from.price + walk[k]! + (drift * k) / length);
}

/** Folds a price back into [low, high], as a ball bounces between two walls. */
function reflected(price: number, low: number, high: number): number {
  const range = high - low;
  if (range === 0) return low;
  const along = (((price - low) % (2 * range)) + 2 * range) % (2 * range);
  return Math.min(high, Math.max(low, along <= range ? low + along : high - (along - range)));
}

function requireDay(day: Pick<PathInput, 'open' | 'high' | 'low' | 'close'>, minutes: number): void {
  const { open, high, low, close } = day;
  const consistent =
    [open, high, low, close].every((price) => Number.isFinite(price) && price > 0) &&
    low <= Math.min(open, close) &&
    high >= Math.max(open, close);
  if (!consistent) {
    throw new KernelError(
      'INVALID_BAR',
      `No path goes through open ${open}, high ${high}, low ${low}, close ${close}; repair or leave out the bar.`,
    );
  }
  if (!Number.isInteger(minutes) || minutes < 3) {
    throw new KernelError('INVALID_WINDOW', `The session has ${minutes} minutes; give a whole number of at least 3.`);
  }
}
