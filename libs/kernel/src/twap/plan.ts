import { addMilliseconds, millisecondsBetween } from '../calendar/index.js';
import type { Instant } from '../calendar/index.js';
import { KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { sliceQuantities } from './slice.js';
import type { SliceOptions } from './slice.js';

/** Slices nearer together than this are no schedule. */
const MIN_INTERVAL_MS = 1000;

/** One row of a schedule that is not yet placed in time. */
export interface ScheduledSlice {
  /** Position, from 0. */
  readonly i: number;
  readonly qty: Decimal;
  /** i × interval in milliseconds, not rounded. */
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
  /** The horizon used, in milliseconds; shorter than asked for where the session ends before. 0 for one slice now. */
  readonly horizonMs: number;
  readonly truncated: boolean;
}

/**
 * Slices a quantity over a horizon: interval = horizon / slices that come out, slice i at i × interval, so the first at
 * once and none at the end of the horizon. In: quantity in units, horizon in minutes above zero. Out: rows in order.
 *
 * Throws `INVALID_HORIZON`, and what `sliceQuantities` throws.
 */
export function twapSchedule({
  qty,
  horizonMinutes,
  ...options
}: SliceOptions & { readonly qty: Decimal; readonly horizonMinutes: number }): ScheduledSlice[] {
  const quantities = sliceQuantities(qty, options);
  requireHorizon(horizonMinutes);
  const intervalMs = (horizonMinutes * 60_000) / quantities.length;
  return quantities.map((each, i) => ({ i, qty: each, offsetMs: i * intervalMs }));
}

/**
 * Places the slices of a parent order at absolute due times, inside the session.
 *
 * Where the horizon passes the close it is shortened to end at the close, so that the last slice is due one interval
 * before it, with as many slices as planned. Where that would put slices nearer than a second together, nothing fits
 * and the whole quantity is one slice now. Due times are cut down to the millisecond from the exact offset, never added
 * up. Throws `SESSION_CLOSED` where `startAt` is not before `sessionClose`, `INVALID_HORIZON`, and what
 * `sliceQuantities` throws.
 */
export function planTwap({
  qty,
  horizonMs,
  startAt,
  sessionClose,
  ...options
}: SliceOptions & {
  readonly qty: Decimal;
  readonly horizonMs: number;
  readonly startAt: Instant;
  readonly sessionClose: Instant;
}): TwapPlan {
  const quantities = sliceQuantities(qty, options);
  requireHorizon(horizonMs);
  const leftMs = millisecondsBetween(startAt, sessionClose);
  if (leftMs <= 0) {
    throw new KernelError(
      'SESSION_CLOSED',
      `The session closed at ${sessionClose}, not after the start at ${startAt}; start in the next session.`,
    );
  }
  const truncated = horizonMs > leftMs;
  if (quantities.length > 0 && truncated && leftMs < quantities.length * MIN_INTERVAL_MS) {
    return { slices: [{ i: 0, qty, plannedQty: qty, dueAt: startAt }], horizonMs: 0, truncated };
  }
  const usedMs = Math.min(horizonMs, leftMs);
  const slices = quantities.map((each, i) => {
    const dueAt = addMilliseconds(startAt, Math.floor((i * usedMs) / quantities.length));
    return { i, qty: each, plannedQty: each, dueAt };
  });
  return { slices, horizonMs: usedMs, truncated };
}

function requireHorizon(horizon: number): void {
  if (!Number.isFinite(horizon) || horizon <= 0) {
    throw new KernelError('INVALID_HORIZON', `The horizon must be a number above zero, not ${horizon}.`);
  }
}
