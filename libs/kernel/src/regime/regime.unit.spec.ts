// Goal: each regime from a market made for it, and `unknown` where the history is too short.
import { describe, expect, it } from '@jest/globals';
import type { Panel } from '../statistics/index.js';
import { equalWeightIndex, regimeOf } from './index.js';

function panelOf(...rows: number[][]): Panel {
  const length = rows[0]?.length ?? 0;
  return {
    symbols: rows.map((_, s) => `S${s}`),
    dates: Array.from({ length }, (_, d) => `d${String(d).padStart(4, '0')}`),
    close: Float64Array.from(rows.flat()),
    volume: new Float64Array(rows.length * length),
  };
}

/** Closes from one return a session: drift plus a swing that alternates in sign. */
function closes(length: number, drift: number, swing: (d: number) => number): number[] {
  let level = 100;
  return Array.from({ length }, (_, d) => (level *= Math.exp(drift + (d % 2 === 0 ? 1 : -1) * swing(d))));
}

const cases = `
up   | normal | 0.001  | 0.01 | 0.01
down | normal | -0.001 | 0.01 | 0.01
flat | normal | 0      | 0.01 | 0.01
flat | high   | 0      | 0.005| 0.02
flat | low    | 0      | 0.01 | 0.005
`;

describe('the regime of a universe', () => {
  for (const line of cases.trim().split('\n')) {
    const [trend, volatility, drift, usual, latest] = line.split('|').map((cell) => cell.trim());
    it(`is ${trend} and ${volatility} for drift ${drift}, swing ${usual} then ${latest}`, () => {
      const row = closes(300, Number(drift), (d) => Number(d < 280 ? usual : latest));
      const regime = regimeOf(panelOf(row, row));
      expect(regime).toMatchObject({ trend, volatility, sessions: 300 });
      expect(regime.realisedVolatility).toBeCloseTo(Number(latest) * Math.sqrt((252 * 20) / 19), 3);
    });
  }

  it('is unknown below 60 sessions, and its volatility below 60 windows of 20', () => {
    const history = (length: number): Panel => panelOf(closes(length, 0.01, () => 0.01));
    expect(regimeOf(history(59))).toMatchObject({ trend: 'unknown', volatility: 'unknown', trendScore: null });
    expect(regimeOf(history(60))).toMatchObject({ trend: 'up', volatility: 'unknown' });
    expect(regimeOf(history(79))).toMatchObject({ trend: 'up', volatility: 'unknown' });
    expect(regimeOf(history(80))).toMatchObject({ trend: 'up', volatility: 'normal' });
    expect(regimeOf(history(20)).realisedVolatility).toBeNull();
    expect(regimeOf(panelOf())).toEqual({
      trend: 'unknown',
      volatility: 'unknown',
      trendScore: null,
      realisedVolatility: null,
      sessions: 0,
    });
  });

  it('says nothing about a market that never moved', () => {
    expect(regimeOf(panelOf(new Array<number>(300).fill(50)))).toMatchObject({ trend: 'flat', volatility: 'unknown' });
  });
});

describe('the equal-weight index', () => {
  it('weighs names equally whatever their price', () => {
    expect([...equalWeightIndex(panelOf([10, 11, 11], [1000, 1000, 900]))]).toEqual([
      100,
      expect.closeTo(105),
      expect.closeTo(105 * 0.95),
    ]);
  });

  it('leaves out a session in which fewer than half of the names have a return', () => {
    const missing = Number.NaN;
    expect([...equalWeightIndex(panelOf([10, 11, 12], [10, missing, 12], [10, missing, 12]))]).toEqual([]);
    expect([...equalWeightIndex(panelOf([10, 11, 11], [10, missing, 12]))]).toEqual([
      100,
      expect.closeTo(110),
      expect.closeTo(110),
    ]);
  });
});
