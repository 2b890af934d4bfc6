// Goal: every fault of a history by its code, severity and row; what only looks like one is not told; and the score.
import { describe, expect, it } from '@jest/globals';
import { sessionsBetween } from '../calendar/index.js';
import { checkHistory, historyScore, listedSessions, sessionCalendar } from './index.js';
import type { HistoryAction, HistoryBar, HistoryContext, HistoryFinding } from './index.js';

const calendar = sessionCalendar('XNYS');
/** 60 sessions from Monday 2026-01-05; 2026-01-19 and 2026-02-16 are holidays. */
const DATES = sessionsBetween('2026-01-05', '2026-04-30')
  .slice(0, 60)
  .map(({ date }) => date);
const day = (i: number): string => DATES[i]!;

/** A quiet name: closes between 98 and 102, no two bars alike. */
const CLEAN: readonly HistoryBar[] = DATES.map((date, i) => {
  const close = 100 + 2 * Math.sin(i);
  return { date, open: close - 0.3, high: close + 1, low: close - 1, close, volume: 1_000_000 + 1000 * i };
});

type Edit = (bars: HistoryBar[]) => HistoryBar[];

const set =
  (i: number, values: Partial<HistoryBar>): Edit =>
  (bars) =>
    bars.map((bar, at) => (at === i ? { ...bar, ...values } : bar));
const scale =
  (from: number, to: number, factor: number): Edit =>
  (bars) =>
    bars.map((bar, at) => {
      if (at < from || at >= to) return bar;
      const { open, high, low, close } = bar;
      return { ...bar, open: open * factor, high: high * factor, low: low * factor, close: close * factor };
    });
const drop =
  (i: number): Edit =>
  (bars) =>
    bars.filter((_, at) => at !== i);
const add =
  (bar: Partial<HistoryBar>): Edit =>
  (bars) => [...bars, { ...bars[0]!, ...bar }];
const repeat =
  (from: number, to: number, values: Partial<HistoryBar> = {}): Edit =>
  (bars) =>
    bars.map((bar, at) =>
      at > from && at <= to ? { ...bars[from]!, ...values, date: bar.date, volume: bar.volume } : bar,
    );
const same: Edit = (bars) => bars;

const told = (findings: readonly HistoryFinding[]): string[] =>
  findings.map(({ code, severity, date }) => `${date} ${severity} ${code}`);
const rows = (from: number, to: number, what: string): string[] =>
  DATES.slice(from, to).map((date) => `${date} ${what}`);

interface Case {
  readonly name: string;
  readonly edit: Edit;
  readonly context?: Omit<HistoryContext, 'calendar'>;
  readonly expected: readonly string[];
}

const split = (i: number, ratio: number): HistoryAction => ({ date: day(i), type: 'split', ratio });
const paid = (i: number, amount: number): HistoryAction => ({ date: day(i), type: 'dividend', amount });

