import { addMilliseconds, millisecondsBetween } from '../calendar/index.js';
import type { Instant } from '../calendar/index.js';
import { D, KernelError, roundDownTo } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import type { TwapSlice } from './plan.js';
import { dealOut } from './spread-late.js';

/** What an unfinished order goes on with after its horizon. */
export interface Extension {
  /** The first due at `from`, each an interval after the one before, the last before the close. */
  readonly slices: readonly TwapSlice[];
  /** What finds no room before the close. It is the caller's to void. */
  readonly unplaced: Decimal;
}

/**
 * Goes on slicing what a horizon left over, at the pace of the plan, up to the close of the session.
 *
 * In: `qty`, what is left; `largest`, the most that one slice may be, so that an extension is no burst either; `intervalMs`,
 * that of the plan, at least a second; `increment`, what quantities are multiples of. Out: as few slices as hold it
 * under the cap, of even size. Nothing fits at or after the close. Throws `INVALID_INTERVAL`, `INVALID_INCREMENT`.
 */
export function extendTwap({
  qty,
  from,
  sessionClose,
  intervalMs,
  largest,
  increment,
}: {
  readonly qty: Decimal;
  readonly from: Instant;
  readonly sessionClose: Instant;
  readonly intervalMs: number;
  readonly largest: Decimal;
  readonly increment: Decimal;
}): Extension {
  if (!Number.isFinite(intervalMs) || intervalMs < MIN_INTERVAL_MS) {
    throw new KernelError('INVALID_INTERVAL', `The interval must be ${MIN_INTERVAL_MS} ms or more, not ${intervalMs}.`);
  }
  const most = roundDownTo(largest, increment);
  const whole = roundDownTo(qty, increment);
  const moments = Math.max(0, Math.ceil(millisecondsBetween(from, sessionClose) / intervalMs));
  if (moments === 0 || most.isZero() || whole.isZero()) return { slices: [], unplaced: qty };
  const needed = whole.div(most).ceil();
  const count = needed.lessThan(moments) ? needed.toNumber() : moments;
  const quantities = dealOut(
    whole,
    Array.from({ length: count }, () => most),
    increment,
  );
  const slices = quantities.map((each, i) => ({
    i,
    qty: each,
    plannedQty: each,
    dueAt: addMilliseconds(from, Math.floor(i * intervalMs)),
  }));
  const placed = D.min(whole, most.times(count));
  return { slices, unplaced: new D(qty).minus(placed) };
}

/** Slices nearer together than this are no schedule. */
const MIN_INTERVAL_MS = 1000;
