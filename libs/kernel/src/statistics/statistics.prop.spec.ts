// Goal: laws that hold for every series: missing values change nothing, statistics stay in their bounds.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawdown, mean, pearson, quantile, rollingMax, stdev, zScores } from './index.js';

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const gappy = fc.array(fc.oneof({ weight: 4, arbitrary: value }, fc.constant(Number.NaN)), { maxLength: 60 });

describe('statistics', () => {
  it('do not see missing values', () => {
    fc.assert(
      fc.property(gappy, (series) => {
        const present = series.filter((x) => !Number.isNaN(x));
        expect(mean(series)).toBe(mean(present));
        expect(stdev(series)).toBe(stdev(present));
        expect(quantile(series, 0.3)).toBe(quantile(present, 0.3));
      }),
    );
  });

  it('keep quantiles between the extremes and in order', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (series) => {
        const [low, middle, high] = [0, 0.5, 1].map((q) => quantile(series, q)!);
        expect(low).toBe(Math.min(...series));
        expect(high).toBe(Math.max(...series));
        expect(middle).toBeGreaterThanOrEqual(low!);
        expect(middle).toBeLessThanOrEqual(high!);
      }),
    );
  });

  it('agree with the plain definition of a rolling maximum', () => {
    fc.assert(
      fc.property(gappy, fc.integer({ min: 1, max: 10 }), (series, window) => {
        const expected = series.map((_, i) => {
          const seen = series.slice(Math.max(0, i - window + 1), i + 1).filter((x) => !Number.isNaN(x));
          return i < window - 1 || seen.length === 0 ? Number.NaN : Math.max(...seen);
        });
        expect([...rollingMax(series, window)].map((x) => x + 0)).toEqual(expected.map((x) => x + 0));
      }),
    );
  });

  it('keep correlation symmetric and in [-1, 1]', () => {
    const pairs = fc.array(fc.tuple(value, value), { maxLength: 30 });
    fc.assert(
      fc.property(pairs, (rows) => {
        const xs = rows.map(([x]) => x);
        const ys = rows.map(([, y]) => y);
        const found = pearson(xs, ys);
        if (found === null) return;
        expect(Math.abs(found)).toBeLessThanOrEqual(1);
        expect(pearson(ys, xs)).toBeCloseTo(found, 9);
      }),
    );
  });

  it('standardise to mean 0 and deviation 1', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 }), (series) => {
        const scores = zScores(series);
        if (scores === null) {
          expect(new Set(series).size).toBe(1);
          return;
        }
        expect(mean(scores)).toBeCloseTo(0, 9);
        expect(stdev(scores)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('never put a drawdown above zero', () => {
    fc.assert(
      fc.property(gappy, (series) => {
        for (const below of drawdown(series)) expect(Number.isNaN(below) || below <= 0).toBe(true);
      }),
    );
  });
});
