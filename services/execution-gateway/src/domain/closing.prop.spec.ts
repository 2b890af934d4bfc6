// Goal: whatever is held, works and fills, what is let through as closing makes no position larger and turns none.
import type { Side } from '@ballast/contracts';
import { Decimal, decimal } from '@ballast/kernel/money';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { roomOf, takeRoom } from './closing.js';

const SYMBOLS = ['AAA', 'BBB'];
const symbol = fc.constantFrom(...SYMBOLS);
const side = fc.constantFrom<Side>('buy', 'sell');
const shares = fc.integer({ min: 1, max: 60 }).map(String);
/** An order and how much of it fills, in tenths. */
const order = fc.record({ symbol, side, remaining: shares, filled: fc.integer({ min: 0, max: 10 }) });
const wish = fc.record({ symbol, side, quantity: shares, filled: fc.integer({ min: 0, max: 10 }) });
const position = fc.record({ symbol, quantity: fc.integer({ min: -100, max: 100 }).map(String) });

const moved = (by: Side, quantity: string, tenths: number): Decimal =>
  decimal(quantity)
    .times(by === 'buy' ? 1 : -1)
    .times(tenths)
    .div(10);
const total = (parts: readonly Decimal[]): Decimal => parts.reduce((all, each) => all.plus(each), new Decimal(0));

describe('the room to close', () => {
  it('never lets a position grow or turn, whatever else fills', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(position, { selector: (each) => each.symbol }),
        fc.array(order, { maxLength: 4 }),
        fc.array(wish, { maxLength: 3 }),
        (positions, working, wishes) => {
          // Each wish that is let through is working for the next, as verdicts that come one after another are.
          let room = roomOf({ positions, working });
          const taken = wishes.filter((each) => {
            const took = takeRoom(room, [each]);
            if ('left' in took) room = took.left;
            return 'left' in took;
          });
          for (const name of SYMBOLS) {
            const of = <T extends { symbol: string }>(rows: readonly T[]): T[] => rows.filter((r) => r.symbol === name);
            const start = total(of(positions).map(({ quantity }) => decimal(quantity)));
            const others = total(of(working).map((each) => moved(each.side, each.remaining, each.filled)));
            const closing = total(of(taken).map((each) => moved(each.side, each.quantity, each.filled)));
            const without = start.plus(others);
            const after = without.plus(closing);
            expect(after.abs().lessThanOrEqualTo(without.abs())).toBe(true);
            expect(after.times(without).lessThan(0)).toBe(false);
          }
        },
      ),
    );
  });

  it('lets exactly what is held be closed, and not a share more', () => {
    fc.assert(
      fc.property(symbol, fc.integer({ min: 1, max: 100 }), side, (name, quantity, by) => {
        const positions = [{ symbol: name, quantity: String(by === 'sell' ? quantity : -quantity) }];
        const room = roomOf({ positions, working: [] });
        const closing = (shareCount: number) =>
          takeRoom(room, [{ symbol: name, side: by, quantity: String(shareCount) }]);
        expect('left' in closing(quantity)).toBe(true);
        expect('grows' in closing(quantity + 1)).toBe(true);
        const other = by === 'sell' ? 'buy' : 'sell';
        expect('grows' in takeRoom(room, [{ symbol: name, side: other, quantity: '1' }])).toBe(true);
      }),
    );
  });
});
