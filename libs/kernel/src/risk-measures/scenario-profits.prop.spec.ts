// Goal: a book that trades move is the book added up anew: shortfall, moments and correlation, whatever was bought and sold before.
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pearson, stdev } from '../statistics/index.js';
import { historicalTailLoss, ScenarioProfits, tailOf } from './index.js';

const SCENARIOS = 40;
const NAMES = 5;
const history = fc.array(
  fc.array(
    fc.integer({ min: -2000, max: 2000 }).map((n) => n / 10_000),
    { minLength: SCENARIOS, maxLength: SCENARIOS },
  ),
  { minLength: NAMES, maxLength: NAMES },
);
const trades = fc.array(
  fc.record({ name: fc.nat({ max: NAMES - 1 }), value: fc.integer({ min: -100_000, max: 100_000 }) }),
  { maxLength: 30 },
);
const SLACK = 1e-7;

/** The profits of what is held in the end, added up name by name. */
function recomputed(returns: readonly (readonly number[])[], held: readonly number[]): number[] {
  return Array.from({ length: SCENARIOS }, (_, i) => held.reduce((sum, value, s) => sum + value * returns[s]![i]!, 0));
}

it('moving the profits by each trade is recomputing them', () => {
  const alpha = fc.integer({ min: 25, max: 500 }).map((n) => n / 1000);
  fc.assert(
    fc.property(
      history,
      trades,
      fc.nat({ max: NAMES - 1 }),
      fc.integer({ min: -50_000, max: 50_000 }),
      alpha,
      (returns, done, name, value, a) => {
        const book = new ScenarioProfits(SCENARIOS);
        const held = new Array<number>(NAMES).fill(0);
        for (const trade of done) {
          book.add(returns[trade.name]!, trade.value);
          held[trade.name]! += trade.value;
        }
        const after = held.map((each, s) => (s === name ? each + value : each));
        const whole = recomputed(returns, after);
        const tail = tailOf(SCENARIOS, a);
        const moved = book.tailLossWith(returns[name]!, value, tail);
        const anew = historicalTailLoss(whole, tail);
        expect(Math.abs(moved.shortfall - anew.shortfall)).toBeLessThan(SLACK);
        expect(Math.abs(moved.valueAtRisk - anew.valueAtRisk)).toBeLessThan(SLACK);
        expect(Math.abs(book.momentsWith(returns[name]!, value).deviation - stdev(whole)!)).toBeLessThan(SLACK);
      },
    ),
    { numRuns: 300 },
  );
});

it('asking what a trade would do changes nothing', () => {
  fc.assert(
    fc.property(history, trades, (returns, asked) => {
      const book = new ScenarioProfits(SCENARIOS);
      const tail = tailOf(SCENARIOS, 0.05);
      book.add(returns[0]!, 1000);
      const before = book.tailLossWith(returns[1]!, 0, tail);
      for (const { name, value } of asked) book.tailLossWith(returns[name]!, value, tail);
      expect(book.tailLossWith(returns[1]!, 0, tail)).toEqual(before);
    }),
  );
});

it('the correlation with the rest of the book leaves out what is held of the name itself', () => {
  fc.assert(
    fc.property(
      history,
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer({ min: 1, max: 1000 }),
      (returns, own, other) => {
        const book = new ScenarioProfits(SCENARIOS);
        book.add(returns[0]!, own);
        book.add(returns[1]!, other);
        const expected = pearson(returns[0]!, returns[1]!);
        const found = book.correlationWith(returns[0]!, own);
        if (expected === null) return;
        expect(found).toBeCloseTo(expected, 6);
      },
    ),
    { numRuns: 200 },
  );
});

it('there is no correlation with an empty book, nor with one of the name alone', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 1000 }), (returns, own) => {
      const book = new ScenarioProfits(SCENARIOS);
      expect(book.correlationWith(returns[0]!, 0)).toBeNull();
      book.add(returns[0]!, own);
      book.add(returns[0]!, own / 3);
      expect(book.correlationWith(returns[0]!, own + own / 3)).toBeNull();
    }),
  );
});
