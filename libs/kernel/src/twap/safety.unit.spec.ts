import { describe, expect, it } from '@jest/globals';
import { D, decimal, formatDecimal, KernelError } from '../money/index.js';
import { extendTwap, handOn, participate, planTwap, spreadLate, twapSchedule } from './index.js';
import type { TwapOptions } from './index.js';

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

const OPEN = '2026-11-20T15:00:00.000Z';
const CLOSE = '2026-11-20T21:00:00.000Z';

const schedule = (qty: string, slices: number, options: Partial<TwapOptions> = {}, horizonMinutes = 60) =>
  twapSchedule({ qty: decimal(qty), slices, horizonMinutes, ...options })
    .map((row) => `${formatDecimal(row.qty)}@${row.offsetMs / 1000}`)
    .join(' ');

describe('a freeze quantity', () => {
  // qty | slices | lot | freeze | orders
  const golden = `
    4000 | 1 | 1  | 1800 | 1800@0 1800@0 400@0
    3600 | 1 | 1  | 1800 | 1800@0 1800@0
    100  | 2 | 1  | 50   | 50@0 50@1800
    102  | 2 | 1  | 50   | 50@0 1@0 50@1800 1@1800
    5250 | 2 | 75 | 1800 | 1800@0 825@0 1800@1800 825@1800
    2.5  | 1 | 1  | 1    | 1@0 1@0 0.5@0
  `;
  it.each(lines(golden))('cuts %s in %s slices of lots of %s at %s into orders of the same moment', (...row) => {
    const [qty = '', slices, lot = '', freeze = '', orders] = row;
    const lotSize = decimal(lot);
    expect(schedule(qty, Number(slices), { lotSize, freezeQuantity: decimal(freeze) })).toBe(orders);
  });

  it('numbers its orders through, so that each has a name', () => {
    const rows = twapSchedule({ qty: new D(102), slices: 2, horizonMinutes: 60, freezeQuantity: new D(50) });
    expect(rows.map(({ i, moment }) => [i, moment])).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 1],
    ]);
  });

  it.each(['0', '-1', '80', 'NaN', 'Infinity'])('of %s is refused for lots of 75', (freeze) => {
    const options = { lotSize: new D(75), freezeQuantity: new D(freeze) };
    expect(codeOf(() => schedule('150', 1, options))).toBe('INVALID_FREEZE');
  });

  it('so small that a slice would be a thousand orders is refused', () => {
    expect(codeOf(() => schedule('1001', 1, { freezeQuantity: new D(1) }))).toBe('INVALID_FREEZE');
  });

  it('holds for what a slice takes over, too', () => {
    const options = { horizonMs: 3_600_000, startAt: OPEN, sessionClose: CLOSE };
    const { slices } = planTwap({ qty: new D(300), slices: 3, freezeQuantity: new D(120), ...options });
    const now = '2026-11-20T15:00:01.000Z';
    const spread = spreadLate(slices, now, { capFraction: 0.5, freezeQuantity: new D(120) });
    expect(spread.slices.map(({ qty }) => formatDecimal(qty))).toEqual(['120', '120']);
    expect(formatDecimal(spread.unplaced)).toBe('60');
  });
});

describe('jitter', () => {
  const jitter = { seed: 'a', time: 0.5, size: 0.2 };

  it('is decided by its seed', () => {
    expect(schedule('1000', 5, { jitter })).toBe('225@101.591 232@820.339 200@1740.703 175@2217.877 168@2935.965');
    expect(schedule('1000', 5, { jitter })).not.toBe(schedule('1000', 5, { jitter: { ...jitter, seed: 'b' } }));
  });

  it('of nothing changes nothing', () => {
    expect(schedule('1000', 5, { jitter: { seed: 'a', time: 0, size: 0 } })).toBe(schedule('1000', 5));
  });

  it('of sizes leaves times alone, and the other way round', () => {
    expect(schedule('1000', 5, { jitter: { ...jitter, time: 0 } })).toBe('225@0 232@720 200@1440 175@2160 168@2880');
    expect(schedule('1000', 5, { jitter: { ...jitter, size: 0 } })).toBe(
      '200@101.591 200@820.339 200@1740.703 200@2217.877 200@2935.965',
    );
  });

  it('never moves what is one unit or one slice', () => {
    expect(schedule('4', 4, { jitter: { ...jitter, time: 0, size: 0.99 } })).toBe('1@0 1@900 1@1800 1@2700');
    expect(schedule('7', 1, { jitter: { ...jitter, time: 0 } })).toBe('7@0');
  });

  it.each([
    ['time', -0.1],
    ['time', 1.1],
    ['time', NaN],
    ['size', -0.1],
    ['size', 1],
    ['size', NaN],
  ])('of %s by %s is refused', (what, value) => {
    expect(codeOf(() => schedule('100', 4, { jitter: { ...jitter, [what]: value } }))).toBe('INVALID_JITTER');
  });
});

describe('a least interval', () => {
  it.each([
    [600_000, '17@0 17@600 17@1200 17@1800 16@2400 16@3000'],
    [900_000, '25@0 25@900 25@1800 25@2700'],
    [3_600_000, '100@0'],
    [7_200_000, '100@0'],
  ])('of %s ms lets so many slices come out: %s', (minIntervalMs, rows) => {
    expect(schedule('100', 6, { minIntervalMs })).toBe(rows);
  });

  it.each([-1, NaN, Infinity])('of %s is refused', (minIntervalMs) => {
    expect(codeOf(() => schedule('100', 6, { minIntervalMs }))).toBe('INVALID_INTERVAL');
  });
});

