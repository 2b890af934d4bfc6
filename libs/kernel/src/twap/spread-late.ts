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

/** How far slices may take over from others. */
export interface TakeOver {
  /** By how much of its planned quantity a slice may grow in all, however often it takes over: 0.5 is half as much again. */
  readonly capFraction: number;
  /** What quantities are multiples of: the lot, 1 for whole shares. Left out, 1 where every quantity is whole, else 1e-9. */
  readonly increment?: Decimal;
  /** No slice becomes more than an exchange takes in one order. */
  readonly freezeQuantity?: Decimal;
}

/**
 * Spreads late slices (due before `now`) over the ones still to come (due at `now` or later), under a cap, never burst.
 *
 * In: slices not sent yet. Out: the late quantity is handed on (`handOn`), and slices + unplaced = what came in, exactly.
 * Throws `INVALID_CAP`, `INVALID_INCREMENT`.
 */
export function spreadLate(slices: readonly TwapSlice[], now: Instant, takeOver: TakeOver): LateSpread {
  const late = slices.filter((slice) => slice.dueAt < now);
  const coming = slices.filter((slice) => slice.dueAt >= now);
  const increment = takeOver.increment ?? commonIncrement(slices);
  const handedOn = handOn(sum(late.map((slice) => slice.qty)), coming, { ...takeOver, increment });
  return { ...handedOn, late };
}

/**
 * Deals a quantity out to slices to come, evenly, one increment each to the first for a remainder, as far as each may grow.
 * Out: the slices with what they took, and what found no room. Throws `INVALID_CAP`, `INVALID_INCREMENT`.
 */
export function handOn(
  qty: Decimal,
  slices: readonly TwapSlice[],
  { capFraction, increment = commonIncrement(slices), freezeQuantity }: TakeOver,
): { readonly slices: readonly TwapSlice[]; readonly unplaced: Decimal } {
  if (!Number.isFinite(capFraction) || capFraction < 0) {
    throw new KernelError('INVALID_CAP', `The cap must be a fraction of zero or more, not ${capFraction}.`);
  }
  const rooms = slices.map((slice) => {
    const grown = new D(slice.plannedQty).times(new D(capFraction).plus(1));
    const most = freezeQuantity ? D.min(grown, freezeQuantity) : grown;
    return D.max(0, roundDownTo(most.minus(slice.qty), increment));
  });
  const taken = dealOut(roundDownTo(qty, increment), rooms, increment);
  return {
    slices: slices.map((slice, i) => ({ ...slice, qty: slice.qty.plus(taken[i] ?? 0) })),
    unplaced: new D(qty).minus(sum(taken)),
  };
}

/** Deals a quantity out evenly in increments until it is gone or no room is left; what is taken a slice comes out. */
export function dealOut(qty: Decimal, rooms: readonly Decimal[], increment: Decimal): Decimal[] {
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
