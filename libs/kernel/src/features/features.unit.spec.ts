// Goal: raw scores worked out by hand, what happens to names with gaps, and the liquidity figures of a small panel.
import { describe, expect, it } from '@jest/globals';
import { KernelError } from '../money/index.js';
import {
  averageDailyVolume,
  lowVolatility,
  meanReversion,
  momentum,
  strategyVolatility,
  topByLiquidity,
} from './index.js';
import type { Panel, Score } from './index.js';

const missing = Number.NaN;

/** A panel from closes (and volumes) a symbol; dates are only counted, so they are placeholders in ascending order. */
function panelOf(closes: Record<string, number[]>, volumes: Record<string, number[]> = {}): Panel {
  const symbols = Object.keys(closes);
  const length = Object.values(closes)[0]?.length ?? 0;
  return {
    symbols,
    dates: Array.from({ length }, (_, d) => `d${String(d).padStart(4, '0')}`),
    close: Float64Array.from(symbols.flatMap((symbol) => closes[symbol]!)),
    volume: Float64Array.from(symbols.flatMap((symbol) => volumes[symbol] ?? new Array<number>(length).fill(1000))),
  };
}

const scoresOf = (scores: Score[]): Record<string, number | null> =>
  Object.fromEntries(scores.map(({ symbol, score }) => [symbol, score]));

/** A price that swings up and down by `step` around 100, `length` sessions. */
const swing = (length: number, step: number): number[] =>
  Array.from({ length }, (_, d) => (d % 2 === 0 ? 100 : 100 * (1 + step)));

describe('momentum', () => {
  it('ranks the return between lookback and skip and ignores the last sessions', () => {
    const panel = panelOf({ UP: [100, 110, 120, 1], FLAT: [100, 100, 100, 900], DOWN: [100, 90, 80, 500] });
    expect(scoresOf(momentum(panel, { lookback: 3, skip: 1 }))).toEqual({ UP: 1, FLAT: 0, DOWN: -1 });
  });

  it('gives null with the reason where an end of the window or the last close is missing', () => {
    const panel = panelOf({
      A: [100, 101, 102, 103],
      B: [100, 101, 104, 103],
      LATE: [missing, 101, 102, 103],
      HOLE: [100, 101, missing, 103],
      GONE: [100, 101, 102, missing],
      ZERO: [0, 101, 102, 103],
    });
    const scores = momentum(panel, { lookback: 3, skip: 1 });
    for (const symbol of ['LATE', 'HOLE', 'GONE', 'ZERO']) {
      expect(scores).toContainEqual({ symbol, score: null, reason: 'INSUFFICIENT_HISTORY' });
    }
    expect(scoresOf(scores)).toMatchObject({ A: -0.707106781, B: 0.707106781 });
  });

  it('needs a year of history by default', () => {
    const rising = Array.from({ length: 252 }, (_, d) => 100 + d);
    expect(scoresOf(momentum(panelOf({ A: rising })))).toEqual({ A: null });
    expect(scoresOf(momentum(panelOf({ A: [...rising, 400] })))).toEqual({ A: 0 });
  });

  it('clips at three deviations', () => {
    const quiet = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`Q${i}`, [100, 100, 100]]));
    const scores = scoresOf(momentum(panelOf({ ...quiet, WILD: [100, 900, 900] }), { lookback: 2, skip: 1 }));
    expect(scores['WILD']).toBe(3);
  });
});

describe('mean reversion', () => {
  it('likes what fell, in units of the deviation before the fall', () => {
    const before = swing(21, 0.01);
    const panel = panelOf({
      FELL: [...before, 99, 98, 97, 96, 95],
      ROSE: [...before, 101, 102, 103, 104, 105],
      STOOD: [...before, 100, 100, 100, 100, 100],
    });
    const scores = scoresOf(meanReversion(panel));
    expect(scores['FELL']).toBeGreaterThan(0.9);
    expect(scores['ROSE']).toBeLessThan(-0.9);
    expect(Math.abs(scores['STOOD']!)).toBeLessThan(0.1);
  });

  it('has no score without history or without any movement to measure against', () => {
    const panel = panelOf({ STALE: [...new Array<number>(25).fill(100), 90], MOVES: [...swing(25, 0.01), 90] });
    expect(scoresOf(meanReversion(panel))).toEqual({ STALE: null, MOVES: 0 });
    expect(scoresOf(meanReversion(panelOf({ SHORT: swing(25, 0.01) })))).toEqual({ SHORT: null });
  });

  it('bears a quarter of the sessions missing, not more', () => {
    const holes = (count: number): number[] => swing(26, 0.01).map((p, d) => (d >= 1 && d <= count ? missing : p));
    expect(scoresOf(meanReversion(panelOf({ FOUR: holes(4), SIX: holes(6) })))).toEqual({ FOUR: 0, SIX: null });
  });
});

