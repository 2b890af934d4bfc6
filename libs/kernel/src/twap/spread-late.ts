import type { Instant } from '../calendar/index.js';
import { D, KernelError, roundDownTo, sum } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import type { TwapSlice } from './plan.js';
import { FRACTION_UNIT } from './slice.js';

/** What became of the slices of a plan that were not sent in time. */
export interface LateSpread {
  /** The slices still to send, in order, with what they took over. */
  readonly slices: readonly TwapSlice[];
  /** The slices that were late and are not to be sent. */
  readonly late: readonly TwapSlice[];
  /** The late quantity that found no room under the cap. It is the caller's to carry on or to void. */
  readonly unplaced: Decimal;
}

/**
 * Spreads late slices (due before `now`) over the ones still to come (due at `now` or later), under a cap, never burst.
 *
 * In: slices not sent yet; `capFraction`, by how much of its planned quantity a slice may grow in all (0.5 is half as
 * much again), however often it takes over; `increment`, what quantities are multiples of: the lot, 1 for whole shares;
 * left out, 1 where every quantity is whole and 1e-9 otherwise.
 * Out: the late quantity is dealt out evenly, one increment each to the first for a remainder; what the cap refuses is
 * `unplaced`, and slices + unplaced = what came in, exactly. Throws `INVALID_CAP`, `INVALID_INCREMENT`.
 */
export function spreadLate(
  slices: readonly TwapSlice[],
  now: Instant,
  capFraction: number,
  increment: Decimal = commonIncrement(slices),
): LateSpread {
  if (!Number.isFinite(capFraction) || capFraction < 0) {
    throw new KernelError('INVALID_CAP', `The cap must be a fraction of zero or more, not ${capFraction}.`);
  }
  const late = slices.filter((slice) => slice.dueAt < now);
  const coming = slices.filter((slice) => slice.dueAt >= now);
  const lateQty = sum(late.map((slice) => slice.qty));
  const rooms = coming.map((slice) => {
    const most = new D(slice.plannedQty).times(new D(capFraction).plus(1));
    return D.max(0, roundDownTo(most.minus(slice.qty), increment));
  });
  const taken = dealOut(roundDownTo(lateQty, increment), rooms, increment);
  return {
    slices: coming.map((slice, i) => ({ ...slice, qty: slice.qty.plus(taken[i] ?? 0) })),
    late,
    unplaced: lateQty.minus(sum(taken)),
  };
}

/** Deals a quantity out evenly in increments until it is gone or no room is left; what is taken a slice comes out. */
function dealOut(qty: Decimal, rooms: readonly Decimal[], increment: Decimal): Decimal[] {
  const taken = rooms.map(() => new D(0));
  let left = qty;
  for (;;) {
    const open = rooms.flatMap((room, i) => (room.greaterThan(taken[i] ?? 0) ? [i] : []));
    if (open.length === 0 || left.isZero()) return taken;
    const share = D.max(increment, roundDownTo(left.div(open.length), increment));
    for (const i of open) {
      const already = taken[i] ?? new D(0);
      const more = D.min(share, left, (rooms[i] ?? already).minus(already));
      taken[i] = already.plus(more);
      left = left.minus(more);
    }
  }
}

function commonIncrement(slices: readonly TwapSlice[]): Decimal {
  return slices.every((slice) => slice.qty.isInteger()) ? new D(1) : FRACTION_UNIT;
}
