import { describe, expect, it } from '@jest/globals';
import { adjustPanel } from './adjust-panel.js';
import type { BarPanel } from './bar-month.js';
import { judgePanel } from './panel-quality.js';
import { measureStaleness, refuseLength } from './seal.js';
import { lastCompletedSession, sessionsBehind, sessionsUpTo } from './sessions.js';
import { describePanel, fromFirstBar } from './snapshot.js';
import { chooseUniverse, LIQUIDITY_SESSIONS } from './universe.js';

const X = Number.NaN;

/** A panel of closes; volumes are 100 wherever there is a close, unless they are given. */
function panel(closes: Record<string, number[]>, volumes: Record<string, number[]> = {}): BarPanel {
  const symbols = Object.keys(closes);
  const close = Float64Array.from(Object.values(closes).flat());
  const volume = Float64Array.from(
    symbols.flatMap((symbol) => volumes[symbol] ?? closes[symbol]!.map((price) => (Number.isNaN(price) ? X : 100))),
  );
  const dates = sessionsUpTo('2017-06-30', closes[symbols[0]!]!.length);
  return { symbols, dates, open: close, high: close, low: close, close, volume };
}
const flat = (price: number, sessions = LIQUIDITY_SESSIONS) => Array.from({ length: sessions }, () => price);
const universe = (more: { symbols?: string[]; size?: number } = {}) => ({ universeId: 'test', ...more });

describe('the universe of a cycle', () => {
  const gone = [...flat(5, 15), X, X, X, X, X];
  const back = [...flat(5, 15), 5, X, X, X, X];
  const recent = panel({ BIG: flat(100), GONE: gone, LATE: back, MID: flat(10), SMALL: flat(1) });

  it.each([
    ['all that have a bar in the last five sessions', universe(), ['BIG', 'LATE', 'MID', 'SMALL']],
    ['the most liquid, by symbol', universe({ size: 2 }), ['BIG', 'MID']],
    ['as many as there are', universe({ size: 50 }), ['BIG', 'LATE', 'MID', 'SMALL']],
    ['those that were named, once each', universe({ symbols: ['SMALL', 'BIG', 'SMALL'] }), ['BIG', 'SMALL']],
  ])('is %s', (_, wanted, symbols) => {
    expect(chooseUniverse(recent, wanted)).toEqual({ kind: 'chosen', symbols });
  });

  it('is refused where a named symbol has no recent bar', () => {
    expect(chooseUniverse(recent, universe({ symbols: ['BIG', 'GONE', 'NOPE'] }))).toEqual({
      kind: 'refused',
      code: 'UNKNOWN_SYMBOLS',
      reason: 'no bar in the last 5 sessions up to 2017-06-30 of GONE, NOPE',
    });
  });

  it('is refused where no liquidity is known', () => {
    const silent = panel({ A: flat(1) }, { A: flat(X) });
    expect(chooseUniverse(silent, universe({ size: 1 }))).toMatchObject({ kind: 'refused', code: 'HISTORY_TOO_SHORT' });
  });
});

describe('the staleness of a history', () => {
  it.each([
    ['2017-06-30', '2017-06-30', 0],
    ['2017-06-30', '2017-07-02', 0],
    ['2017-06-30', '2017-07-05', 2],
    ['2017-06-27', '2017-06-30', 3],
  ])('counts sessions: from %s to %s there are %i', (last, asOf, behind) => {
    expect(sessionsBehind(last, asOf)).toBe(behind);
  });

  const rules = { staleSessionsMax: 3, sessionsMin: 20 };
  it.each([
    ['2017-06-27', { staleness: { lastSession: '2017-06-27', sessionsBehind: 3 } }],
    ['2017-06-26', { refusal: { code: 'STALE_HISTORY' } }],
    [null, { refusal: { code: 'NO_HISTORY' } }],
  ])('that ends %s comes to %j', (last, outcome) => {
    expect(measureStaleness('test', last, '2017-06-30', rules)).toMatchObject(outcome);
  });

  it('refuses fewer sessions than are needed', () => {
    expect(refuseLength(20, rules)).toBeNull();
    expect(refuseLength(19, rules)).toMatchObject({ code: 'HISTORY_TOO_SHORT' });
  });
});

describe('sessions', () => {
  it('are counted back over holidays and years', () => {
    expect(sessionsUpTo('2017-01-04', 3)).toEqual(['2016-12-30', '2017-01-03', '2017-01-04']);
    expect(sessionsUpTo('1998-01-05', 10)).toEqual(['1998-01-02', '1998-01-05']);
    expect(sessionsUpTo('2018-02-07', 520)).toHaveLength(520);
  });

  it.each([
    ['2017-06-30T19:59:59.999Z', '2017-06-29'],
    ['2017-06-30T20:00:00.000Z', '2017-06-30'],
    ['2017-07-03T16:59:59.000Z', '2017-06-30'],
    ['2017-07-03T17:00:00.000Z', '2017-07-03'],
    ['2017-07-04T18:00:00.000Z', '2017-07-03'],
  ])('at %s the last completed one is %s', (now, date) => {
    expect(lastCompletedSession(now)).toBe(date);
  });
});

/** A panel described as a cycle does it, without any actions. */
function described(raw: BarPanel, sectorOf = new Map<string, string>()) {
  const adjustment = adjustPanel(raw, new Map(), 'split_adjusted');
  const quality = judgePanel(raw, new Map(), adjustment, 'split_adjusted');
  return describePanel(raw, quality, adjustment.factors, { sectorOf, exchange: 'NYSE' });
}

describe('the snapshot of a panel', () => {
  it('marks each symbol with its last close, and leaves unknown what is unknown', () => {
    const closes = { A: flat(40.38), B: [...flat(7, 18), 7.87, X] };
    const bars = panel(closes, { B: [...flat(X, 6), ...flat(10, 12), 10, X] });
    const facts = described(bars, new Map([['A', 'Energy']]));
    expect(facts.marks).toEqual([
      { symbol: 'A', exchange: 'NYSE', price: '40.38', sector: 'Energy', adv: '100', quality: expect.any(Number) },
      { symbol: 'B', exchange: 'NYSE', price: '7.87', sector: null, adv: null, quality: expect.any(Number) },
    ]);
    expect(facts.adv).toEqual([100, null]);
    expect(facts.regime).toEqual({
      trend: 'unknown',
      volatility: 'unknown',
      trendScore: null,
      realisedVolatility: null,
    });
  });

  it('names the symbols whose history is not to be relied on', () => {
    const moving = Array.from({ length: 40 }, (_, i) => 50 + i);
    const holes = moving.map((price, i) => (i % 2 === 1 || i === 0 ? price : X));
    const { summary, quality } = described(panel({ GOOD: moving, HOLES: holes }));
    expect(summary).toMatchObject({ below: ['HOLES'], lowest: quality[1] });
    expect(quality[0]).toBe(1);
  });

  it('starts with the first bar of any symbol', () => {
    const cut = fromFirstBar(panel({ A: [X, X, 3, 4], B: [X, X, X, 8] }));
    expect([cut.dates.length, [...cut.close]]).toEqual([2, [3, 4, X, 8]]);
  });
});
