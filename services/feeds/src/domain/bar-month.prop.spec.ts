import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBars, encodeBars, monthsOf, panelOf, type SymbolBars } from './bar-month.js';
import { mergeHistory } from './merge-history.js';
import { sessionsUpTo } from './sessions.js';
import { decimalOf } from './snapshot.js';

const SESSIONS = sessionsUpTo('2017-06-30', 90);

/** Bars on any of the sessions; the values are whole numbers, so that equal means equal. */
const bars = (symbol: string): fc.Arbitrary<SymbolBars> =>
  fc.array(fc.option(fc.integer({ min: 1, max: 1_000 })), { minLength: 90, maxLength: 90 }).map((prices) => {
    const dates = SESSIONS.filter((_, i) => prices[i] !== null);
    const values = prices.flatMap((price) => (price === null ? [] : [price, price + 1, price - 1, price, price * 7]));
    return { symbol, dates, values: Float64Array.from(values) };
  });

describe('months of bars', () => {
  it('hold every bar: cut into months, written, read and laid out, each is where it was', () => {
    fc.assert(
      fc.property(bars('A'), ({ symbol, dates, values }) => {
        const months = monthsOf({ symbol, dates, values });
        const stored = months.map((month) => ({ ...month, bars: decodeBars(encodeBars(month.bars)) }));
        const { close, volume } = panelOf(['A'], SESSIONS, stored);
        SESSIONS.forEach((date, d) => {
          const at = dates.indexOf(date) * 5;
          expect([close[d], volume[d]]).toEqual(at < 0 ? [Number.NaN, Number.NaN] : [values[at + 3], values[at + 4]]);
        });
      }),
    );
  });

  it('lie in a history alike, whether they came at once or one after another', () => {
    fc.assert(
      fc.property(bars('A'), fc.nat(90), (whole, cut) => {
        const first = { ...whole, dates: whole.dates.slice(0, cut), values: whole.values.slice(0, cut * 5) };
        const known = monthsOf(first);
        const merged = mergeHistory(known, monthsOf(whole));
        const after = new Map([...known, ...merged.changed].map((month) => [month.month, month]));
        expect([...after.values()].sort((a, b) => (a.month < b.month ? -1 : 1))).toEqual(monthsOf(whole));
        expect(merged).toMatchObject({ added: whole.dates.length - first.dates.length, restated: { count: 0 } });
      }),
    );
  });
});

describe('a price', () => {
  it('of up to fifteen digits comes out as it was written', () => {
    const price = fc.tuple(fc.integer({ min: 1, max: 99_999_999 }), fc.integer({ min: 0, max: 999_999 }));
    fc.assert(
      fc.property(price, ([whole, part]) => {
        const text = `${whole}.${String(part).padStart(6, '0')}`;
        expect(decimalOf(Number(text))).toBe(text.replace(/\.?0+$/, ''));
      }),
    );
  });
});
