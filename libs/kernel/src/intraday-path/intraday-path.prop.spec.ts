// Goal: on every day a path keeps its four prices, and every quote stays in the range widened by half the spread.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { intradayPath, quoteAt } from './index.js';
import type { PathInput } from './index.js';

const cents = fc.integer({ min: 1, max: 100_000 });
const days: fc.Arbitrary<Required<PathInput>> = fc
  .record({
    prices: fc.tuple(cents, cents, cents, cents),
    seed: fc.oneof(fc.string(), fc.integer()),
    minutes: fc.integer({ min: 3, max: 390 }),
  })
  .map(({ prices, seed, minutes }) => {
    const [low, a, b, high] = [...prices].sort((x, y) => x - y).map((price) => price / 100) as [
      number,
      number,
      number,
      number,
    ];
    return { low, high, ...(minutes % 2 === 0 ? { open: a, close: b } : { open: b, close: a }), seed, minutes };
  });

describe('a path', () => {
  it('starts at the open, ends at the close, touches high and low and never leaves them', () => {
    fc.assert(
      fc.property(days, (day) => {
        const path = intradayPath(day);
        expect(path).toHaveLength(day.minutes + 1);
        expect(path[0]).toBe(day.open);
        expect(path.at(-1)).toBe(day.close);
        expect(Math.max(...path)).toBe(day.high);
        expect(Math.min(...path)).toBe(day.low);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a quote', () => {
  it('is in whole cents, not crossed, and inside the range widened by half the spread', () => {
    const moments = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(days, moments, fc.integer({ min: 0, max: 200 }), (day, part, spreadBp) => {
        const { bid, ask } = quoteAt(intradayPath(day), part * day.minutes, spreadBp);
        const half = spreadBp / 20_000;
        expect(bid).toBeLessThanOrEqual(ask);
        expect(bid).toBeGreaterThanOrEqual(day.low * (1 - half) - 1e-6);
        expect(ask).toBeLessThanOrEqual(day.high * (1 + half) + 1e-6);
        for (const price of [bid, ask]) expect(Math.round(price * 100) / 100).toBe(price);
      }),
      { numRuns: 300 },
    );
  });
});
