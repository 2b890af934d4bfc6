// Goal: ten thousand random parent orders keep the laws of slicing, whatever is switched on together.
import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { addMilliseconds, millisecondsBetween } from '../calendar/index.js';
import { D, sum } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { extendTwap, handOn, incrementOf, participate, planTwap, sliceQuantities, spreadLate } from './index.js';
import type { TwapPlan } from './index.js';

/** Parents a law; all laws together see more than ten thousand. */
const PARENTS = { numRuns: 2_000 };
const START = '2026-11-20T15:00:00.000Z';

interface Parent {
  readonly qty: Decimal;
  readonly slices: number;
  readonly lotSize: Decimal;
  readonly freezeQuantity?: Decimal;
  readonly jitter?: { readonly seed: string; readonly time: number; readonly size: number };
  readonly minIntervalMs?: number;
  readonly horizonMs: number;
  readonly leftMs: number;
}

const percent = (max: number) => fc.integer({ min: 0, max }).map((n) => n / 100);
const lots = fc.constantFrom(1, 1, 1, 25, 75).map((lot) => new D(lot));

const parent: fc.Arbitrary<Parent> = fc
  .record({
    lotSize: lots,
    units: fc.integer({ min: 1, max: 20_000 }),
    fraction: fc.option(fc.integer({ min: 1, max: 999_999_999 }), { freq: 4 }),
    slices: fc.integer({ min: 1, max: 40 }),
    freezeLots: fc.option(fc.integer({ min: 100, max: 5_000 })),
    jitter: fc.option(fc.record({ seed: fc.string({ maxLength: 8 }), time: percent(100), size: percent(99) })),
    minIntervalMs: fc.option(fc.integer({ min: 0, max: 600_000 })),
    horizonMs: fc.integer({ min: 1, max: 23_400_000 }),
    leftMs: fc.integer({ min: 1, max: 23_400_000 }),
  })
  .map(({ lotSize, units, fraction, slices, freezeLots, jitter, minIntervalMs, horizonMs, leftMs }) => ({
    qty: lotSize.times(units).plus(fraction !== null && lotSize.equals(1) ? new D(fraction).div(1e9) : 0),
    ...{ slices, lotSize, horizonMs, leftMs },
    ...(freezeLots === null ? {} : { freezeQuantity: lotSize.times(freezeLots) }),
    ...(jitter === null ? {} : { jitter }),
    ...(minIntervalMs === null ? {} : { minIntervalMs }),
  }));

const planned = ({ leftMs, ...options }: Parent): TwapPlan =>
  planTwap({ ...options, startAt: START, sessionClose: addMilliseconds(START, leftMs) });

/** Quantities by due time: what leaves at one moment. */
function moments(plan: TwapPlan): [number, Decimal][] {
  const at = new Map<string, Decimal>();
  for (const { dueAt, qty } of plan.slices) at.set(dueAt, (at.get(dueAt) ?? new D(0)).plus(qty));
  return [...at].map(([dueAt, qty]) => [millisecondsBetween(START, dueAt), qty]);
}

const holds = (law: (of: Parent) => boolean): void => fc.assert(fc.property(parent, law), PARENTS);

