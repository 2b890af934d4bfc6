import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '../calendar/index.js';
import { D, KernelError, sum, toCents } from '../money/index.js';
import { basisOf, isLongTerm, openLot, relieveLots } from './index.js';
import type { Disposal, Lot, LotMethod } from './index.js';

const method = fc.constantFrom<LotMethod>('fifo', 'lifo', 'hifo', 'lofo');
const purchase = fc.record({
  day: fc.integer({ min: 0, max: 400 }),
  qty: fc.integer({ min: 1, max: 5_000 }),
  basis: fc.integer({ min: 0, max: 10_000_000 }),
});
const opened = fc.array(purchase, { minLength: 1, maxLength: 8 }).map((purchases) =>
  purchases.map(({ day, qty, basis }, i) =>
    openLot({
      id: `B${i}`,
      symbol: 'X',
      date: addDays('2020-01-01', day),
      qty: new D(qty).div(100),
      basis: new D(basis).div(1000),
    }),
  ),
);

describe('relieveLots', () => {
  it('conserves shares, basis and proceeds to the cent over any number of sales', () => {
    const sales = fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 10 });
    fc.assert(
      fc.property(opened, sales, method, (lots, quantities, how) => {
        let held: readonly Lot[] = lots;
        const disposals: Disposal[] = [];
        let received = new D(0);
        quantities.forEach((hundredths, i) => {
          const qty = new D(hundredths).div(100);
          if (sum(held.map((lot) => lot.qty)).lessThan(qty)) return;
          const proceeds = qty.times('13.337');
          received = received.plus(toCents(proceeds));
          const sale = { id: `S${i}`, date: '2022-01-01', symbol: 'X', qty, proceeds };
          const relief = relieveLots(held, sale, how);
          held = relief.remaining;
          disposals.push(...relief.disposals);
        });
        const shares = sum([...held, ...disposals].map((each) => each.qty));
        const basis = sum([...held.map((lot) => basisOf(lot)), ...disposals.map((row) => row.basis)]);
        return (
          shares.equals(sum(lots.map((lot) => lot.qty))) &&
          basis.equals(sum(lots.map((lot) => basisOf(lot)))) &&
          sum(disposals.map((row) => row.proceeds ?? new D(NaN))).equals(received) &&
          disposals.every((row) => row.gain?.equals(row.proceeds?.minus(row.basis) ?? NaN)) &&
          held.every((lot) => lot.qty.greaterThan(0))
        );
      }),
    );
  });

  it('refuses to sell more than is held', () => {
    fc.assert(
      fc.property(opened, method, (lots, how) => {
        const qty = sum(lots.map((lot) => lot.qty)).plus('0.000000001');
        try {
          relieveLots(lots, { id: 'S', date: '2022-01-01', symbol: 'X', qty, proceeds: null }, how);
          return false;
        } catch (error) {
          return error instanceof KernelError && error.code === 'NOT_ENOUGH_LOTS';
        }
      }),
    );
  });
});

describe('isLongTerm', () => {
  it('begins after 366 or 367 days and never ends', () => {
    const day = fc.integer({ min: 0, max: 30_000 }).map((days) => addDays('1990-01-01', days));
    fc.assert(
      fc.property(day, (start) => {
        return !isLongTerm(start, addDays(start, 365)) && isLongTerm(start, addDays(start, 367));
      }),
    );
  });
});
