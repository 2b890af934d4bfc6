import { describe, expect, it } from '@jest/globals';
import { daysOf, decodeBars, encodeBars, mergeMonths, monthsOf, panelOf, type BarMonth } from './bar-month.js';
import { mergeHistory } from './merge-history.js';

/** A bar whose five values follow from one number. */
const bar = (n: number, volume = n * 1_000) => [n, n + 0.5, n - 0.5, n + 0.25, volume];
const month = (days: Record<number, number[]>, symbol = 'A', first = '2017-06-01'): BarMonth => ({
  symbol,
  month: first,
  days: Object.keys(days).reduce((mask, day) => mask | (1 << (Number(day) - 1)), 0),
  bars: Float64Array.from(Object.values(days).flat()),
});

describe('months of bars', () => {
  it('cut the bars of a symbol by month, to the last day', () => {
    const dates = ['2017-05-31', '2017-06-01', '2017-06-30', '2018-06-01'];
    const cut = monthsOf({ symbol: 'A', dates, values: Float64Array.from([1, 2, 3, 4].flatMap((n) => bar(n))) });
    expect(cut).toEqual([
      month({ 31: bar(1) }, 'A', '2017-05-01'),
      month({ 1: bar(2), 30: bar(3) }),
      month({ 1: bar(4) }, 'A', '2018-06-01'),
    ]);
    expect(daysOf(cut[0]!.days)).toEqual([31]);
  });

  it('come back from bytes bit for bit', () => {
    const bars = Float64Array.of(40.38, 0.1 + 0.2, Number.NaN, 1e15);
    expect(decodeBars(encodeBars(bars))).toEqual(bars);
  });

  it('lie in a panel by symbol and session, missing where there is no bar', () => {
    const months = [
      month({ 28: bar(1), 30: bar(2, Number.NaN) }),
      month({ 29: bar(3) }, 'B'),
      month({ 29: bar(9) }, 'Z'),
    ];
    const panel = panelOf(['A', 'B'], ['2017-06-29', '2017-06-30'], months);
    expect([...panel.close]).toEqual([Number.NaN, 2.25, 3.25, Number.NaN]);
    expect([...panel.volume]).toEqual([Number.NaN, Number.NaN, 3_000, Number.NaN]);
    expect([...panel.open]).toEqual([Number.NaN, 2, 3, Number.NaN]);
  });
});

describe('history that is added to', () => {
  it('keeps what it has, adds what is new and tells what changes', () => {
    const merged = mergeMonths(month({ 27: bar(1), 28: bar(2) }), month({ 26: bar(9), 28: bar(3), 29: bar(4) }));
    expect(merged).toEqual({
      month: month({ 26: bar(9), 27: bar(1), 28: bar(3), 29: bar(4) }),
      added: 2,
      restated: ['2017-06-28'],
    });
  });

  it('is not changed by the same again, unknown volumes included', () => {
    const known = [month({ 27: bar(1, Number.NaN), 28: bar(2) })];
    expect(mergeHistory(known, [month({ 27: bar(1, Number.NaN) })])).toEqual({
      changed: [],
      added: 0,
      restated: { count: 0, first: [], months: [] },
    });
  });

  it('names the first bars that would change', () => {
    const known = [month({ 27: bar(1) }), month({ 27: bar(1) }, 'B')];
    const incoming = [month({ 27: bar(2) }), month({ 27: bar(1), 28: bar(2) }, 'B'), month({ 1: bar(1) }, 'C')];
    expect(mergeHistory(known, incoming)).toMatchObject({
      added: 2,
      restated: { count: 1, first: ['A 2017-06-27'] },
      changed: [{ symbol: 'A' }, { symbol: 'B' }, { symbol: 'C' }],
    });
  });
});