const rowCases: readonly Case[] = [
  { name: 'nothing', edit: same, expected: [] },
  { name: 'a missing session', edit: drop(5), expected: [`${day(5)} WARNING MISSING_SESSION`] },
  {
    name: 'sessions after the last bar, up to the date that is asked for',
    edit: (bars) => bars.slice(0, 58),
    context: { to: day(59) },
    expected: rows(58, 60, 'WARNING MISSING_SESSION'),
  },
  { name: 'a date to reach that the bars pass', edit: same, context: { to: day(3) }, expected: [] },
  { name: 'a later start that nobody asked about', edit: drop(0), expected: [] },
  {
    name: 'a later start than asked for',
    edit: drop(0),
    context: { from: day(0) },
    expected: [`${day(1)} INFO LATE_START`],
  },
  { name: 'a start on the date asked for', edit: same, context: { from: '2026-01-05' }, expected: [] },
  { name: 'a bar on a holiday', edit: add({ date: '2026-01-19' }), expected: ['2026-01-19 CRITICAL NOT_A_SESSION'] },
  {
    name: 'a bar on a Sunday before all',
    edit: add({ date: '2026-01-04' }),
    expected: ['2026-01-04 CRITICAL NOT_A_SESSION'],
  },
  { name: 'a bar of 1970', edit: add({ date: '1970-01-01' }), expected: ['1970-01-01 CRITICAL NOT_A_SESSION'] },
  { name: 'a date that is none', edit: add({ date: '2026-02-30' }), expected: ['2026-02-30 CRITICAL INVALID_DATE'] },
  { name: 'the same row twice', edit: add({}), expected: [`${day(0)} WARNING DUPLICATE_DATE`] },
  { name: 'two rows that disagree', edit: add({ close: 99.5 }), expected: [`${day(0)} CRITICAL DUPLICATE_DATE`] },
  { name: 'no close', edit: set(7, { close: NaN }), expected: [`${day(7)} CRITICAL MISSING_VALUE`] },
  {
    name: 'no open and no volume',
    edit: set(7, { open: NaN, volume: NaN }),
    expected: [`${day(7)} WARNING MISSING_VALUE`, `${day(7)} WARNING MISSING_VALUE`],
  },
  { name: 'an endless price', edit: set(7, { high: Infinity }), expected: [`${day(7)} CRITICAL NOT_NUMERIC`] },
  { name: 'an endless volume', edit: set(7, { volume: Infinity }), expected: [`${day(7)} CRITICAL NOT_NUMERIC`] },
  { name: 'a price of zero', edit: set(7, { low: 0 }), expected: [`${day(7)} CRITICAL PRICE_NOT_POSITIVE`] },
  { name: 'a negative close', edit: set(7, { close: -100 }), expected: [`${day(7)} CRITICAL PRICE_NOT_POSITIVE`] },
  { name: 'a negative volume', edit: set(7, { volume: -1 }), expected: [`${day(7)} CRITICAL NEGATIVE_VOLUME`] },
  { name: 'a volume of zero', edit: set(7, { volume: 0 }), expected: [`${day(7)} WARNING ZERO_VOLUME`] },
  {
    name: 'a high below the open',
    edit: set(7, { open: 104 }),
    expected: [`${day(7)} CRITICAL OHLC_INCONSISTENT`],
  },
  {
    name: 'a low above the close',
    edit: set(7, { low: 103.2, high: 104 }),
    expected: [`${day(7)} CRITICAL OHLC_INCONSISTENT`],
  },
  {
    name: 'a high as near as a float32 comes',
    edit: set(7, { open: 100, high: 100 - 1e-5, low: 99, close: 99.5 }),
    expected: [],
  },
  { name: 'two equal bars', edit: repeat(7, 8), expected: [] },
  { name: 'three equal bars', edit: repeat(7, 9), expected: rows(8, 10, 'WARNING STALE_BARS') },
  {
    name: 'two equal bars with the same volume',
    edit: (bars) => set(8, { ...bars[7]!, date: day(8) })(bars),
    expected: [`${day(8)} WARNING STALE_BARS`],
  },
];

