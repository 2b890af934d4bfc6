// Goal: whatever is asked for, what is let through passes again untouched, so that a second look can confirm it.
import type { Mark, Side } from '@ballast/contracts';
import { decimal } from '@ballast/kernel/money';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tradeOf } from '../../test/facts.fixture.js';
import { bookView } from './book-view.js';
import { judge } from './judgement.js';
import { ruleBook } from './limits.js';

const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'];
const limits = ruleBook({ notionalPerNameMax: '0.10', sectorGrossMax: '0.30', advFractionMax: '0.05' });

const mark = (symbol: string) =>
  fc
    .record({
      sector: fc.constantFrom('Tech', 'Energy', null),
      adv: fc.constantFrom('1000', '50000', null),
    })
    .map((more): Mark => ({ symbol, price: '10', exchange: 'XNYS', quality: 1, ...more }));

const quantity = fc.integer({ min: 1, max: 3_000 }).map(String);
const situation = fc.record({
  marks: fc.tuple(...SYMBOLS.map(mark)).map((all) => all.slice(0, 4)),
  held: fc.array(fc.record({ symbol: fc.constantFrom(...SYMBOLS), quantity }), { maxLength: 4 }),
  working: fc.array(
    fc.record({ symbol: fc.constantFrom(...SYMBOLS), side: fc.constantFrom<Side>('buy', 'sell'), remaining: quantity }),
    { maxLength: 3 },
  ),
  wanted: fc.uniqueArray(
    fc.record({ symbol: fc.constantFrom(...SYMBOLS), side: fc.constantFrom<Side>('buy', 'sell'), quantity }),
    { selector: ({ symbol }) => symbol, maxLength: 5 },
  ),
  mode: fc.constantFrom('paper' as const, 'live' as const),
});

describe('a judgement', () => {
  it('lets through what passes again untouched, and what it takes away is what was asked for', () => {
    fc.assert(
      fc.property(situation, ({ marks, held, working, wanted, mode }) => {
        const valuation = { equity: '100000', ledgerSequence: 1, positions: held, unpriced: [] };
        const view = bookView({ marks, valuation, working, posted: null, outstanding: [] });
        const trades = wanted.map((each) => tradeOf(each.symbol, each.side, each.quantity));
        const first = judge(view, trades, { limits, mode, halted: false });
        const taken = new Map(first.trims.map(({ symbol, from, to }) => [symbol, decimal(from).minus(decimal(to))]));
        const left = new Map(first.trades.map((trade) => [trade.symbol, decimal(trade.quantity)]));
        for (const { symbol, quantity: asked } of trades) {
          const both = (left.get(symbol) ?? decimal('0')).plus(taken.get(symbol) ?? decimal('0'));
          expect(both.toFixed()).toBe(asked);
        }
        if (first.verdict === 'vetoed') return expect(first.codes.length).toBeGreaterThan(0);
        const second = judge(view, first.trades, { limits, mode, halted: false });
        expect(second).toMatchObject({ verdict: 'approved', trims: [] });
        expect(second.trades).toEqual(first.trades);
      }),
    );
  });
});
