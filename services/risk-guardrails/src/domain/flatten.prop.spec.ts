// Goal: whatever is held and whatever works, and however much of both fills, a flatten makes no position larger and turns none.
import type { Side } from '@ballast/contracts';
import { Decimal, decimal } from '@ballast/kernel/money';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markOf } from '../../test/facts.fixture.js';
import { bookView } from './book-view.js';
import { judgeFlatten } from './flatten.js';
import { ruleBook } from './limits.js';

const NOW = '2026-11-20T15:00:00.000Z';
const SYMBOLS = ['AAA', 'BBB', 'CCC'];
const limits = ruleBook({ notionalPerNameMax: '0.10', sectorGrossMax: '0.30', advFractionMax: '0.05' });
const halt = { askedEpoch: 1, epoch: 1, halted: true };

const order = fc.record({
  symbol: fc.constantFrom(...SYMBOLS),
  side: fc.constantFrom<Side>('buy', 'sell'),
  quantity: fc.integer({ min: 1, max: 60 }).map(String),
});
/** Up to how much of an order fills, in tenths. */
const filling = fc.integer({ min: 0, max: 10 });
const held = fc.array(
  fc.record({ symbol: fc.constantFrom(...SYMBOLS), quantity: fc.integer({ min: -100, max: 100 }).map(String) }),
  { maxLength: 5 },
);

const signed = (side: Side, quantity: string): Decimal => decimal(quantity).times(side === 'buy' ? 1 : -1);

describe('a flatten', () => {
  it('never makes a position larger and never turns it, whatever else fills', () => {
    fc.assert(
      fc.property(
        held,
        fc.array(order, { maxLength: 4 }),
        fc.array(order, { maxLength: 4 }),
        fc.array(filling, { minLength: 16, maxLength: 16 }),
        (positions, working, outstanding, parts) => {
          const view = bookView({
            marks: SYMBOLS.map((symbol) => markOf(symbol)),
            valuation: { equity: '1000', ledgerSequence: 1, positions, unpriced: [] },
            working: working.map(({ symbol, side, quantity }) => ({ symbol, side, remaining: quantity })),
            ...{ posted: null, outstanding },
          });
          const book = { view, mode: 'live' as const, halted: true, sealedAt: NOW };
          const { trades } = judgeFlatten(book, halt, NOW, { limits, marksAgeHoursMax: 96 });
          for (const symbol of SYMBOLS) {
            let without = positions
              .filter((each) => each.symbol === symbol)
              .reduce((total, { quantity }) => total.plus(quantity), new Decimal(0));
            const start = without;
            [...working, ...outstanding].forEach((each, i) => {
              if (each.symbol !== symbol) return;
              without = without.plus(signed(each.side, each.quantity).times(parts[i]!).div(10));
            });
            const closing = trades.filter((each) => each.symbol === symbol);
            expect(closing.length).toBeLessThanOrEqual(1);
            const part = parts[15]! / 10;
            const moved = closing.reduce(
              (all, each) => all.plus(signed(each.side, each.quantity).times(part)),
              new Decimal(0),
            );
            const after = without.plus(moved);
            expect(after.abs().lessThanOrEqualTo(without.abs())).toBe(true);
            expect(after.times(without).isNegative() && !after.isZero()).toBe(false);
            expect(moved.abs().lessThanOrEqualTo(start.abs())).toBe(true);
          }
        },
      ),
    );
  });
});
