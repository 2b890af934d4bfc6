// Goal: what every strategy promises of its scores, on random panels with holes.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lowVolatility, meanReversion, momentum } from './index.js';
import type { Panel, Score } from './index.js';

const price = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: 1, max: 500, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 0, -3, Infinity) },
);
const panels = fc.integer({ min: 0, max: 8 }).chain((symbols) =>
  fc.integer({ min: 0, max: 40 }).chain((sessions) =>
    fc.array(price, { minLength: symbols * sessions, maxLength: symbols * sessions }).map((closes): Panel => ({
      symbols: Array.from({ length: symbols }, (_, s) => `S${s}`),
      dates: Array.from({ length: sessions }, (_, d) => `d${String(d).padStart(2, '0')}`),
      close: Float64Array.from(closes),
      volume: new Float64Array(closes.length),
    })),
  ),
);
const strategies: Record<string, (panel: Panel) => Score[]> = {
  momentum: (panel) => momentum(panel, { lookback: 10, skip: 2 }),
  meanReversion: (panel) => meanReversion(panel, { window: 3, volWindow: 8 }),
  lowVolatility: (panel) => lowVolatility(panel, { window: 12 }),
};

describe.each(Object.entries(strategies))('%s', (_, strategy) => {
  it('scores every symbol once, in [-3, 3] on a grid of 1e-9, or says why not', () => {
    fc.assert(
      fc.property(panels, (panel) => {
        const scores = strategy(panel);
        expect(scores.map(({ symbol }) => symbol)).toEqual(panel.symbols);
        for (const { score, reason } of scores) {
          if (score === null) {
            expect(reason).toBe('INSUFFICIENT_HISTORY');
            continue;
          }
          expect(reason).toBeUndefined();
          expect(Math.abs(score)).toBeLessThanOrEqual(3);
          expect(Math.round(score * 1e9) / 1e9).toBe(score);
          expect(Object.is(score, -0)).toBe(false);
        }
      }),
    );
  });

  it('does not depend on the scale of prices', () => {
    fc.assert(
      fc.property(panels, (panel) => {
        const doubled = { ...panel, close: panel.close.map((close) => close * 2) };
        for (const [i, { score }] of strategy(doubled).entries()) {
          const before = strategy(panel)[i]!.score;
          if (before === null) expect(score).toBeNull();
          else expect(score).toBeCloseTo(before, 6);
        }
      }),
    );
  });
});