describe('of a random parent', () => {
  it('sum: the slices add up to it exactly, and each is more than nothing', () => {
    holds((of) => {
      const quantities = planned(of).slices.map(({ qty }) => qty);
      return sum(quantities).equals(of.qty) && quantities.every((qty) => qty.greaterThan(0));
    });
  });

  it('order: slices are numbered through, due in their order, from the start on and before its horizon ends', () => {
    holds((of) => {
      const { slices, horizonMs } = planned(of);
      const end = addMilliseconds(START, Math.min(horizonMs, of.leftMs));
      return slices.every(
        ({ i, dueAt }, at) => i === at && dueAt >= START && dueAt < end && dueAt >= (slices[at - 1]?.dueAt ?? START),
      );
    });
  });

  it('spacing: moments are never nearer than a second, or than the least interval', () => {
    holds((of) => {
      const least = Math.max(1_000, of.minIntervalMs ?? 0);
      const offsets = moments(planned(of)).map(([offset]) => offset);
      // Due times are cut down to the millisecond, so that two of them may be one nearer.
      return offsets.every((offset, at) => at === 0 || offset - offsets[at - 1]! >= least - 1);
    });
  });

  it('lots: every slice is whole lots, or whole shares, or 1e-9 of one', () => {
    holds((of) => {
      const increment = incrementOf(of.qty, of);
      return planned(of).slices.every(({ qty }) => qty.mod(increment).isZero());
    });
  });

  it('freeze: no order is more than the exchange takes, and only the last of a moment is less', () => {
    holds((of) => {
      const { slices } = planned(of);
      const most = of.freezeQuantity ?? of.qty;
      return slices.every(
        ({ qty, dueAt }, at) => qty.lessThanOrEqualTo(most) && (slices[at + 1]?.dueAt !== dueAt || qty.equals(most)),
      );
    });
  });

  it('seeds: the same seed gives the same plan, and sizes stray no further than they may', () => {
    holds((of) => {
      const plan = planned(of);
      const sizes = moments(plan).map(([, qty]) => qty);
      const even = sliceQuantities(of.qty, { slices: sizes.length, lotSize: of.lotSize });
      const size = of.jitter?.size ?? 0;
      return (
        JSON.stringify(plan) === JSON.stringify(planned(of)) &&
        sizes.every((qty, i) => {
          const was = even[i] ?? new D(0);
          return qty.minus(was).abs().lessThanOrEqualTo(was.times(size));
        })
      );
    });
  });

  it('caps: what is late is handed on without loss, never beyond the cap or the freeze quantity', () => {
    const late = fc.record({ of: parent, cap: percent(200), lateMs: fc.integer({ min: 0, max: 23_400_000 }) });
    fc.assert(
      fc.property(late, ({ of, cap, lateMs }) => {
        const now = addMilliseconds(START, lateMs);
        const { freezeQuantity } = of;
        const increment = incrementOf(of.qty, of);
        const takeOver = { capFraction: cap, increment, ...(freezeQuantity ? { freezeQuantity } : {}) };
        const spread = spreadLate(planned(of).slices, now, takeOver);
        return (
          sum(spread.slices.map(({ qty }) => qty))
            .plus(spread.unplaced)
            .equals(of.qty) &&
          !spread.unplaced.isNegative() &&
          spread.slices.every(
            ({ qty, plannedQty, dueAt }) =>
              dueAt >= now &&
              qty.greaterThanOrEqualTo(plannedQty) &&
              qty.lessThanOrEqualTo(plannedQty.times(new D(cap).plus(1))) &&
              (!freezeQuantity || qty.lessThanOrEqualTo(freezeQuantity)),
          )
        );
      }),
      PARENTS,
    );
  });

  it('participation: nothing passes its part of the volume, nothing is lost, and nothing leaves into the unknown', () => {
    const market = fc.record({
      of: parent,
      own: fc.nat({ max: 50_000 }),
      volume: fc.option(fc.nat({ max: 10_000_000 })),
      ratio: fc.integer({ min: 1, max: 100 }).map((n) => new D(n).div(100)),
    });
    fc.assert(
      fc.property(market, ({ of, own, volume, ratio }) => {
        const [first, ...coming] = planned(of).slices;
        const increment = incrementOf(of.qty, of);
        const marketVolume = volume === null ? null : new D(volume);
        const given = { wanted: first!.qty, own: new D(own), marketVolume, maxRatio: ratio, increment };
        const { leaves, waits } = participate(given);
        const { slices, unplaced } = handOn(waits, coming, { capFraction: 0.5, increment });
        const whole = sum([leaves, unplaced, ...slices.map(({ qty }) => qty)]).equals(of.qty);
        if (marketVolume === null) return whole && leaves.isZero();
        const within = leaves.isZero() || leaves.plus(own).lessThanOrEqualTo(marketVolume.times(ratio));
        return whole && within && leaves.mod(increment).isZero() && leaves.lessThanOrEqualTo(first!.qty);
      }),
      PARENTS,
    );
  });

  it('extension: what is left is sliced on at the pace of the plan, under a cap, before the close', () => {
    const rest = fc.record({
      of: parent,
      paceMs: fc.integer({ min: 1_000, max: 3_600_000 }),
      largest: fc.integer({ min: 1, max: 5_000 }),
    });
    fc.assert(
      fc.property(rest, ({ of, paceMs, largest }) => {
        const increment = incrementOf(of.qty, of);
        const sessionClose = addMilliseconds(START, of.leftMs);
        const given = { qty: of.qty, from: START, sessionClose, intervalMs: paceMs };
        const { slices, unplaced } = extendTwap({ ...given, largest: new D(largest), increment });
        return (
          sum(slices.map(({ qty }) => qty))
            .plus(unplaced)
            .equals(of.qty) &&
          slices.every(
            ({ i, qty, dueAt }, at) =>
              i === at &&
              qty.greaterThan(0) &&
              qty.lessThanOrEqualTo(largest) &&
              qty.mod(increment).isZero() &&
              dueAt < sessionClose &&
              dueAt === addMilliseconds(START, at * paceMs),
          )
        );
      }),
      PARENTS,
    );
  });
});
