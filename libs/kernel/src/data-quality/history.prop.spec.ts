import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sessionsBetween } from '../calendar/index.js';
import { checkHistory, historyScore, sessionCalendar } from './index.js';
import type { HistoryBar, HistoryCode, HistoryFinding, HistorySeverity } from './index.js';

const calendar = sessionCalendar('XNYS');
const SESSIONS = sessionsBetween('2015-01-01', '2025-12-31').map(({ date }) => date);
/** Faults stand this many rows apart, so that one does not hide the other. */
const APART = 10;

const ratio = fc.double({ min: 0, max: 1, noNaN: true });
const step = fc.record({ move: ratio, up: ratio, down: ratio, open: ratio, volume: fc.integer({ min: 1, max: 1e9 }) });

/** Bars on real sessions that move by less than 20 % a session; neither close nor volume is that of the row before. */
const history: fc.Arbitrary<HistoryBar[]> = fc
  .record({
    start: fc.integer({ min: 0, max: SESSIONS.length - 200 }),
    price: fc.double({ min: 0.5, max: 5000, noNaN: true }),
    drift: fc.double({ min: 0.99, max: 1.01, noNaN: true }),
    steps: fc.array(step, { minLength: 60, maxLength: 160 }),
  })
  .map(({ start, price, drift, steps }) =>
    steps.map(({ move, up, down, open, volume }, i) => {
      const close = price * drift ** i * (0.94 + 0.12 * move) * (1 + 0.003 * (i % 3));
      const high = close * (1.001 + 0.05 * up);
      const low = close * (0.999 - 0.05 * down);
      const date = SESSIONS[start + i]!;
      return { date, open: low + (high - low) * open, high, low, close, volume: 2 * volume + (i % 2) };
    }),
  );

type Fault = (bar: HistoryBar) => HistoryBar[];

const scaled = (bar: HistoryBar, factor: number): HistoryBar => ({
  ...bar,
  open: bar.open * factor,
  high: bar.high * factor,
  low: bar.low * factor,
  close: bar.close * factor,
});

const FAULTS: Readonly<Record<string, readonly [HistoryCode, Fault]>> = {
  gap: ['MISSING_SESSION', () => []],
  twice: ['DUPLICATE_DATE', (bar) => [bar, bar]],
  contradicted: ['DUPLICATE_DATE', (bar) => [bar, { ...bar, volume: bar.volume + 2 }]],
  noClose: ['MISSING_VALUE', (bar) => [{ ...bar, close: NaN }]],
  noVolume: ['MISSING_VALUE', (bar) => [{ ...bar, volume: NaN }]],
  zeroVolume: ['ZERO_VOLUME', (bar) => [{ ...bar, volume: 0 }]],
  negativeVolume: ['NEGATIVE_VOLUME', (bar) => [{ ...bar, volume: -5 }]],
  zeroOpen: ['PRICE_NOT_POSITIVE', (bar) => [{ ...bar, open: 0 }]],
  lowHigh: ['OHLC_INCONSISTENT', (bar) => [{ ...bar, high: bar.low * 0.9 }]],
  cents: ['UNIT_ERROR', (bar) => [scaled(bar, 100)]],
  lowInPounds: ['UNIT_ERROR', (bar) => [{ ...bar, low: bar.close / 100 }]],
  wild: ['UNEXPLAINED_MOVE', (bar) => [scaled(bar, 2.4)]],
};

const faults = fc.uniqueArray(fc.record({ at: fc.nat({ max: 5 }), kind: fc.constantFrom(...Object.keys(FAULTS)) }), {
  maxLength: 6,
  selector: ({ at }) => at,
});

describe('checkHistory', () => {
  it('finds nothing in a clean history and scores it 1', () => {
    fc.assert(
      fc.property(history, (bars) => {
        expect(checkHistory(bars, { calendar })).toEqual({ score: 1, findings: [] });
      }),
    );
  });

  it('finds every fault on its row, and none raises the score', () => {
    fc.assert(
      fc.property(history, faults, (clean, chosen) => {
        let bars = clean.map((bar) => [bar]);
        let before = 1;
        for (const { at, kind } of chosen) {
          const [code, fault] = FAULTS[kind]!;
          const row = 3 + at * APART;
          bars = bars.map((each, i) => (i === row ? fault(clean[row]!) : each));
          const { score, findings } = checkHistory(bars.flat(), { calendar });
          expect(score).toBeLessThanOrEqual(before);
          expect(findings).toContainEqual(expect.objectContaining({ code, date: clean[row]!.date }));
          before = score;
        }
      }),
    );
  });

  it('says the same in whatever order the rows come', () => {
    const shuffled = fc
      .tuple(history, faults)
      .map(([clean, chosen]) => {
        const at = new Map(chosen.map((each) => [3 + each.at * APART, FAULTS[each.kind]![1]]));
        return clean.flatMap((bar, i) => at.get(i)?.(bar) ?? [bar]);
      })
      .chain((bars) =>
        fc.tuple(fc.constant(bars), fc.shuffledSubarray(bars, { minLength: bars.length, maxLength: bars.length })),
      );
    fc.assert(
      fc.property(shuffled, ([bars, mixed]) => {
        expect(checkHistory(mixed, { calendar })).toEqual(checkHistory(bars, { calendar }));
      }),
    );
  });
});

describe('historyScore', () => {
  const finding: fc.Arbitrary<HistoryFinding> = fc.record({
    code: fc.constantFrom<HistoryCode>(
      'MISSING_SESSION',
      'STALE_BARS',
      'UNEXPLAINED_MOVE',
      'UNIT_ERROR',
      'ZERO_VOLUME',
      'DIVIDEND_SUSPECT',
    ),
    severity: fc.constantFrom<HistorySeverity>('CRITICAL', 'WARNING', 'INFO'),
    date: fc.constant('2026-11-20'),
    detail: fc.constant(''),
  });

  it('lies in 0..1 and never rises with a further finding', () => {
    fc.assert(
      fc.property(fc.array(finding), finding, fc.nat({ max: 2000 }), (findings, further, sessions) => {
        const score = historyScore(findings, sessions);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(historyScore([...findings, further], sessions)).toBeLessThanOrEqual(score);
      }),
    );
  });
});