describe('low volatility', () => {
  it('prefers the calmer name and trusts no price that never moves', () => {
    const panel = panelOf({ CALM: swing(61, 0.005), WILD: swing(61, 0.05), STALE: new Array<number>(61).fill(5) });
    const scores = scoresOf(lowVolatility(panel));
    expect(scores).toEqual({ CALM: 0.707106781, WILD: -0.707106781, STALE: null });
    expect(scoresOf(lowVolatility(panelOf({ SHORT: swing(60, 0.01) })))).toEqual({ SHORT: null });
  });
});

describe('the volatility of a strategy', () => {
  const panel = panelOf({
    A: swing(61, 0.02),
    B: swing(61, 0.1),
    C: swing(61, 0.1),
    D: swing(61, 0.1),
    E: swing(61, 0.1),
  });
  const scored = (top: string): Score[] => panel.symbols.map((symbol) => ({ symbol, score: symbol === top ? 1 : 0 }));

  it('is that of the top fifth of its names', () => {
    const expected = Math.sqrt(252) * Math.sqrt((30 * 0.02 ** 2 + 30 * (0.02 / 1.02) ** 2) / 60);
    const found = strategyVolatility(panel, scored('A'))!;
    expect(found).toBeGreaterThan(expected * 0.99);
    expect(found).toBeLessThan(expected * 1.02);
    expect(strategyVolatility(panel, scored('B'))).toBeGreaterThan(found * 4);
  });

  it('takes the first symbol among equals, whatever the order of the scores', () => {
    const tie = panel.symbols.map((symbol) => ({ symbol, score: 0 }));
    expect(strategyVolatility(panel, [...tie].reverse())).toBe(strategyVolatility(panel, scored('A')));
  });

  it('is null without scores, without history or without movement', () => {
    expect(
      strategyVolatility(
        panel,
        panel.symbols.map((symbol) => ({ symbol, score: null })),
      ),
    ).toBeNull();
    expect(strategyVolatility(panel, [{ symbol: 'NOT_IN_PANEL', score: 1 }])).toBeNull();
    expect(strategyVolatility(panelOf({ A: swing(30, 0.01) }), [{ symbol: 'A', score: 1 }])).toBeNull();
    const stale = panelOf({ A: new Array<number>(61).fill(5) });
    expect(strategyVolatility(stale, [{ symbol: 'A', score: 1 }])).toBeNull();
  });
});

describe('liquidity', () => {
  const closes = new Array<number>(25).fill(10);
  const volume = (last20: number[]): number[] => [...new Array<number>(25 - last20.length).fill(1e9), ...last20];

  it('averages the last 20 sessions in shares', () => {
    const ramp = Array.from({ length: 20 }, (_, i) => (i + 1) * 100);
    expect(averageDailyVolume(panelOf({ A: closes }, { A: volume(ramp) }))).toEqual([
      { symbol: 'A', shares: 1050, observed: 20 },
    ]);
  });

  it('needs 15 observations; a zero is one, a missing or negative volume is not', () => {
    const gaps = (count: number, gap: number): number[] =>
      volume(Array.from({ length: 20 }, (_, i) => (i < count ? gap : 100)));
    const panel = panelOf(
      { FIVE: closes, SIX: closes, ZERO: closes, MINUS: closes },
      { FIVE: gaps(5, missing), SIX: gaps(6, missing), ZERO: gaps(10, 0), MINUS: gaps(6, -1) },
    );
    expect(averageDailyVolume(panel).map(({ shares, observed }) => [shares, observed])).toEqual([
      [100, 15],
      [null, 14],
      [50, 20],
      [null, 14],
    ]);
  });

  it('ranks by median dollars traded, ties by symbol, without the untraded', () => {
    const flat = (shares: number): number[] => new Array<number>(25).fill(shares);
    const panel = panelOf(
      { ZED: closes, ABE: closes, BIG: closes, DEAD: closes, BLIND: new Array<number>(25).fill(missing) },
      { ZED: flat(10), ABE: flat(10), BIG: flat(20), DEAD: flat(0), BLIND: flat(99) },
    );
    expect(topByLiquidity(panel, 10)).toEqual(['BIG', 'ABE', 'ZED']);
    expect(topByLiquidity(panel, 1)).toEqual(['BIG']);
    expect(topByLiquidity(panel, 0)).toEqual([]);
  });
});

describe('arguments', () => {
  it('that fit no panel are refused by code', () => {
    const panel = panelOf({ A: [1, 2, 3] });
    const short = { ...panel, volume: new Float64Array(2) };
    const refused = (run: () => unknown): string => {
      try {
        run();
      } catch (error) {
        if (error instanceof KernelError) return error.code;
      }
      return 'accepted';
    };
    expect(refused(() => momentum(short))).toBe('INVALID_PANEL');
    expect(refused(() => averageDailyVolume(short))).toBe('INVALID_PANEL');
    expect(refused(() => topByLiquidity(panel, 1.5))).toBe('INVALID_COUNT');
    expect(refused(() => lowVolatility(panel, { window: 0 }))).toBe('INVALID_WINDOW');
  });

  it('of no symbol at all give no score at all', () => {
    expect(momentum(panelOf({}))).toEqual([]);
    expect(topByLiquidity(panelOf({}), 5)).toEqual([]);
  });
});