describe('participation', () => {
  // wanted | own | market | ratio | increment | leaves | waits | state
  const golden = `
    100 | 0   | 1000 | 0.1  | 1  | 100 | 0   | free
    100 | 1   | 1000 | 0.1  | 1  | 99  | 1   | capped
    100 | 100 | 1000 | 0.1  | 1  | 0   | 100 | capped
    100 | 500 | 1000 | 0.1  | 1  | 0   | 100 | capped
    100 | 0   | 999  | 0.1  | 1  | 99  | 1   | capped
    150 | 0   | 1400 | 0.1  | 75 | 75  | 75  | capped
    150 | 0   | 740  | 0.1  | 75 | 0   | 150 | capped
    1.5 | 0   | 10   | 0.05 | 0.000000001 | 0.5 | 1 | capped
    100 | 0   | 0    | 1    | 1  | 0   | 100 | capped
    100 | 0   |      | 1    | 1  | 0   | 100 | unknown
  `;
  it.each(lines(golden))(
    'of %s, %s sent, in a market of "%s" at %s in steps of %s leaves %s and holds %s',
    (...row) => {
      const [wanted = '', own = '', market, ratio = '', increment = '', leaves, waits, state] = row;
      const found = participate({
        wanted: decimal(wanted),
        own: decimal(own),
        marketVolume: market === '' ? null : decimal(market!),
        maxRatio: decimal(ratio),
        increment: decimal(increment),
      });
      expect([formatDecimal(found.leaves), formatDecimal(found.waits), found.state]).toEqual([leaves, waits, state]);
    },
  );

  it.each([
    ['a ratio of nothing', { maxRatio: '0' }],
    ['a ratio above the whole market', { maxRatio: '1.01' }],
    ['a volume below nothing', { marketVolume: '-1' }],
    ['a volume that is no number', { marketVolume: 'NaN' }],
    ['an own quantity below nothing', { own: '-1' }],
  ])('refuses %s', (_what, wrong) => {
    const given = { wanted: '1', own: '0', marketVolume: '1', maxRatio: '1', increment: '1', ...wrong };
    const numbers = Object.fromEntries(Object.entries(given).map(([name, text]) => [name, new D(text)]));
    expect(codeOf(() => participate(numbers as never))).toBe('INVALID_PARTICIPATION');
  });
});

describe('what is handed on', () => {
  it('goes to the slices to come as far as each may grow', () => {
    const slices = ['100', '100'].map((qty, i) => ({ i, qty: decimal(qty), plannedQty: decimal(qty), dueAt: CLOSE }));
    const some = handOn(new D(61), slices, { capFraction: 0.5 });
    expect([...some.slices.map(({ qty }) => formatDecimal(qty)), formatDecimal(some.unplaced)]).toEqual([
      '131',
      '130',
      '0',
    ]);
    const more = handOn(new D(200), slices, { capFraction: 0.5 });
    expect([...more.slices.map(({ qty }) => formatDecimal(qty)), formatDecimal(more.unplaced)]).toEqual([
      '150',
      '150',
      '100',
    ]);
    expect(handOn(new D(5), [], { capFraction: 1 })).toEqual({ slices: [], unplaced: new D(5) });
  });
});

describe('an extension', () => {
  // left | from | largest | increment | slices | unplaced
  const golden = `
    100 | 16:00:00 | 40  | 1  | 0:34@16:00:00 1:33@16:10:00 2:33@16:20:00 | 0
    40  | 16:00:00 | 40  | 1  | 0:40@16:00:00                             | 0
    100 | 20:45:00 | 40  | 1  | 0:40@20:45:00 1:40@20:55:00               | 20
    100 | 20:50:00 | 40  | 1  | 0:40@20:50:00                             | 60
    100 | 21:00:00 | 40  | 1  |                                           | 100
    150 | 16:00:00 | 100 | 75 | 0:75@16:00:00 1:75@16:10:00               | 0
    150 | 16:00:00 | 74  | 75 |                                           | 150
    0   | 16:00:00 | 40  | 1  |                                           | 0
  `;
  it.each(lines(golden))('of %s at %s by %s at most in steps of %s is %s', (...row) => {
    const [left = '', from, largest = '', increment = '', slices, unplaced] = row;
    const extension = extendTwap({
      qty: decimal(left),
      from: `2026-11-20T${from}.000Z`,
      sessionClose: CLOSE,
      intervalMs: 600_000,
      largest: decimal(largest),
      increment: decimal(increment),
    });
    const shown = extension.slices.map(({ i, qty, dueAt }) => `${i}:${formatDecimal(qty)}@${dueAt.slice(11, 19)}`);
    expect([shown.join(' '), formatDecimal(extension.unplaced)]).toEqual([slices, unplaced]);
  });

  it('with slices nearer than a second is refused', () => {
    const given = { qty: new D(1), from: OPEN, sessionClose: CLOSE, largest: new D(1) };
    expect(codeOf(() => extendTwap({ ...given, intervalMs: 999, increment: new D(1) }))).toBe('INVALID_INTERVAL');
  });
});
