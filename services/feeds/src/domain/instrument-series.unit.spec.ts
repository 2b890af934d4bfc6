// Goal: a series is one company's, through renames, and two companies that used one ticker never share one.
import { describe, expect, it } from '@jest/globals';
import type { Listing } from '@ballast/kernel/corporate-actions';
import type { SymbolAction } from './actions.js';
import { barsOfMonths, monthsOf, type BarMonth } from './bar-month.js';
import { InstrumentSeries } from './instrument-series.js';

/** Meta was FB until 2022-06-09; a fund had META before; somebody else has FB from 2025 on. */
const LISTINGS: Listing[] = [
  { instrumentId: 'facebook', symbol: 'FB', from: '2012-05-18', to: '2022-06-09' },
  { instrumentId: 'facebook', symbol: 'META', from: '2022-06-09', to: null },
  { instrumentId: 'fund', symbol: 'META', from: '2021-06-30', to: '2022-02-04' },
  { instrumentId: 'other', symbol: 'FB', from: '2025-01-02', to: null },
];

/** A close that tells ticker and day apart. */
function months(closes: Record<string, Record<string, number>>): BarMonth[] {
  return Object.entries(closes).flatMap(([symbol, byDate]) => {
    const dates = Object.keys(byDate).sort();
    const values = Float64Array.from(dates.flatMap((date) => [1, 1, 1, byDate[date]!, 1]));
    return monthsOf({ symbol, dates, values });
  });
}
const closesOf = (found: readonly BarMonth[]) =>
  Object.fromEntries(
    barsOfMonths(found).map(({ symbol, dates, values }) => [
      symbol,
      Object.fromEntries(dates.map((date, i) => [date, values[i * 5 + 3]])),
    ]),
  );

const RAW = months({
  FB: { '2022-01-31': 300, '2022-06-08': 196, '2025-01-02': 20 },
  META: { '2022-01-31': 14, '2022-06-09': 184, '2022-06-10': 175, '2025-01-02': 600 },
  OLD: { '2022-06-10': 5 },
});

describe('a series', () => {
  it('goes on under the ticker of each day, within a month too, and leaves the other company out', () => {
    const series = new InstrumentSeries(LISTINGS, '2024-03-01');
    expect(series.tickersOf(['META', 'OLD'])).toEqual(['FB', 'META', 'OLD']);
    expect(closesOf(series.monthsOf(['META', 'OLD'], RAW))).toEqual({
      META: { '2022-01-31': 300, '2022-06-08': 196, '2022-06-09': 184, '2022-06-10': 175, '2025-01-02': 600 },
      OLD: { '2022-06-10': 5 },
    });
  });

  it('of a ticker is that of the company which has it on the date', () => {
    expect(closesOf(new InstrumentSeries(LISTINGS, '2022-01-31').monthsOf(['META'], RAW)).META).toEqual({
      '2022-01-31': 14,
    });
    expect(closesOf(new InstrumentSeries(LISTINGS, '2025-06-30').monthsOf(['FB'], RAW)).FB).toEqual({
      '2025-01-02': 20,
    });
  });

  it('is there under its last ticker where a file names it so all along, but for days of another company', () => {
    const relabelled = months({ META: { '2015-06-30': 86, '2022-01-31': 14, '2022-06-10': 175 } });
    const series = new InstrumentSeries(LISTINGS, '2024-03-01');
    expect(closesOf(series.monthsOf(['META'], relabelled)).META).toEqual({ '2015-06-30': 86, '2022-06-10': 175 });
  });

  it('is that of the ticker where no listing is known', () => {
    const series = new InstrumentSeries([], '2024-03-01');
    expect(series.monthsOf(['META'], RAW)).toEqual(RAW);
    expect(series.isCurrent('META')).toBe(true);
  });

  it('takes actions with it, once where both tickers tell of one', () => {
    const split = (symbol: string, date: string): SymbolAction => ({ symbol, date, type: 'split', terms: ['2'] });
    const told = [
      split('FB', '2020-01-02'),
      split('META', '2020-01-02'),
      split('META', '2021-07-01'),
      split('FB', '2025-02-03'),
    ];
    expect(new InstrumentSeries(LISTINGS, '2024-03-01').actionsOf(['META'], told)).toEqual([
      split('META', '2020-01-02'),
    ]);
  });
});

describe('a ticker', () => {
  it.each([
    ['FB', '2022-06-08', true],
    ['FB', '2022-06-09', false],
    ['META', '2022-03-01', false],
    ['META', '2022-06-09', true],
    ['NEW', '2022-06-09', true],
  ])('%s stands for a company on %s: %s', (symbol, asOf, current) => {
    expect(new InstrumentSeries(LISTINGS, asOf).isCurrent(symbol)).toBe(current);
  });
});
