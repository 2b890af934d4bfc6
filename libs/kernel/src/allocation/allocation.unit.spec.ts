import { describe, expect, it } from '@jest/globals';
import { KernelError } from '../money/index.js';
import { correlation, equalWeight, inverseVolatility, rankAggregation, waterFill } from './index.js';

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
  return 'no error';
}

function lines(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

const numbers = (text: string) => text.split(' ').filter(Boolean).map(Number);

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 9));
}

describe('waterFill', () => {
  // raw | cap | budget | capped | cash | cash because of the cap
  const golden = `
    0.7 0.2 0.1       | 0.4  | 1   | 0.4 0.4 0.2      | 0    | false
    0.5 0.5 0         | 0.4  | 1   | 0.4 0.4 0        | 0.2  | true
    0.9 0.05 0.05     | 0.4  | 1   | 0.4 0.3 0.3      | 0    | false
    0.41 0.4 0.19     | 0.4  | 1   | 0.4 0.4 0.2      | 0    | false
    7 2 1             | 0.4  | 1   | 0.4 0.4 0.2      | 0    | false
    1 1               | 0.4  | 0.6 | 0.3 0.3          | 0    | false
    1 1               | 0.4  | 0   | 0 0              | 0    | false
    0 0               | 0.4  | 1   | 0 0              | 1    | false
    5 5               | 0    | 1   | 0 0              | 1    | true
    1                 | 2    | 1   | 1                | 0    | false
                      | 0.4  | 1   |                  | 1    | false
    1e308 1e308 1e-300 | 0.6 | 1   | 0.5 0.5 0        | 0    | false
  `;
  it.each(lines(golden))('fills %s under %s of %s', (raw = '', cap, budget, capped = '', cash, infeasible) => {
    const filled = waterFill(numbers(raw), Number(cap), Number(budget));
    expectClose(filled.capped, numbers(capped));
    expect(filled.residualCash).toBeCloseTo(Number(cash), 12);
    expect(String(filled.infeasible)).toBe(infeasible);
  });

  it('refuses what is no weight, cap or budget', () => {
    expect(codeOf(() => waterFill([-0.1, 1], 0.4))).toBe('INVALID_WEIGHT');
    expect(codeOf(() => waterFill([NaN], 0.4))).toBe('INVALID_WEIGHT');
    expect(codeOf(() => waterFill([1], -0.4))).toBe('INVALID_CAP');
    expect(codeOf(() => waterFill([1], NaN))).toBe('INVALID_CAP');
    expect(codeOf(() => waterFill([1], 0.4, -1))).toBe('INVALID_BUDGET');
  });

  it('takes a hundred thousand weights', () => {
    expect(waterFill(Array<number>(200_000).fill(1), 0.4).residualCash).toBe(0);
  });
});

describe('equalWeight', () => {
  it('leaves cash where the cap does not let n reach the budget', () => {
    expect(equalWeight(2, 0.4)).toMatchObject({ capped: [0.4, 0.4], infeasible: true });
    expect(equalWeight(2, 0.4).residualCash).toBeCloseTo(0.2, 12);
    expect(equalWeight(4, 0.25)).toEqual({ capped: [0.25, 0.25, 0.25, 0.25], residualCash: 0, infeasible: false });
    expect(equalWeight(0, 0.4)).toEqual({ capped: [], residualCash: 1, infeasible: false });
  });

  it.each([-1, 1.5, NaN, 1e9])('refuses %s', (n) => {
    expect(codeOf(() => equalWeight(n, 0.4))).toBe('INVALID_COUNT');
  });
});

describe('inverseVolatility', () => {
  it('weighs by 1 / volatility before the cap', () => {
    const { raw, capped, residualCash, infeasible, excluded } = inverseVolatility([0.05, 0.2, 0.4], 0.4);
    expectClose(raw, [8 / 11, 2 / 11, 1 / 11]);
    expectClose(capped, [0.4, 0.4, 0.2]);
    expect([residualCash, infeasible, excluded]).toEqual([0, false, []]);
  });

  it('excludes what it cannot weigh, with the reason', () => {
    const { raw, capped, excluded } = inverseVolatility([0.1, 0, null, -1, undefined, NaN, 0.1], 0.5);
    expectClose(raw, [0.5, 0, 0, 0, 0, 0, 0.5]);
    expectClose(capped, [0.5, 0, 0, 0, 0, 0, 0.5]);
    expect(excluded).toEqual([
      { index: 1, reason: 'NOT_POSITIVE' },
      { index: 2, reason: 'MISSING' },
      { index: 3, reason: 'NOT_POSITIVE' },
      { index: 4, reason: 'MISSING' },
      { index: 5, reason: 'MISSING' },
    ]);
  });

  it('is all cash where nothing is left', () => {
    expect(inverseVolatility([0, null], 0.4)).toMatchObject({ raw: [0, 0], capped: [0, 0], residualCash: 1 });
    expect(inverseVolatility([], 0.4)).toMatchObject({ raw: [], residualCash: 1, infeasible: false });
  });

  it('survives the smallest volatility there is', () => {
    const { raw } = inverseVolatility([Number.MIN_VALUE, 0.2], 1);
    expectClose(raw, [1, 0]);
  });
});