const levelCases: readonly Case[] = [
  { name: 'a fall of 29 %', edit: scale(20, 60, 0.71 / (CLEAN[20]!.close / CLEAN[19]!.close)), expected: [] },
  { name: 'a fall of 35 %', edit: scale(20, 60, 0.65), expected: [`${day(20)} WARNING UNEXPLAINED_MOVE`] },
  {
    name: 'a rise of 60 % that is half taken back',
    edit: (bars) => scale(30, 60, 0.65)(scale(20, 60, 1.7)(bars)),
    expected: [`${day(20)} WARNING UNEXPLAINED_MOVE`, `${day(30)} WARNING UNEXPLAINED_MOVE`],
  },
  {
    name: 'a raw split with its action',
    edit: scale(20, 60, 0.25),
    context: { actions: [split(20, 4)] },
    expected: [],
  },
  {
    name: 'a raw split whose action falls on a missing bar',
    edit: (bars) => drop(20)(scale(20, 60, 0.25)(bars)),
    context: { actions: [split(20, 4)] },
    expected: [`${day(20)} WARNING MISSING_SESSION`],
  },
  {
    name: 'a raw reverse split with its action',
    edit: scale(20, 60, 10),
    context: { actions: [{ date: day(20), type: 'reverse_split', ratio: 0.1 }] },
    expected: [],
  },
  { name: 'adjusted prices with the action', edit: same, context: { actions: [split(20, 4)] }, expected: [] },
  {
    name: 'a spin-off of unknown worth',
    edit: scale(20, 60, 0.6),
    context: { actions: [{ date: day(20), type: 'spinoff' }] },
    expected: [],
  },
  {
    name: 'a new name',
    edit: scale(20, 60, 0.6),
    context: { actions: [{ date: day(20), type: 'symbol_change' }] },
    expected: [`${day(20)} WARNING UNEXPLAINED_MOVE`],
  },
  { name: 'a special dividend of 40 %', edit: scale(20, 60, 0.6), context: { actions: [paid(20, 40)] }, expected: [] },
  {
    name: 'a split without an action',
    edit: scale(20, 60, 0.25),
    expected: [`${day(20)} CRITICAL ADJUSTMENT_FLIP`, `${day(20)} CRITICAL UNEXPLAINED_MOVE`],
  },
  {
    name: 'a jump beside a split that the prices already contain',
    edit: scale(20, 60, 0.25),
    context: { actions: [split(20, 4)], basis: 'split_adjusted' },
    expected: [`${day(20)} CRITICAL ADJUSTMENT_FLIP`, `${day(20)} CRITICAL UNEXPLAINED_MOVE`],
  },
  {
    name: 'one split raw and one adjusted',
    edit: scale(20, 60, 0.25),
    context: { actions: [split(20, 4), split(40, 2)] },
    expected: [`${day(40)} CRITICAL ADJUSTMENT_FLIP`, `${day(40)} CRITICAL UNEXPLAINED_MOVE`],
  },
  {
    name: 'four rows on the other side of a split',
    edit: scale(20, 24, 2),
    expected: [
      `${day(20)} CRITICAL ADJUSTMENT_FLIP`,
      `${day(20)} INFO UNEXPLAINED_MOVE`,
      ...rows(21, 24, 'CRITICAL ADJUSTMENT_FLIP'),
      `${day(24)} INFO UNEXPLAINED_MOVE`,
    ],
  },
  {
    name: 'a stretch in cents',
    edit: scale(20, 23, 100),
    expected: [
      `${day(20)} INFO UNEXPLAINED_MOVE`,
      ...rows(20, 23, 'CRITICAL UNIT_ERROR'),
      `${day(23)} INFO UNEXPLAINED_MOVE`,
    ],
  },
  {
    name: 'a stretch in cents while the price wanders off',
    edit: (bars) => scale(40, 60, 1.25)(scale(30, 60, 1.25)(scale(20, 50, 100)(bars))),
    expected: [
      `${day(20)} INFO UNEXPLAINED_MOVE`,
      ...rows(20, 50, 'CRITICAL UNIT_ERROR'),
      `${day(50)} INFO UNEXPLAINED_MOVE`,
    ],
  },
  {
    name: 'a row on the other side of a small split nearby',
    edit: scale(20, 21, 0.76),
    context: { actions: [split(22, 0.76)], basis: 'split_adjusted' },
    expected: [
      `${day(20)} CRITICAL ADJUSTMENT_FLIP`,
      `${day(20)} INFO UNEXPLAINED_MOVE`,
      `${day(21)} INFO UNEXPLAINED_MOVE`,
    ],
  },
  {
    name: 'a level of 1/100 for good',
    edit: scale(20, 60, 0.01),
    expected: [`${day(20)} CRITICAL UNEXPLAINED_MOVE`, `${day(20)} CRITICAL UNIT_ERROR`],
  },
  {
    name: 'a start in cents',
    edit: scale(0, 3, 100),
    expected: [
      ...rows(0, 3, 'CRITICAL UNIT_ERROR'),
      `${day(3)} CRITICAL UNEXPLAINED_MOVE`,
      `${day(3)} CRITICAL UNIT_ERROR`,
    ],
  },
  {
    name: 'an end in cents',
    edit: scale(57, 60, 100),
    expected: [`${day(57)} CRITICAL UNEXPLAINED_MOVE`, ...rows(57, 60, 'CRITICAL UNIT_ERROR')],
  },
  { name: 'a low in another unit', edit: set(20, { low: 0.99 }), expected: [`${day(20)} CRITICAL UNIT_ERROR`] },
];

