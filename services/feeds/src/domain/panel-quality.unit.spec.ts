// Goal: splits make prices comparable, bars that cannot be right are kept out, and no later bar or action is looked at.
import { describe, expect, it } from '@jest/globals';
import type { CorporateAction } from '@ballast/kernel/corporate-actions';
import { Decimal } from '@ballast/kernel/money';
import { explanationsBySymbol, type SymbolAction } from './actions.js';
import { adjustPanel, type PriceBasis } from './adjust-panel.js';
import type { BarPanel } from './bar-month.js';
import { judgePanel } from './panel-quality.js';
import { sessionsUpTo } from './sessions.js';
import { describePanel } from './snapshot.js';

const SESSIONS = 40;
const DATES = sessionsUpTo('2017-06-30', SESSIONS);
const X = Number.NaN;

/** A price that moves a little every day, times what `factorOn` says of the day. */
function panel(bySymbol: Record<string, (day: number) => number>): BarPanel {
  const close = Float64Array.from(
    Object.values(bySymbol).flatMap((factorOn) => DATES.map((_, d) => (100 + Math.sin(d)) * factorOn(d))),
  );
  const volume = close.map((price) => (Number.isNaN(price) ? X : 1_000));
  return { symbols: Object.keys(bySymbol), dates: DATES, open: close, high: close, low: close, close, volume };
}
const split = (day: number, ratio: number): CorporateAction => ({
  ...{ type: 'split', date: DATES[day] ?? '2017-07-03', ratio: new Decimal(ratio) },
});

function judge(raw: BarPanel, actions: readonly CorporateAction[], basis: PriceBasis = 'raw') {
  const adjustment = adjustPanel(raw, new Map([['A', actions]]), basis);
  const kept = actions.map((action): SymbolAction => {
    const term = 'ratio' in action ? action.ratio : 'amount' in action ? action.amount : '';
    return { symbol: 'A', date: action.date, type: action.type, terms: [`${term}`] };
  });
  return { adjustment, ...judgePanel(raw, explanationsBySymbol(kept), adjustment, basis) };
}

describe('the factors of a panel', () => {
  const halved = panel({ A: (d) => (d < 30 ? 1 : 0.5), B: () => 1 });

  it('put the prices before a split in the shares after it, of that symbol alone', () => {
    const { factors } = judge(halved, [split(30, 2)]).adjustment;
    expect([...factors.subarray(0, SESSIONS)]).toEqual(DATES.map((_, d) => (d < 30 ? 0.5 : 1)));
    expect(factors.subarray(SESSIONS).every((factor) => factor === 1)).toBe(true);
  });

  it.each([
    ['prices that were adjusted for it before', 'split_adjusted', [split(30, 2)]],
    ['a split that is still to come', 'raw', [split(SESSIONS, 2)]],
    ['cash that is paid', 'raw', [{ type: 'cash_dividend', date: DATES[30]!, amount: new Decimal(1) }]],
  ] as const)('leave %s alone', (_, basis, actions) => {
    expect(judge(halved, actions, basis).adjustment.factors.every((factor) => factor === 1)).toBe(true);
  });

  it('multiply exactly over several splits', () => {
    const { factors } = judge(panel({ A: (d) => (d < 10 ? 21 : d < 30 ? 3 : 1) }), [
      split(10, 7),
      split(30, 3),
    ]).adjustment;
    expect([factors[9], factors[10], factors[30]]).toEqual([1 / 21, 1 / 3, 1]);
  });

  it('make shares of different days comparable, so that a split does not halve what a name trades a day', () => {
    const raw = panel({ A: (d) => (d < 30 ? 1 : 0.5) });
    raw.volume.fill(2_000, 30);
    const found = judge(raw, [split(30, 2)]);
    const about = { sectorOf: new Map<string, string>(), exchange: 'NYSE' };
    expect(describePanel(raw, found, found.adjustment.factors, about).adv).toEqual([2_000]);
  });
});

describe('a panel that was judged', () => {
  it('scores a clean symbol 1 and changes nothing', () => {
    const raw = panel({ A: () => 1 });
    const found = judge(raw, []);
    expect(found).toMatchObject({ score: [1], quarantined: [], missingSessions: 0 });
    expect(found.panel).toBe(raw);
  });

  it('keeps a price of another unit out, and the days around it in', () => {
    const found = judge(panel({ A: (d) => (d === 20 ? 100 : 1) }), []);
    expect(found.quarantined).toEqual([
      { symbol: 'A', date: DATES[20], code: 'UNIT_ERROR', detail: expect.any(String) },
    ]);
    expect([19, 20, 21].map((d) => Number.isNaN(found.panel.close[d]!))).toEqual([false, true, false]);
    expect(found.panel.volume[20]).toBeNaN();
    expect(found.score[0]).toBeGreaterThan(0.6);
  });

  it('takes a day as if a split had been on it, without one, for a flip between adjusted and not', () => {
    const found = judge(panel({ A: (d) => (d >= 20 && d < 23 ? 0.5 : 1) }), []);
    expect(found.quarantined.map(({ date, code }) => `${code} ${date}`)).toEqual(
      [20, 21, 22].map((d) => `ADJUSTMENT_FLIP ${DATES[d]}`),
    );
  });

  it.each([
    ['the last bar is of another unit', panel({ A: (d) => (d === SESSIONS - 1 ? 100 : 1) }), []],
    ['a split came after the last bar', panel({ A: (d) => (d > 37 ? X : 1) }), [split(38, 2)]],
    ['two sources contradict each other', panel({ A: (d) => (d < 30 ? 1 : 0.5) }), [split(30, 2), split(30, 3)]],
    ['there is no bar at all', panel({ A: () => X, B: () => 1 }), []],
  ])('cannot be traded where %s', (_, raw, actions) => {
    expect(judge(raw, actions).score[0]).toBe(0);
  });

  it('scores holes and an end that came early', () => {
    const found = judge(panel({ A: (d) => (d === 5 || d > 36 ? X : 1) }), []);
    expect(found.missingSessions).toBe(4);
    expect(found.score[0]).toBe(0.8);
  });

  it('never looks at what comes after its last date', () => {
    const until = (raw: BarPanel, days: number): BarPanel => {
      const cut = (series: Float64Array) => series.slice(0, days);
      const { open, high, low, close, volume } = raw;
      const dates = DATES.slice(0, days);
      const series = { open: cut(open), high: cut(high), low: cut(low), close: cut(close), volume: cut(volume) };
      return { symbols: ['A'], dates, ...series };
    };
    const short = until(panel({ A: () => 1 }), 25);
    const long = until(panel({ A: (d) => (d < 30 ? 1 : 0.5) }), 25);
    const [one, other] = [judge(short, []), judge(long, [split(30, 2)])];
    expect(other.score).toEqual(one.score);
    expect(other.adjustment.factors).toEqual(one.adjustment.factors);
  });
});
