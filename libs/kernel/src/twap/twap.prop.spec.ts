import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { addMilliseconds } from '../calendar/index.js';
import { D, sum } from '../money/index.js';
import { planTwap, sliceQuantities, spreadLate, twapSchedule } from './index.js';

const whole = fc.integer({ min: 1, max: 10_000_000 }).map((n) => new D(n));
const fraction = fc.bigInt({ min: 1n, max: 10n ** 16n }).map((n) => new D(n.toString()).div(1e9));
const quantity = fc.oneof(whole, fraction);
const count = fc.integer({ min: 1, max: 60 });
const START = '2026-11-20T15:00:00.000Z';

describe('twap', () => {
  it('children add up exactly, each above zero and at most the parent', () => {
    fc.assert(
      fc.property(quantity, count, fc.boolean(), (qty, slices, fractional) => {
        const children = sliceQuantities(qty, { slices, ...(fractional ? { fractional } : {}) });
        return (
          sum(children).equals(qty) &&
          children.length >= 1 &&
          children.length <= slices &&
          children.every((child) => child.greaterThan(0) && child.lessThanOrEqualTo(qty))
        );
      }),
    );
  });

  it('whole children differ by one lot at most, larger ones first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), count, fc.integer({ min: 1, max: 200 }), (lots, slices, lot) => {
        const children = sliceQuantities(new D(lots).times(lot), { slices, lotSize: new D(lot) });
        return children.every((child, i) => {
          const before = children[i - 1] ?? child;
          const first = children[0] ?? child;
          return (
            child.mod(lot).isZero() && child.lessThanOrEqualTo(before) && first.minus(child).lessThanOrEqualTo(lot)
          );
        });
      }),
    );
  });

  it('offsets rise evenly and stay inside the horizon', () => {
    fc.assert(
      fc.property(quantity, count, fc.integer({ min: 1, max: 390 }), (qty, slices, horizonMinutes) => {
        const rows = twapSchedule({ qty, slices, horizonMinutes });
        return rows.every((row, i) => {
          const before = rows[i - 1];
          return row.i === i && row.offsetMs < horizonMinutes * 60_000 && (!before || row.offsetMs > before.offsetMs);
        });
      }),
    );
  });

  it('due times rise from the start and stay one interval before the close', () => {
    const span = fc.integer({ min: 1, max: 23_400_000 });
    fc.assert(
      fc.property(quantity, count, span, span, (qty, slices, horizonMs, leftMs) => {
        const sessionClose = addMilliseconds(START, leftMs);
        const plan = planTwap({ qty, slices, horizonMs, startAt: START, sessionClose });
        const { intervalMs } = plan;
        const latest = addMilliseconds(START, Math.floor(leftMs - intervalMs));
        return (
          sum(plan.slices.map((slice) => slice.qty)).equals(qty) &&
          plan.slices[0]?.dueAt === START &&
          plan.slices.every(({ dueAt }, i) => dueAt <= latest && dueAt >= (plan.slices[i - 1]?.dueAt ?? START))
        );
      }),
    );
  });

  it('spreading late slices loses nothing, adds nothing and never passes the cap', () => {
    const cap = fc.integer({ min: 0, max: 300 }).map((percent) => percent / 100);
    fc.assert(
      fc.property(quantity, count, cap, fc.integer({ min: 0, max: 3_600_000 }), (qty, slices, capFraction, lateMs) => {
        const plan = planTwap({
          qty,
          slices,
          horizonMs: 3_600_000,
          startAt: START,
          sessionClose: '2026-11-20T21:00:00.000Z',
        });
        const now = addMilliseconds(START, lateMs);
        const spread = spreadLate(plan.slices, now, { capFraction });
        return (
          sum(spread.slices.map((slice) => slice.qty))
            .plus(spread.unplaced)
            .equals(qty) &&
          !spread.unplaced.isNegative() &&
          spread.slices.every(
            (slice) =>
              slice.dueAt >= now &&
              slice.qty.greaterThanOrEqualTo(slice.plannedQty) &&
              slice.qty.lessThanOrEqualTo(slice.plannedQty.times(new D(capFraction).plus(1))),
          )
        );
      }),
    );
  });
});
