import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import { configuredRules, runScript } from '../../test/script.js';
import { heldBy, reserveOf } from './account.js';
import { isTerminal } from './order.js';

const symbol = fc.constantFrom('AAA', 'BBB');
const side = fc.constantFrom('buy' as const, 'sell' as const);
const place = fc.record({
  kind: fc.constant('place' as const),
  symbol,
  side,
  type: fc.constantFrom('market' as const, 'limit' as const),
  timeInForce: fc.constantFrom('day' as const, 'ioc' as const, 'gtc' as const),
  qtyThousandths: fc.integer({ min: 1, max: 60_000 }),
  limitCents: fc.integer({ min: 1_900, max: 11_000 }),
});
const cancel = fc.record({ kind: fc.constant('cancel' as const), index: fc.nat({ max: 30 }) });
const advance = fc.record({ kind: fc.constant('advance' as const), minutes: fc.integer({ min: 0, max: 60 }) });
const scripts = fc.array(fc.oneof({ weight: 4, arbitrary: place }, cancel, advance), { maxLength: 40 });

describe('whatever is ordered, canceled and waited for', () => {
  it('cash, positions and reserves balance exactly, and nothing goes below zero', () => {
    fc.assert(
      fc.property(scripts, fc.boolean(), fc.integer(), (script, partialFills, seed) => {
        const book = runScript(script, configuredRules(partialFills), String(seed));
        const fills = book.events.flatMap(({ fill }) => fill ?? []);
        const spent = fills.reduce(
          (total, { side: s, qty, price }) => total.plus(qty.times(price).times(s === 'buy' ? 1 : -1)),
          new D(0),
        );
        expect(book.account.cash.plus(spent).toFixed()).toBe(book.account.openingCash.toFixed());
        expect(book.account.cash.isNegative()).toBe(false);
        const orders = [...book.orders.values()];
        const reserved = orders.reduce((total, order) => total.plus(reserveOf(order)), new D(0));
        expect(book.account.reserved.toFixed()).toBe(reserved.toFixed());
        for (const holding of book.holdings.values()) {
          const mine = fills.filter((fill) => fill.symbol === holding.symbol);
          const held = mine.reduce((total, { side: s, qty }) => total.plus(s === 'buy' ? qty : qty.neg()), new D(0));
          expect(holding.qty.toFixed()).toBe(held.toFixed());
          expect(holding.qty.isNegative()).toBe(false);
          const onSale = orders.filter((order) => order.symbol === holding.symbol);
          const sum = onSale.reduce((total, order) => total.plus(heldBy(order)), new D(0));
          expect(holding.held.toFixed()).toBe(sum.toFixed());
          expect(holding.held.lessThanOrEqualTo(holding.qty)).toBe(true);
        }
      }),
    );
  });

  it('an order fills at most its quantity, at no worse than its limit, in distinct executions and inside the session', () => {
    fc.assert(
      fc.property(scripts, fc.boolean(), (script, partialFills) => {
        const book = runScript(script, configuredRules(partialFills), 'seven');
        const fills = book.events.flatMap(({ fill }) => fill ?? []);
        expect(new Set(fills.map(({ executionId }) => executionId)).size).toBe(fills.length);
        for (const order of book.orders.values()) {
          const mine = fills.filter((fill) => fill.orderId === order.id);
          const filled = mine.reduce((total, { qty }) => total.plus(qty), new D(0));
          expect(filled.toFixed()).toBe(order.filledQty.toFixed());
          expect(filled.lessThanOrEqualTo(order.qty)).toBe(true);
          expect(order.status === 'filled').toBe(filled.equals(order.qty));
          for (const { price, filledAt, side: s } of mine) {
            const limit = order.limitPrice ?? price;
            expect(s === 'buy' ? price.lessThanOrEqualTo(limit) : price.greaterThanOrEqualTo(limit)).toBe(true);
            expect(filledAt >= book.session.open && filledAt < book.session.close).toBe(true);
          }
        }
      }),
    );
  });

  it('no day order is open after the close, and the times of events never go back', () => {
    fc.assert(
      fc.property(scripts, fc.boolean(), (script, partialFills) => {
        const toTheEnd = [...script, { kind: 'advance' as const, minutes: 600 }];
        const book = runScript(toTheEnd, configuredRules(partialFills), 'seven');
        const left = [...book.orders.values()].filter((order) => !isTerminal(order));
        expect(left.every((order) => order.timeInForce === 'gtc' || order.submittedAt >= book.session.close)).toBe(
          true,
        );
        const times = book.events.map(({ at }) => at);
        expect(times).toEqual([...times].sort());
        expect(book.now >= addMilliseconds(book.session.close, 0)).toBe(true);
      }),
    );
  });
});
