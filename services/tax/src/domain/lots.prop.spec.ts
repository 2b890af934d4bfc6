// Goal: the same fills give the same lots and disposals, in whatever order they are heard, and shares and basis add up.
import { D, decimal, sum } from '@ballast/kernel/money';
import { basisOf } from '@ballast/kernel/tax-lots';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fillFixture } from '../../test/fill.fixture.js';
import { fillName, inVenueOrder, type Fill } from './fill.js';
import { changedOutcomes, lotChanges, lotRow, takeFills, type OpenLot, type Outcome } from './lots.js';

const fills = fc
  .array(
    fc.record({
      side: fc.constantFrom('buy', 'buy', 'sell'),
      quantity: fc.integer({ min: 1, max: 50_000 }).map((n) => new D(n).div(1_000).toFixed()),
      price: fc.integer({ min: 1, max: 900_000 }).map((n) => new D(n).div(10_000).toFixed()),
      fees: fc.integer({ min: 0, max: 500 }).map((n) => new D(n).div(100).toFixed()),
      day: fc.integer({ min: 1, max: 9 }),
    }),
    { maxLength: 25 },
  )
  .map((rows) =>
    rows.map(({ day, ...row }, i) =>
      fillFixture({ ...row, executionId: `e${i}`, filledAt: `2026-11-0${day}T15:00:00.000Z` } as Partial<Fill>),
    ),
  );

const shuffled = fills.chain((list) =>
  fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
);

/** Hears fills one by one as the handler does: in order where it can, from the start where one is late. */
function hear(list: readonly Fill[]) {
  const heard: Fill[] = [];
  let lots: readonly OpenLot[] = [];
  const saved = new Map<string, OpenLot>();
  const known = new Map<string, Outcome>();
  for (const fill of list) {
    heard.push(fill);
    const late = inVenueOrder(heard).at(-1) !== fill;
    const taken = late ? takeFills([], heard) : takeFills(lots, [fill]);
    const { gone, kept } = lotChanges(lots, taken.lots);
    for (const lot of gone) saved.delete(lot.id);
    for (const lot of kept) saved.set(lot.id, lot);
    for (const outcome of changedOutcomes(known, taken.outcomes)) known.set(fillName(outcome.fill), outcome);
    lots = taken.lots;
  }
  const byName = <T>(entries: Iterable<[string, T]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    lots: lots.map(lotRow),
    saved: byName(saved).map(([, lot]) => lotRow(lot)),
    outcomes: byName(known).map(([name, { pieces, short }]) => ({ name, pieces, short })),
  };
}

describe('fills in any order', () => {
  it('give the same lots, the same saved rows and the same disposals', () => {
    fc.assert(fc.property(shuffled, ([one, other]) => expect(hear(one)).toEqual(hear(other))));
  });

  it('add up: shares bought less shares sold, and basis opened less basis sold', () => {
    fc.assert(
      fc.property(fills, (list) => {
        const { lots, outcomes } = takeFills([], list);
        const pieces = outcomes.flatMap((outcome) => outcome.pieces);
        const buys = list.filter(({ side }) => side === 'buy');
        const shares = sum(buys.map(({ quantity }) => decimal(quantity)));
        const sold = sum(pieces.map(({ quantity }) => decimal(quantity)));
        expect(sum(lots.map(({ qty }) => qty)).toFixed()).toBe(shares.minus(sold).toFixed());
        const opened = sum(takeFills([], buys).lots.map((lot) => basisOf(lot)));
        const basis = sum(pieces.map((piece) => decimal(piece.basis)));
        expect(sum(lots.map((lot) => basisOf(lot))).toFixed()).toBe(opened.minus(basis).toFixed());
      }),
    );
  });
});