const withAdjusted =
  (factor: (i: number) => number): Edit =>
  (bars) =>
    bars.map((bar, i) => ({ ...bar, adjustedClose: bar.close * factor(i) }));

const dividendCases: readonly Case[] = [
  { name: 'a plain dividend', edit: same, context: { actions: [paid(20, 1), paid(40, 1.2)] }, expected: [] },
  {
    name: 'a dividend in cents',
    edit: same,
    context: { actions: [paid(20, 150)] },
    expected: [`${day(20)} WARNING DIVIDEND_SUSPECT`],
  },
  {
    name: 'a fifth of the price that did not fall',
    edit: same,
    context: { actions: [paid(20, 20)] },
    expected: [`${day(20)} WARNING DIVIDEND_SUSPECT`],
  },
  {
    name: 'a fifth of the price that did',
    edit: scale(20, 60, 0.8),
    context: { actions: [paid(20, 20)] },
    expected: [],
  },
  {
    name: 'a hundredth of its neighbour',
    edit: same,
    context: { actions: [paid(20, 1), paid(40, 0.01)] },
    expected: [`${day(40)} WARNING DIVIDEND_SUSPECT`],
  },
  {
    name: 'a small one that is no hundredth',
    edit: same,
    context: { actions: [paid(20, 1), paid(40, 0.02)] },
    expected: [],
  },
  {
    name: 'the same dividend a day early',
    edit: scale(21, 60, 0.95),
    context: { actions: [paid(20, 5), paid(21, 5)] },
    expected: [`${day(20)} WARNING DIVIDEND_SUSPECT`],
  },
  {
    name: 'a dividend unadjusted for the split of its day',
    edit: same,
    context: { actions: [paid(10, 1), split(40, 5), paid(40, 5)] },
    expected: [`${day(40)} WARNING DIVIDEND_SUSPECT`],
  },
  {
    name: 'an adjusted close that knows the dividend',
    edit: withAdjusted((i) => (i < 20 ? 1 - 2 / CLEAN[19]!.close : 1)),
    context: { actions: [paid(20, 2)] },
    expected: [],
  },
  {
    name: 'an adjusted close that takes it twice',
    edit: withAdjusted((i) => (i < 20 ? 1 - 4 / CLEAN[19]!.close : 1)),
    context: { actions: [paid(20, 2)] },
    expected: [`${day(20)} WARNING ADJUSTED_CLOSE_MISMATCH`],
  },
  {
    name: 'an adjusted close that knows none',
    edit: withAdjusted(() => 1),
    context: { actions: [paid(20, 2)] },
    expected: [`${day(20)} WARNING ADJUSTED_CLOSE_MISMATCH`],
  },
  {
    name: 'an adjusted close below zero',
    edit: set(20, { adjustedClose: -1 }),
    expected: [`${day(20)} WARNING ADJUSTED_CLOSE_MISMATCH`],
  },
  {
    name: 'an adjusted close of raw prices over a split',
    edit: (bars) => withAdjusted((i) => (i < 20 ? 0.25 : 1))(scale(20, 60, 0.25)(bars)),
    context: { actions: [split(20, 4)] },
    expected: [],
  },
];

describe.each([
  ['rows', rowCases],
  ['levels', levelCases],
  ['dividends', dividendCases],
])('a history: %s', (_, cases) => {
  it.each(cases.map((each) => [each.name, each] as const))('%s', (_name, { edit, context, expected }) => {
    const { score, findings } = checkHistory(edit([...CLEAN]), { calendar, ...context });
    expect(told(findings)).toEqual(expected);
    const costly = findings.some(({ severity }) => severity !== 'INFO');
    if (costly) expect(score).toBeLessThan(1);
    else expect(score).toBe(1);
    for (const { detail } of findings) expect(detail).toMatch(/\.$/);
  });
});

