// Goal: a list that cannot be meant is refused with what is wrong in it, and an evening is one on the clock of who speaks.
import { describe, expect, it } from '@jest/globals';
import { nameOf, nextCollectionAt, readDaily, type DailyWhat } from './daily.js';

describe('what is collected every day', () => {
  it.each([
    ['', []],
    ['nse-fii-dii', ['nse-fii-dii']],
    [' nse-fii-dii, macro-series:DGS10 ,,nse-fii-dii', ['nse-fii-dii', 'macro-series:DGS10']],
    ['sec-ownership:320193,sec-ownership:789019', ['sec-ownership:320193', 'sec-ownership:789019']],
    ['newsapi-headlines:title:"Rates" AND NSE:INFY', ['newsapi-headlines:title:"Rates" AND NSE:INFY']],
    ['fmp-earnings,fmp-sectors', ['fmp-earnings', 'fmp-sectors']],
  ])('%j is %j', (text, names) => {
    const read = readDaily(text);
    expect(typeof read === 'string' ? read : read.map(nameOf)).toEqual(names);
  });

  it.each([
    ['nse-everything', 'one of nse-fii-dii, '],
    ['headlines', 'nothing that is only brought by hand, such as headlines'],
    ['nse-pit:TCS', 'nse-pit without a name after it'],
    ['fmp-earnings:AAPL', 'fmp-earnings without a name after it'],
    ['macro-series', 'macro-series:NAME, where NAME is a symbol or series'],
    ['sec-ownership:AAPL', 'sec-ownership:NAME, where NAME is the CIK'],
    [Array.from({ length: 501 }, (_, n) => `macro-series:S${n}`).join(','), 'at most 500 collections'],
  ])('is not %j', (text, fault) => {
    expect(readDaily(text)).toEqual(expect.stringContaining(fault));
  });
});

describe('the next evening', () => {
  it.each<[DailyWhat, string, string]>([
    ['nse-fii-dii', '2026-11-20T10:00:00.000Z', '2026-11-20T15:00:00.000Z'],
    ['rbi-texts', '2026-11-20T15:00:00.000Z', '2026-11-21T15:00:00.000Z'],
    // It is the next day in India already.
    ['nse-pit', '2026-11-20T20:00:00.000Z', '2026-11-21T15:00:00.000Z'],
    ['sec-ownership', '2026-11-20T22:00:00.000Z', '2026-11-21T03:30:00.000Z'],
    ['sec-ownership', '2026-11-21T03:30:00.000Z', '2026-11-22T03:30:00.000Z'],
    // An hour earlier in summer, and the day on which the clocks change is as long as it is.
    ['fmp-earnings', '2026-07-03T12:00:00.000Z', '2026-07-04T02:30:00.000Z'],
    ['fed-texts', '2026-11-01T02:30:00.000Z', '2026-11-02T03:30:00.000Z'],
  ])('of %s after %s is %s', (what, now, evening) => {
    expect(nextCollectionAt(what, now)).toBe(evening);
  });
});
