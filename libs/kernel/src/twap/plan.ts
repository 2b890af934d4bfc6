import { instantToMs, millisecondsBetween, msToInstant } from '../calendar/index.js';
import type { Instant } from '../calendar/index.js';
import { KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { cutToFreeze } from './freeze.js';
import { jitterOffsets, jitterQuantities } from './jitter.js';
import type { Jitter } from './jitter.js';
import { incrementOf, sliceQuantities } from './slice.js';
import type { SliceOptions } from './slice.js';

/** Slices nearer together than this are no schedule. */
const MIN_INTERVAL_MS = 1000;

/** How a parent order is cut and spread over time. */
export interface TwapOptions extends SliceOptions {
  /**
   * The most that an exchange takes in one order (NSE: freeze quantity). What is due at a moment beyond it leaves as several
   * orders at that moment: the limit is on an order, and the schedule stays the one that was asked for.
   */
  readonly freezeQuantity?: Decimal;
  /** Left out, slices are equal and at equal distances. */
  readonly jitter?: Jitter;
  /** Fewer slices come out where they would be nearer together than this. */
  readonly minIntervalMs?: number;
}

/** One row of a schedule that is not yet placed in time. */
export interface ScheduledSlice {
  /** Position, from 0. */
  readonly i: number;
  readonly qty: Decimal;
  /** Which of the moments it leaves at, from 0; rows share one where a freeze quantity cut them. */
  readonly moment: number;
  /** moment × interval in milliseconds, not rounded; with jitter whole milliseconds within the interval. */
  readonly offsetMs: number;
}

/** One slice of a parent order, to be sent at `dueAt`. */
export interface TwapSlice {
  /** Position in the plan, from 0; it names the slice for good. */
  readonly i: number;
  /** What to send now, with what late slices handed on. */
  readonly qty: Decimal;
  /** What the plan gave this slice at first; the cap of `spreadLate` is measured against it. */
  readonly plannedQty: Decimal;
  readonly dueAt: Instant;
}

/** A parent order placed in time. */
export interface TwapPlan {
  readonly slices: readonly TwapSlice[];
  /** The horizon used, in milliseconds; shorter than asked for where the session ends before. */
  readonly horizonMs: number;
  /** From one moment to the next without jitter, in milliseconds, not rounded; 0 where there is none. */
  readonly intervalMs: number;
  readonly truncated: boolean;
}

/**
 * Slices a quantity over a horizon: interval = horizon / slices that come out, slice i at i × interval, so the first at
 * once and none at the end of the horizon. In: quantity in units, horizon in minutes above zero. Out: rows in order.
 *
 * Throws `INVALID_HORIZON`, `INVALID_INTERVAL`, `INVALID_FREEZE`, `INVALID_JITTER`, and what `sliceQuantities` throws.
 */
export function twapSchedule({
  qty,
  horizonMinutes,
  ...options
}: TwapOptions & { readonly qty: Decimal; readonly horizonMinutes: number }): ScheduledSlice[] {
  return spreadOverHorizon(qty, horizonMinutes * 60_000, options);
}

/**
 * Places the slices of a parent order at absolute due times, inside the session.
 *
 * Where the horizon passes the close it is shortened to end at the close, so that the last slice is due one interval
 * before it. As many slices as planned, or as many as fit at a second's distance, or at `minIntervalMs` where that is
 * longer. Due times are cut down to the millisecond from the exact offset, never added up. Throws
 * `SESSION_CLOSED` where `startAt` is not before `sessionClose`, and what `twapSchedule` throws.
 */
export function planTwap({
  qty,
  horizonMs,
  startAt,
  sessionClose,
  ...options
}: TwapOptions & {
  readonly qty: Decimal;
  readonly horizonMs: number;
  readonly startAt: Instant;
  readonly sessionClose: Instant;
}): TwapPlan {
  requireAbove('INVALID_HORIZON', 'horizon', horizonMs, 0);
  const leftMs = millisecondsBetween(startAt, sessionClose);
  if (leftMs <= 0) {
    throw new KernelError(
      'SESSION_CLOSED',
      `The session closed at ${sessionClose}, not after the start at ${startAt}; start in the next session.`,
    );
  }
  const usedMs = Math.min(horizonMs, leftMs);
  const minIntervalMs = Math.max(MIN_INTERVAL_MS, options.minIntervalMs ?? 0);
  const rows = spreadOverHorizon(qty, usedMs, { ...options, minIntervalMs });
  const startMs = instantToMs(startAt);
  const slices = rows.map((row) => {
    const dueAt = msToInstant(startMs + Math.floor(row.offsetMs));
    return { i: row.i, qty: row.qty, plannedQty: row.qty, dueAt };
  });
  const moments = (rows.at(-1)?.moment ?? -1) + 1;
  return { slices, horizonMs: usedMs, intervalMs: moments === 0 ? 0 : usedMs / moments, truncated: horizonMs > leftMs };
}

function spreadOverHorizon(qty: Decimal, horizonMs: number, options: TwapOptions): ScheduledSlice[] {
  const { freezeQuantity, jitter, minIntervalMs = 0, ...slicing } = options;
  const cut = sliceQuantities(qty, slicing);
  requireAbove('INVALID_HORIZON', 'horizon', horizonMs, 0);
  requireAbove('INVALID_INTERVAL', 'least interval', minIntervalMs, -1);
  if (cut.length === 0) return [];
  const most = minIntervalMs > 0 ? Math.max(1, Math.floor(horizonMs / minIntervalMs)) : cut.length;
  const quantities = cut.length > most ? sliceQuantities(qty, { ...slicing, slices: most }) : cut;
  const increment = incrementOf(qty, slicing);
  const intervalMs = horizonMs / quantities.length;
  const sizes = jitter ? jitterQuantities(quantities, jitter, increment) : quantities;
  const offsets = jitter
    ? jitterOffsets(quantities.length, intervalMs, jitter, Math.max(MIN_INTERVAL_MS, minIntervalMs))
    : quantities.map((_, i) => (i * horizonMs) / quantities.length);
  return sizes
    .flatMap((size, moment) => cutToFreeze(size, freezeQuantity, increment).map((part) => ({ moment, qty: part })))
    .map(({ moment, qty: part }, i) => ({ i, qty: part, moment, offsetMs: offsets[moment]! }));
}

function requireAbove(code: string, what: string, value: number, above: number): void {
  if (Number.isFinite(value) && value > above) return;
  const least = above < 0 ? 'of zero or more' : 'above zero';
  throw new KernelError(code, `The ${what} must be a number ${least}, not ${value}.`);
}
