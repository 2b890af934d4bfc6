// Goal: bands are those of the plan, and a price that stays at a band stops trading for five minutes.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import { sessionOf } from '../../test/book.js';
import { OPEN } from '../../test/times.js';
import { bandsAt, bandsFor, luldDayOf, pauseAt } from './luld.js';
import type { Tape, TapeEvent } from './tape.js';

const cases = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', '../cases/risk-measures.json');

// tier | reference | previous close | last 25 minutes | lower | upper
const golden = `
1 | 100   | 99    | no  | 95    | 105
1 | 100   | 99    | yes | 90    | 110
2 | 100   | 99    | no  | 90    | 110
2 | 100   | 99    | yes | 90    | 110
1 | 3.00  | 3.00  | no  | 2.4   | 3.6
2 | 2.00  | 2.00  | yes | 1.2   | 2.8
1 | 0.50  | 0.50  | no  | 0.35  | 0.65
2 | 0.10  | 0.10  | no  | 0.03  | 0.18
1 | 33.33 | 33    | no  | 31.66 | 35
`;

describe('the bands', () => {
  for (const line of golden.trim().split('\n')) {
    it(line.trim(), () => {
      const [tier = '', reference = '', close = '', last = '', lower = '', upper = ''] = line
        .split('|')
        .map((cell) => cell.trim());
      const terms = { reference: new D(reference), previousClose: new D(close), lastMinutes: last === 'yes' };
      const bands = bandsFor({ tier: Number(tier) as 1 | 2, ...terms });
      expect([bands.lower.toFixed(), bands.upper.toFixed()]).toEqual([lower, upper]);
    });
  }

  it('are those of the reference cases', () => {
    if (!existsSync(cases)) {
      console.warn(`skipped: no ${cases}`);
      return;
    }
    const all = JSON.parse(readFileSync(cases, 'utf8')) as {
      cases: { input: Record<string, unknown>; expected: { lower: number; upper: number } }[];
    };
    const luld = all.cases.filter(({ input }) => input['fn'] === 'luld');
    expect(luld.length).toBeGreaterThan(0);
    for (const { input, expected } of luld) {
      const { lower, upper } = bandsFor({
        tier: input['tier'] as 1 | 2,
        reference: new D(String(input['ref'])),
        previousClose: new D(String(input['prev_close'])),
        lastMinutes: String(input['time']) >= '15:35',
      });
      expect({ lower: lower.toNumber(), upper: upper.toNumber() }).toEqual(expected);
    }
  });
});

const seconds = (n: number): string => addMilliseconds(OPEN, n * 1_000);

/** A tape of mid prices at seconds after the open, a cent wide. */
function tapeOf(prices: readonly (readonly [second: number, price: number])[]): Tape {
  const size = new D(100);
  const events = prices.map(([second, price]): TapeEvent => {
    const mid = new D(price);
    const quote = { bid: mid.minus('0.01'), ask: mid.plus('0.01'), mid, bidSize: size, askSize: size };
    return { kind: 'quote', at: seconds(second), quote, price: mid };
  });
  return { quoteAt: () => null, events: () => events, volumeIn: () => new D(0) };
}

const dayOf = (prices: readonly (readonly [number, number])[]) =>
  luldDayOf(sessionOf(), tapeOf(prices), { tier: 1, open: new D(100), previousClose: new D(99) });

describe('a session', () => {
  it('without a large move keeps the bands of the open', () => {
    const day = dayOf([
      [0, 100],
      [60, 100.5],
      [120, 99.8],
    ]);
    expect(day.pauses).toEqual([]);
    expect(bandsAt(day, seconds(180))).toMatchObject({ lower: new D(95), upper: new D(105) });
    expect(bandsAt(day, addMilliseconds(OPEN, -1))).toBeNull();
  });

  it('moves its reference by the mean of five minutes once that has moved by 1 %', () => {
    const day = dayOf([
      [0, 100],
      [60, 103],
      [120, 103],
    ]);
    const bands = bandsAt(day, seconds(120));
    expect(bands && bands.upper.greaterThan(105)).toBe(true);
  });

  it('pauses for five minutes after fifteen seconds at the band, and opens again around the price then', () => {
    const day = dayOf([
      [0, 100],
      [10, 94],
      [20, 94],
      [40, 94],
      [400, 94],
    ]);
    expect(day.pauses).toEqual([{ from: seconds(25), to: seconds(325) }]);
    expect(pauseAt(day, seconds(25))).not.toBeNull();
    expect(pauseAt(day, seconds(325))).toBeNull();
    expect(bandsAt(day, seconds(400))).toMatchObject({ lower: new D('89.3'), upper: new D('98.7') });
  });

  it('does not pause for a price that comes back in time', () => {
    const day = dayOf([
      [0, 100],
      [10, 94],
      [24, 99],
      [60, 99],
    ]);
    expect(day.pauses).toEqual([]);
  });
});
