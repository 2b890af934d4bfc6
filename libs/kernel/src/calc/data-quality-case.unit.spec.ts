// Goal: the shapes of `calc data-quality`: what it reads, what it answers, and what it refuses.
import { describe, expect, it } from '@jest/globals';
import { sessionsBetween } from '../calendar/index.js';
import { dataQualityCase } from './data-quality-case.js';

const DATES = sessionsBetween('2026-01-05', '2026-04-30').map(({ date }) => date);
const day = (i: number): string => DATES[i]!;
/** 60 sessions of a quiet name from 2026-01-05; the same after a split of two for one that the prices show. */
const bars = DATES.slice(0, 60).map((date, i) => {
  const close = 100 + 2 * Math.sin(i);
  return { date, open: close - 0.3, high: close + 1, low: close - 1, close, volume: 1_000_000 + 1000 * i };
});
const halved = bars.map(({ date, open, high, low, close, volume }, i) => {
  const factor = i < 20 ? 1 : 0.5;
  return { date, open: open * factor, high: high * factor, low: low * factor, close: close * factor, volume };
});

describe('calc data-quality', () => {
  it('reads numbers and decimal strings, and takes null and absent as missing', () => {
    const input = bars.map((bar, i) =>
      i === 3
        ? { date: bar.date, open: null, high: '103.5', low: '97', close: '99.25' }
        : { ...bar, close: String(bar.close) },
    );
    const { score, findings } = dataQualityCase({ bars: input, calendar: 'XNYS', actions: [] });
    expect(findings).toEqual([
      { code: 'MISSING_VALUE', severity: 'WARNING', date: day(3), detail: 'open is missing.' },
      { code: 'MISSING_VALUE', severity: 'WARNING', date: day(3), detail: 'volume is missing.' },
    ]);
    expect(score).toBeCloseTo(1 - 2 / 60, 9);
  });

  it('hears of actions, basis and start', () => {
    const actions = [{ date: day(20), type: 'split', ratio: '2' }];
    expect(dataQualityCase({ bars: halved, calendar: 'XNYS', actions }).findings).toEqual([]);
    const other = dataQualityCase({
      bars: halved,
      calendar: 'XNYS',
      actions,
      basis: 'split_adjusted',
      from: '2026-01-02',
    });
    expect(other.findings.map(({ code, severity, date }) => `${date} ${severity} ${code}`)).toEqual([
      `${day(0)} INFO LATE_START`,
      `${day(20)} CRITICAL ADJUSTMENT_FLIP`,
      `${day(20)} CRITICAL UNEXPLAINED_MOVE`,
    ]);
  });

  it.each([
    [{ bars, calendar: 'XNSE' }, 'UNKNOWN_CALENDAR', 'XNYS'],
    [{ bars }, 'INVALID_INPUT', 'calendar'],
    [{ calendar: 'XNYS' }, 'INVALID_INPUT', 'bars'],
    [{ bars: [{ ...bars[0], close: 'ten' }], calendar: 'XNYS' }, 'INVALID_DECIMAL', 'ten'],
    [{ bars: [{ ...bars[0], close: true }], calendar: 'XNYS' }, 'INVALID_INPUT', 'bars[0].close'],
    [{ bars: [{ close: 1 }], calendar: 'XNYS' }, 'INVALID_INPUT', 'bars[0].date'],
    [{ bars, calendar: 'XNYS', basis: 'cooked' }, 'INVALID_INPUT', 'basis'],
    [{ bars, calendar: 'XNYS', actions: [{ date: day(0), type: 'gift' }] }, 'UNKNOWN_ACTION_TYPE', 'split'],
  ])('refuses case %#', (input, code, named) => {
    const run = (): unknown => dataQualityCase(input);
    expect(run).toThrow(expect.objectContaining({ code }));
    expect(run).toThrow(named);
  });
});
