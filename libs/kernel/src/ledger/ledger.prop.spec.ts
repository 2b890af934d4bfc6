// Goal: money neither appears nor vanishes through any series of fills, and no edit of a chain goes unseen.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { D } from '../money/index.js';
import { applyFill, flatPosition, GENESIS_HASH, ledgerEntryHash, verifyChain } from './index.js';
import type { ChainedEntry, Fill } from './index.js';

const fill: fc.Arbitrary<Fill> = fc.record({
  symbol: fc.constant('A'),
  side: fc.constantFrom('buy', 'sell'),
  quantity: fc.integer({ min: 1, max: 10_000_000 }).map((n) => new D(n).div(1000)),
  price: fc.integer({ min: 0, max: 5_000_000 }).map((n) => new D(n).div(10_000)),
});

describe('average cost', () => {
  it('keeps cost = paid - received + realised, exactly, and the signs of cost and quantity together', () => {
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 40 }), (fills) => {
        let position = flatPosition('A');
        let realised = new D(0);
        let spent = new D(0);
        let shares = new D(0);
        for (const one of fills) {
          const applied = applyFill(position, one);
          position = applied.position;
          realised = realised.plus(applied.realised);
          const sign = one.side === 'buy' ? 1 : -1;
          spent = spent.plus(one.quantity.times(one.price).times(sign));
          shares = shares.plus(one.quantity.times(sign));
          expect(position.quantity.toFixed()).toBe(shares.toFixed());
          expect(position.cost.toFixed()).toBe(spent.plus(realised).toFixed());
          expect(position.cost.times(position.quantity).greaterThanOrEqualTo(0)).toBe(true);
        }
      }),
    );
  });
});

describe('the chain', () => {
  it('breaks exactly at the first entry that was edited', () => {
    const amounts = fc.array(fc.integer(), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(amounts, fc.nat(), (values, at) => {
        const chained: ChainedEntry<{ n: number }>[] = [];
        for (const n of values) {
          const previousHash = chained.at(-1)?.hash ?? GENESIS_HASH;
          chained.push({ previousHash, entry: { n }, hash: ledgerEntryHash(previousHash, { n }) });
        }
        expect(verifyChain(chained)).toEqual({ ok: true, head: chained.at(-1)!.hash });
        const index = at % values.length;
        chained[index] = { ...chained[index]!, entry: { n: chained[index]!.entry.n + 1 } };
        expect(verifyChain(chained)).toMatchObject({ ok: false, brokenAt: index });
      }),
    );
  });
});
