// Goal: the path of a seed is the same for ever, odd days are walked, wrong ones refused, quotes rounded as promised.
import { describe, expect, it } from '@jest/globals';
import { KernelError } from '../money/index.js';
import { intradayPath, quoteAt } from './index.js';

const codeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof KernelError ? error.code : error;
  }
};
const day = { open: 100, high: 103, low: 98, close: 101, seed: 'AAPL 2017-06-30' };

describe('a path', () => {
  it('is decided by its seed', () => {
    expect(intradayPath(day)).toEqual(intradayPath(day));
    expect(intradayPath(day)).not.toEqual(intradayPath({ ...day, seed: 'AAPL 2017-07-03' }));
    expect(intradayPath(day)).toHaveLength(391);
  });

  it('touches both extremes in the shortest session there can be', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const path = [...intradayPath({ ...day, seed, minutes: 3 })];
      expect([...path].sort((a, b) => a - b)).toEqual([98, 100, 101, 103]);
    }
  });

  it('stands still on a day without a range', () => {
    const still = intradayPath({ open: 5, high: 5, low: 5, close: 5, seed: 1, minutes: 10 });
    expect(new Set(still)).toEqual(new Set([5]));
  });

  it('refuses a day that no path can go through', () => {
    for (const wrong of [
      { high: 100.5 },
      { low: 100.5 },
      { open: NaN },
      { low: 0 },
      { close: -1 },
      { high: Infinity },
    ]) {
      expect(codeOf(() => intradayPath({ ...day, ...wrong }))).toBe('INVALID_BAR');
    }
    for (const minutes of [2, 10.5, NaN]) {
      expect(codeOf(() => intradayPath({ ...day, minutes }))).toBe('INVALID_WINDOW');
    }
  });
});

const quotes = `
minute | spread | bid    | ask
0      | 0      | 100    | 100
0      | 10     | 99.95  | 100.05
0.5    | 10     | 100.46 | 100.55
1      | 1      | 101.01 | 101.01
1.5    | 0      | 101    | 101
2      | 0      | 101    | 101
`;

describe('a quote', () => {
  const path = Float64Array.of(100, 101.01, 100.998);
  for (const line of quotes.trim().split('\n').slice(1)) {
    const [minute, spread, bid, ask] = line.split('|').map(Number);
    it(`at minute ${minute} with ${spread} bp is ${bid} / ${ask}`, () => {
      expect(quoteAt(path, minute!, spread!)).toEqual({ bid, ask });
    });
  }

  it('is never below a cent', () => {
    expect(quoteAt(Float64Array.of(0.002, 0.002), 0, 0)).toEqual({ bid: 0.01, ask: 0.01 });
  });

  it('exists only on the path and with a spread', () => {
    for (const minute of [-1, 2.1, NaN]) expect(codeOf(() => quoteAt(path, minute, 1))).toBe('INVALID_MINUTE');
    for (const spread of [-1, NaN, 20_000]) expect(codeOf(() => quoteAt(path, 0, spread))).toBe('INVALID_SPREAD');
  });
});