describe('rankAggregation', () => {
  it('shares ranks between ties', () => {
    expect(rankAggregation({ A: { AAPL: 1, MSFT: 1, GOOG: 0 } })).toEqual({
      avgRankScore: { AAPL: 0.75, GOOG: 0, MSFT: 0.75 },
      weights: { AAPL: 0.5, GOOG: 0, MSFT: 0.5 },
    });
  });

  it('counts a symbol that a strategy does not name as last there', () => {
    const { avgRankScore } = rankAggregation({ A: { X: 2, Y: 1 }, B: { Y: 5 }, C: {} });
    expectClose([avgRankScore['X'] ?? NaN, avgRankScore['Y'] ?? NaN], [1 / 3, 1 / 3]);
  });

  it('gives equal weights where strategies disagree perfectly', () => {
    const { weights } = rankAggregation({ A: { X: 1, Y: 2, Z: 3 }, B: { X: 3, Y: 2, Z: 1 } });
    expectClose(Object.values(weights), [1 / 3, 1 / 3, 1 / 3]);
  });

  it('gives a single symbol everything, and nothing nothing', () => {
    expect(rankAggregation({ A: { X: -3 } })).toEqual({ avgRankScore: { X: 1 }, weights: { X: 1 } });
    expect(rankAggregation({})).toEqual({ avgRankScore: {}, weights: {} });
    expect(rankAggregation({ A: {} })).toEqual({ avgRankScore: {}, weights: {} });
  });

  it('refuses a score that is no number', () => {
    expect(codeOf(() => rankAggregation({ A: { X: NaN } }))).toBe('INVALID_SCORE');
    expect(codeOf(() => rankAggregation({ A: { X: null as unknown as number } }))).toBe('INVALID_SCORE');
  });
});

describe('correlation', () => {
  it('alerts strictly above the threshold, and only upwards', () => {
    const { corr, alerts } = correlation({ up: [1, 2, 3], also: [2, 4, 6], down: [3, 2, 1] });
    expect(corr['also|up']).toBeCloseTo(1, 12);
    expect(corr['down|up']).toBeCloseTo(-1, 12);
    expect(alerts).toEqual(['also|up']);
    expect(correlation({ a: [1, 2, 3], b: [1, 2, 3] }, 1).alerts).toEqual([]);
  });

  it('is undefined without movement or with fewer than two common dates', () => {
    expect(correlation({ a: [0.1, 0.1, 0.1], b: [0.01, 0.02, 0.03] }).corr).toEqual({ 'a|b': null });
    expect(correlation({ a: [0.1], b: [0.01] }).corr).toEqual({ 'a|b': null });
    expect(correlation({ a: [1, null, 3], b: [null, 2, 1] }).corr).toEqual({ 'a|b': null });
    expect(correlation({ a: [1e-200, 2e-200], b: [1, 2] }).corr).toEqual({ 'a|b': null });
    expect(correlation({})).toEqual({ corr: {}, alerts: [] });
    expect(correlation({ alone: [1, 2] })).toEqual({ corr: {}, alerts: [] });
  });

  it('leaves out dates that one of the two lacks', () => {
    const { corr } = correlation({ a: [1, 2, null, 4], b: [2, 4, 100, 8] });
    expect(corr['a|b']).toBeCloseTo(1, 12);
  });

  it('refuses what cannot be aligned or is no number', () => {
    expect(codeOf(() => correlation({ a: [1, 2], b: [1] }))).toBe('MISALIGNED_RETURNS');
    expect(codeOf(() => correlation({ a: [1, NaN], b: [1, 2] }))).toBe('INVALID_RETURN');
    expect(codeOf(() => correlation({}, NaN))).toBe('INVALID_THRESHOLD');
  });
});