describe('a name that hardly trades', () => {
  const thin = CLEAN.map((bar, i) => ({ ...bar, volume: i % 3 === 0 ? 500 : 0, open: 5, high: 5, low: 5, close: 5 }));

  it('has its empty rows told as INFO, and still cannot be traded on', () => {
    const { score, findings } = checkHistory(thin, { calendar });
    expect(new Set(findings.map(({ code, severity }) => `${code} ${severity}`))).toEqual(
      new Set(['ZERO_VOLUME INFO', 'STALE_BARS INFO']),
    );
    expect(score).toBeLessThan(0.6);
  });
});

describe('what is compared', () => {
  it('is in the sentence', () => {
    const { findings } = checkHistory(scale(20, 23, 100)([...CLEAN]), { calendar });
    expect(findings.find(({ code }) => code === 'UNIT_ERROR')!.detail).toBe(
      'close 10182.6; 3 rows stand near 100 times the closes around, 100.3 before and 98.3076 after.',
    );
  });

  it('is refused where an action cannot be read', () => {
    const run = (action: object) => () => checkHistory(CLEAN, { calendar, actions: [action as HistoryAction] });
    expect(run({ date: day(3), type: 'gift' })).toThrow(expect.objectContaining({ code: 'UNKNOWN_ACTION_TYPE' }));
    expect(run({ date: day(3), type: 'split' })).toThrow(expect.objectContaining({ code: 'INVALID_ACTION' }));
    expect(run({ date: day(3), type: 'dividend' })).toThrow(expect.objectContaining({ code: 'INVALID_ACTION' }));
    expect(run({ date: 'soon', type: 'spinoff' })).toThrow(expect.objectContaining({ code: 'INVALID_ACTION' }));
  });

  it('may be the sessions of any exchange', () => {
    const sundays = listedSessions('XSUN', ['2026-11-08', '2026-11-15', '2026-11-22']);
    const bars = [8, 22].map((date, i) => ({ ...CLEAN[i]!, date: `2026-11-${String(date).padStart(2, '0')}` }));
    expect(told(checkHistory(bars, { calendar: sundays }).findings)).toEqual(['2026-11-15 WARNING MISSING_SESSION']);
  });
});

describe('the score', () => {
  const finding = (code: HistoryFinding['code'], severity: HistoryFinding['severity']): HistoryFinding => ({
    code,
    severity,
    date: day(0),
    detail: '',
  });

  it.each([
    [[], 1],
    [[finding('MISSING_SESSION', 'WARNING')], 0.98],
    [[finding('OHLC_INCONSISTENT', 'CRITICAL')], 0.96],
    [[finding('MISSING_VALUE', 'WARNING')], 0.99],
    [[finding('MISSING_VALUE', 'CRITICAL')], 0.96],
    [[finding('ZERO_VOLUME', 'INFO')], 0.99],
    [[finding('STALE_BARS', 'INFO')], 0.98],
    [[finding('UNEXPLAINED_MOVE', 'WARNING')], 0.9],
    [[finding('UNEXPLAINED_MOVE', 'CRITICAL')], 0.5],
    [[finding('UNEXPLAINED_MOVE', 'INFO'), finding('LATE_START', 'INFO')], 1],
    [[finding('DIVIDEND_SUSPECT', 'WARNING'), finding('ADJUSTED_CLOSE_MISMATCH', 'WARNING')], 0.9],
    [Array.from({ length: 30 }, () => finding('PRICE_NOT_POSITIVE', 'CRITICAL')), 0],
  ])('of %j over 100 sessions is %d', (findings, score) => {
    expect(historyScore(findings, 100)).toBe(score);
  });

  it('of a history without a bar on a session is zero', () => {
    expect(checkHistory([], { calendar })).toMatchObject({ score: 0, findings: [{ code: 'NO_BARS', date: null }] });
    expect(checkHistory([{ ...CLEAN[0]!, date: '2026-01-04' }], { calendar }).score).toBe(0);
  });
});
