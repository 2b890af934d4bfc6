// Goal: each statistic against numbers worked out by hand or by NumPy, and its answer to missing or too few values.
import { describe, expect, it } from '@jest/globals';
import {
  annualisedVolatility,
  drawdown,
  logReturns,
  maxDrawdown,
  mean,
  median,
  observations,
  pearson,
  quantile,
  requireWindow,
  rollingMax,
  simpleReturns,
  stdev,
  variance,
  zScores,
} from './index.js';
import { KernelError } from '../money/index.js';

const { NaN: missing } = Number;

/** One row a case: `fn | series | argument | expected`; `-` is missing, `null` is no answer. */
const table = `
mean       | 1 2 3 4            |     | 2.5
mean       | 1 - 3              |     | 2
mean       | -                  |     | null
mean       |                    |     | null
variance   | 2 4 4 4 5 5 7 9    | 0   | 4
variance   | 2 4 4 4 5 5 7 9    | 1   | 4.571428571428571
variance   | 0.1 0.1 0.1        | 1   | 0
variance   | 5                  | 1   | null
variance   | 5                  | 0   | 0
variance   | - 5 -              | 1   | null
stdev      | 2 4 - 4 4 5 5 7 9  | 0   | 2
stdev      | 5                  | 1   | null
quantile   | 1 2 3 4            | 0.5 | 2.5
quantile   | 4 1 3 2            | 0.25| 1.75
quantile   | 4 - 1 3 2          | 1   | 4
quantile   | 7                  | 0.9 | 7
quantile   | -                  | 0.5 | null
maxDrawdown| 100 120 90 - 130 117 |   | -0.25
maxDrawdown| 1 2 3              |     | 0
maxDrawdown| - -                |     | null
maxDrawdown| -1 -2              |     | null
volatility | 0.01 -0.01 0.01 -0.01 |  | 0.18330302779823357
volatility | 0.01               |     | null
`;

const functions: Record<string, (series: number[], argument: number) => number | null> = {
  mean,
  variance,
  stdev,
  quantile,
  maxDrawdown,
  volatility: annualisedVolatility,
};

describe('statistics of one series', () => {
  for (const line of table.trim().split('\n')) {
    const [name, series, argument, expected] = line.split('|').map((cell) => cell.trim());
    it(`${name} of [${series}] ${argument} is ${expected}`, () => {
      const values = series === '' ? [] : series!.split(/\s+/).map((cell) => (cell === '-' ? missing : Number(cell)));
      const found = functions[name!]!(values, Number(argument));
      if (expected === 'null') expect(found).toBeNull();
      else expect(found).toBeCloseTo(Number(expected), 12);
    });
  }

  it('takes the infinite for missing and reads typed arrays', () => {
    expect(observations(Float64Array.of(1, Infinity, missing, 2))).toEqual([1, 2]);
    expect(median(Float64Array.of(3, -Infinity, 1))).toBe(2);
  });
});

describe('series from series', () => {
  it('makes no return over a gap or from a price that is not positive', () => {
    expect([...simpleReturns([100, 110, missing, 121, 0, 50])]).toEqual([
      expect.closeTo(0.1),
      missing,
      missing,
      missing,
      missing,
    ]);
    expect(logReturns([100, 110])[0]).toBeCloseTo(Math.log(1.1), 12);
    expect(simpleReturns([100])).toHaveLength(0);
    expect(simpleReturns([])).toHaveLength(0);
  });

  it('rolls the maximum over the window, passing over what is missing', () => {
    expect([...rollingMax([3, 1, missing, 2, 5, 4, missing, missing, missing], 3)]).toEqual([
      missing,
      missing,
      3,
      2,
      5,
      5,
      5,
      4,
      missing,
    ]);
  });

  it('measures drawdown from the highest value so far', () => {
    expect([...drawdown([100, 120, missing, 90, 130])]).toEqual([0, 0, missing, -0.25, 0]);
  });

  it('standardises what is there and says null where there is no scale', () => {
    const scores = zScores([1, missing, 2, 3])!;
    expect([...scores]).toEqual([-1, missing, 0, 1]);
    expect(zScores([5])).toBeNull();
    expect(zScores([5, 5, missing])).toBeNull();
  });
});

describe('correlation', () => {
  it('is one for a line, minus one for its mirror, and uses complete pairs only', () => {
    expect(pearson([1, 2, missing, 4], [2, 4, 100, 8])).toBeCloseTo(1, 12);
    expect(pearson([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(pearson([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8, 12);
  });

  it('is null without variance or with too little overlap', () => {
    expect(pearson([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(pearson([1, missing], [1, 2])).toBeNull();
    expect(pearson([1, 2, 3], [1, 2, 4], 4)).toBeNull();
  });
});

describe('arguments that no data can explain', () => {
  it('are refused by code', () => {
    const code = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return error instanceof KernelError ? error.code : error;
      }
    };
    expect(code(() => quantile([1], 1.5))).toBe('INVALID_QUANTILE');
    expect(code(() => quantile([1], missing))).toBe('INVALID_QUANTILE');
    expect(code(() => pearson([1], [1, 2]))).toBe('LENGTH_MISMATCH');
    expect(code(() => rollingMax([1], 0))).toBe('INVALID_WINDOW');
    expect(code(() => requireWindow('lookback', 2.5))).toBe('INVALID_WINDOW');
  });
});
