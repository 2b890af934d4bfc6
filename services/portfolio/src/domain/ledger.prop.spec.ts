// Goal: the same fills give the same positions, cash and commit hash, in whatever order and batches they are heard.
import { describe, expect, it } from '@jest/globals';
import { D, decimal, sum } from '@ballast/kernel/money';
import fc from 'fast-check';
import { fillFixture } from '../../test/fill.fixture.js';
import type { Fee } from './fee.js';
import { inVenueOrder, type Fill } from './fill.js';
import { commitFills } from './ledger.js';
import { applyFills, cashChange, NOTHING, type Holding } from './position.js';

const HEAD = { sequence: 0, hash: '0'.repeat(64) };

const fills = fc
  .array(
    fc.record({
      symbol: fc.constantFrom('AAA', 'BBB', 'CCC'),
      side: fc.constantFrom('buy', 'sell'),
      quantity: fc.integer({ min: 1, max: 5_000_000 }).map((n) => new D(n).div(1_000).toFixed()),
      price: fc.integer({ min: 0, max: 900_000 }).map((n) => new D(n).div(10_000).toFixed()),
      fees: fc.integer({ min: -50, max: 500 }).map((n) => new D(n).div(100).toFixed()),
      second: fc.integer({ min: 0, max: 9 }),
    }),
    { maxLength: 30 },
  )
  .map((rows) =>
    rows.map(({ second, ...row }, i) =>
      fillFixture({ ...row, executionId: `e${i}`, filledAt: `2026-11-20T15:00:0${second}.000Z` } as Partial<Fill>),
    ),
  );

const twoOrders = fills.chain((list) =>
  fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
);

const fees = fc
  .array(fc.record({ cents: fc.integer({ min: -500, max: 500 }), second: fc.integer({ min: 0, max: 9 }) }), {
    maxLength: 9,
  })
  .map((rows) =>
    rows.map(({ cents, second }, i): Fee => ({
      ...{
        venue: 'paper',
        activityId: `a${i}`,
        portfolioId: 'main',
        code: 'REG',
        amount: new D(cents).div(100).toFixed(),
      },
      ...{ date: '2026-11-20', description: '', bookedAt: `2026-11-20T15:00:0${second}.000Z` },
    })),
  );

describe('fills in any order', () => {
  it('give the same commit, fees among them at their time', () => {
    fc.assert(
      fc.property(twoOrders, fees, ([one, other], charged) => {
        const commit = commitFills(HEAD, 'main', new Map(), one, charged);
        expect(commit).toEqual(commitFills(HEAD, 'main', new Map(), other, [...charged].reverse()));
        const times = commit.entries.map(({ entry }) => entry.at);
        expect(times).toEqual([...times].sort());
        const cash = sum(commit.entries.map(({ entry }) => decimal(entry.cashChange)));
        const owed = sum(charged.map(({ amount }) => decimal(amount)));
        expect(cash.toFixed()).toBe(sum(one.map(cashChange)).minus(owed).toFixed());
      }),
    );
  });

  it('give the same position after each has moved it', () => {
    fc.assert(
      fc.property(twoOrders, ([one, other]) => {
        const heard = (list: readonly Fill[]) => {
          const known: Fill[] = [];
          const held = new Map<string, Holding>();
          for (const fill of list) {
            known.push(fill);
            const ofSymbol = known.filter(({ symbol }) => symbol === fill.symbol);
            held.set(fill.symbol, applyFills(fill.symbol, NOTHING, ofSymbol).holding);
          }
          return held;
        };
        expect(heard(one)).toEqual(heard(other));
      }),
    );
  });

  it('balance: cost = spent + realised, and cash changes add up to the fills and their fees', () => {
    fc.assert(
      fc.property(fills, (list) => {
        const { entries, holdings } = commitFills(HEAD, 'main', new Map(), list);
        const total = (part: (entry: { cashChange: string; realised: string; fees: string }) => string) =>
          sum(entries.map(({ entry }) => decimal(part(entry as never))));
        const cost = sum([...holdings.values()].map((holding) => decimal(holding.cost)));
        const cash = total(({ cashChange: change }) => change);
        expect(cash.toFixed()).toBe(sum(list.map(cashChange)).toFixed());
        expect(cost.toFixed()).toBe(
          total(({ realised }) => realised)
            .minus(cash)
            .minus(total(({ fees }) => fees))
            .toFixed(),
        );
      }),
    );
  });

  it('give the same positions where some are committed before others of later time', () => {
    fc.assert(
      fc.property(fills, fc.nat(), (list, at) => {
        const ordered = inVenueOrder(list);
        const cut = ordered.length === 0 ? 0 : at % ordered.length;
        const first = commitFills(HEAD, 'main', new Map(), ordered.slice(0, cut));
        const second = commitFills(first.head, 'main', first.holdings, ordered.slice(cut));
        const whole = commitFills(HEAD, 'main', new Map(), ordered);
        expect(second.head).toEqual(whole.head);
        expect(new Map([...first.holdings, ...second.holdings])).toEqual(whole.holdings);
      }),
    );
  });
});
