import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { D, decimal, formatDecimal, KernelError } from '../money/index.js';
import { planTwap, sliceQuantities, spreadLate, twapSchedule } from './index.js';
import type { SliceOptions, TwapSlice } from './index.js';

const casesFile = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', '../cases/twap.json');

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
  return 'no error';
}

function lines(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

const cut = (qty: string, options: SliceOptions) => sliceQuantities(decimal(qty), options).map(formatDecimal).join(' ');

describe('sliceQuantities', () => {
  // qty | slices | lot | children
  const golden = `
    100            | 6   |     | 17 17 17 17 16 16
    1              | 6   |     | 1
    6              | 6   |     | 1 1 1 1 1 1
    7              | 6   |     | 2 1 1 1 1 1
    3              | 10  |     | 1 1 1
    0.5            | 10  |     | 0.5
    2.5            | 6   |     | 0.416666666 0.416666666 0.416666666 0.416666666 0.416666666 0.41666667
    1.5            | 3   |     | 0.5 0.5 0.5
    1.00000000001  | 2   |     | 0.5 0.50000000001
    100            | 1   |     | 100
    525            | 4   | 75  | 150 150 150 75
    75             | 4   | 75  | 75
    450            | 6   | 75  | 75 75 75 75 75 75
    2.5            | 2   | 1   | 1.25 1.25
    0              | 6   |     |
    -5             | 6   |     |
    100000000000000000000001 | 2 |  | 50000000000000000000001 50000000000000000000000
  `;
  it.each(lines(golden))('cuts %s into %s in lots of "%s"', (qty = '', slices, lot, children) => {
    const options = { slices: Number(slices), ...(lot ? { lotSize: decimal(lot) } : {}) };
    expect(cut(qty, options)).toBe(children);
  });

  it('takes the word of the caller on fractions', () => {
    expect(cut('2', { slices: 3, fractional: true })).toBe('0.666666666 0.666666666 0.666666668');
    expect(cut('2', { slices: 3, fractional: false })).toBe('1 1');
    expect(codeOf(() => cut('2.5', { slices: 3, fractional: false }))).toBe('INVALID_LOT');
  });

  it.each([0, -1, 2.5, NaN, Infinity])('refuses %s slices', (slices) => {
    expect(codeOf(() => cut('100', { slices }))).toBe('INVALID_SLICES');
    expect(codeOf(() => cut('0', { slices }))).toBe('INVALID_SLICES');
  });

  it('refuses more slices than a schedule can hold, unless the quantity brings them down', () => {
    expect(codeOf(() => cut('1000000', { slices: 1_000_000 }))).toBe('INVALID_SLICES');
    expect(codeOf(() => cut('1.5', { slices: 1_000_000 }))).toBe('INVALID_SLICES');
    expect(cut('2', { slices: 1_000_000 })).toBe('1 1');
  });

  it('refuses broken lots', () => {
    expect(codeOf(() => cut('100', { slices: 6, lotSize: new D(75) }))).toBe('INVALID_LOT');
    expect(codeOf(() => cut('0.5', { slices: 6, lotSize: new D(75) }))).toBe('INVALID_LOT');
    for (const lotSize of [new D(0), new D(-75), new D(0.5), new D(NaN)]) {
      expect(codeOf(() => cut('75', { slices: 6, lotSize }))).toBe('INVALID_LOT');
    }
    expect(codeOf(() => cut('75', { slices: 6, lotSize: new D(75), fractional: true }))).toBe('INVALID_LOT');
  });

  it('refuses what is no quantity', () => {
    expect(codeOf(() => sliceQuantities(new D(NaN), { slices: 2 }))).toBe('INVALID_QUANTITY');
    expect(codeOf(() => sliceQuantities(new D(Infinity), { slices: 2 }))).toBe('INVALID_QUANTITY');
  });
});

describe('twapSchedule', () => {
  it('starts at once and ends one interval before the horizon', () => {
    const rows = twapSchedule({ qty: new D(100), slices: 6, horizonMinutes: 60 });
    expect(rows.map((row) => row.offsetMs)).toEqual([0, 600_000, 1_200_000, 1_800_000, 2_400_000, 3_000_000]);
  });

  it('takes the interval after the number of slices came down', () => {
    const rows = twapSchedule({ qty: new D(3), slices: 10, horizonMinutes: 60 });
    expect(rows.map((row) => [row.i, row.offsetMs])).toEqual([
      [0, 0],
      [1, 1_200_000],
      [2, 2_400_000],
    ]);
  });

  it('does not round offsets', () => {
    expect(twapSchedule({ qty: new D(7), slices: 7, horizonMinutes: 1 })[1]?.offsetMs).toBe(60_000 / 7);
  });

  it('is empty for nothing', () => {
    expect(twapSchedule({ qty: new D(0), slices: 6, horizonMinutes: 60 })).toEqual([]);
  });

  it.each([0, -1, NaN, Infinity])('refuses a horizon of %s minutes', (horizonMinutes) => {
    expect(codeOf(() => twapSchedule({ qty: new D(1), slices: 1, horizonMinutes }))).toBe('INVALID_HORIZON');
  });

  it('reproduces the reference cases', () => {
    if (!existsSync(casesFile)) {
      console.warn(`skipped: no ${casesFile}`);
      return;
    }
    const { cases } = JSON.parse(readFileSync(casesFile, 'utf8')) as {
      cases: { input: { qty: string; n_slices: number; horizon_minutes: number }; expected: unknown }[];
    };
    for (const { input, expected } of cases) {
      const rows = twapSchedule({
        qty: decimal(input.qty),
        slices: input.n_slices,
        horizonMinutes: input.horizon_minutes,
      });
      const shown = rows.map(({ i, qty, offsetMs }) => ({ i, qty: formatDecimal(qty), offset_s: offsetMs / 1000 }));
      expect(shown).toEqual(expected);
    }
  });
});

const CLOSE = '2026-11-20T21:00:00.000Z';

describe('planTwap', () => {
  const plan = (startAt: string, qty = '6', slices = 6) =>
    planTwap({ qty: decimal(qty), slices, horizonMs: 3_600_000, startAt, sessionClose: CLOSE });

  it('gives absolute due times', () => {
    const { slices, horizonMs, truncated } = plan('2026-11-20T15:00:00.000Z');
    expect(slices.map((slice) => slice.dueAt)).toEqual([
      '2026-11-20T15:00:00.000Z',
      '2026-11-20T15:10:00.000Z',
      '2026-11-20T15:20:00.000Z',
      '2026-11-20T15:30:00.000Z',
      '2026-11-20T15:40:00.000Z',
      '2026-11-20T15:50:00.000Z',
    ]);
    expect([horizonMs, truncated]).toEqual([3_600_000, false]);
  });

  it('keeps a horizon that ends with the session', () => {
    expect(plan('2026-11-20T20:00:00.000Z')).toMatchObject({ horizonMs: 3_600_000, truncated: false });
  });

  it('shortens the horizon to the close, the last slice one interval before it', () => {
    const { slices, horizonMs, truncated } = plan('2026-11-20T20:54:00.000Z');
    expect(slices.map((slice) => slice.dueAt.slice(11, 19))).toEqual([
      '20:54:00',
      '20:55:00',
      '20:56:00',
      '20:57:00',
      '20:58:00',
      '20:59:00',
    ]);
    expect([horizonMs, truncated]).toEqual([360_000, true]);
  });

  it.each([
    ['20:59:54.000', '17 17 17 17 16 16'],
    ['20:59:54.001', '20 20 20 20 20'],
    ['20:59:57.000', '34 33 33'],
    ['20:59:58.001', '100'],
    ['20:59:59.999', '100'],
  ])('cuts into no more slices than fit at a second each: at %s into %s', (time, quantities) => {
    const { slices, truncated } = plan(`2026-11-20T${time}Z`, '100');
    expect([slices.map((slice) => formatDecimal(slice.qty)).join(' '), truncated]).toEqual([quantities, true]);
    expect(slices[0]?.dueAt).toBe(`2026-11-20T${time}Z`);
  });

  it('plans nothing for nothing', () => {
    expect(plan('2026-11-20T20:59:59.000Z', '0').slices).toEqual([]);
  });

  it('refuses a session that is over', () => {
    expect(codeOf(() => plan(CLOSE))).toBe('SESSION_CLOSED');
    expect(codeOf(() => plan('2026-11-20T22:00:00.000Z'))).toBe('SESSION_CLOSED');
  });
});

describe('spreadLate', () => {
  const { slices } = planTwap({
    qty: new D(100),
    slices: 6,
    horizonMs: 3_600_000,
    startAt: '2026-11-20T15:00:00.000Z',
    sessionClose: CLOSE,
  });
  const show = (rows: readonly TwapSlice[]) => rows.map((row) => `${row.i}:${formatDecimal(row.qty)}`).join(' ');

  // now | cap | still to send | unplaced
  const golden = `
    15:00:00 | 1    | 0:17 1:17 2:17 3:17 4:16 5:16 | 0
    15:00:01 | 1    | 1:21 2:21 3:20 4:19 5:19      | 0
    15:00:01 | 0.1  | 1:18 2:18 3:18 4:17 5:17      | 12
    15:00:01 | 0    | 1:17 2:17 3:17 4:16 5:16      | 17
    15:35:00 | 1    | 4:32 5:32                     | 36
    15:35:00 | 9    | 4:50 5:50                     | 0
    15:50:00 | 0.5  | 5:24                          | 76
    15:50:01 | 9    |                               | 100
  `;
  it.each(lines(golden))('at %s under %s sends %s', (time, cap, coming, unplaced) => {
    const spread = spreadLate(slices, `2026-11-20T${time}.000Z`, { capFraction: Number(cap) });
    expect(show(spread.slices)).toBe(coming);
    expect(formatDecimal(spread.unplaced)).toBe(unplaced);
    expect(spread.late.length + spread.slices.length).toBe(6);
  });

  it('counts the cap against the plan, however often it is asked', () => {
    const once = spreadLate(slices, '2026-11-20T15:10:00.000Z', { capFraction: 0.5 });
    const twice = spreadLate(once.slices, '2026-11-20T15:20:00.000Z', { capFraction: 0.5 });
    for (const slice of twice.slices) expect(slice.qty.lessThanOrEqualTo(slice.plannedQty.times(1.5))).toBe(true);
  });

  it('keeps to lots', () => {
    const lots = planTwap({
      qty: new D(525),
      slices: 3,
      lotSize: new D(75),
      horizonMs: 60_000,
      startAt: '2026-11-20T15:00:00.000Z',
      sessionClose: CLOSE,
    }).slices;
    const spread = spreadLate(lots, '2026-11-20T15:00:01.000Z', { capFraction: 0.6, increment: new D(75) });
    expect(show(spread.slices)).toBe('1:225 2:225');
    expect(formatDecimal(spread.unplaced)).toBe('75');
  });

  it('spreads fractions down to nine decimals and says what dust is left', () => {
    const planned = planTwap({
      qty: decimal('2.5'),
      slices: 6,
      horizonMs: 60_000,
      startAt: '2026-11-20T15:00:00.000Z',
      sessionClose: CLOSE,
    }).slices;
    const spread = spreadLate(planned, '2026-11-20T15:00:01.000Z', { capFraction: 1 });
    expect(show(spread.slices)).toBe('1:0.5 2:0.499999999 3:0.499999999 4:0.499999999 5:0.500000003');
    expect(formatDecimal(spread.unplaced)).toBe('0');
    const dust = planned.map((slice) => ({ ...slice, qty: slice.qty.plus('0.0000000001') }));
    expect(formatDecimal(spreadLate(dust, '2026-11-20T15:00:01.000Z', { capFraction: 1 }).unplaced)).toBe(
      '0.0000000001',
    );
  });

  it('refuses a cap that is none', () => {
    expect(codeOf(() => spreadLate(slices, CLOSE, { capFraction: -0.1 }))).toBe('INVALID_CAP');
    expect(codeOf(() => spreadLate(slices, CLOSE, { capFraction: NaN }))).toBe('INVALID_CAP');
    expect(codeOf(() => spreadLate(slices, CLOSE, { capFraction: 1, increment: new D(0) }))).toBe('INVALID_INCREMENT');
  });
});
