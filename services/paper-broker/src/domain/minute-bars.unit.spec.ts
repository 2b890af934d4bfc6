// Goal: minutes are told as they traded, and never before they are over or where nobody knows the volume.
import { describe, expect, it } from '@jest/globals';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import { barOf, rulesWith, sessionOf } from '../../test/book.js';
import { recorded } from '../../test/tapes.js';
import { CLOSE, DATE, OPEN } from '../../test/times.js';
import { quoteOf } from './market.js';
import { minuteBarsOf } from './minute-bars.js';

const minute = (n: number, ms = 0): string => addMilliseconds(OPEN, n * 60_000 + ms);
const rules = rulesWith();
const traded = sessionOf({ bars: new Map([['AAA', barOf('AAA', '100', '106', '95', '104.5', '21105')]]) });

describe('the minutes of a path', () => {
  it('have its prices and an equal part of the volume of the day', () => {
    const bars = minuteBarsOf(traded, 'AAA', rules, { from: OPEN, until: CLOSE });
    expect(bars).toHaveLength(210);
    expect(bars.every(({ volume }) => volume.equals(100))).toBe(true);
    const { mid } = quoteOf(traded, 'AAA', minute(7), rules.spreadBp)!;
    expect(bars[7]).toEqual({
      ...{ at: minute(7), open: mid, high: mid, low: mid, close: mid, vwap: mid },
      volume: new D(100),
    });
  });

  it('are told when they are over, from the one that begins at the start', () => {
    const at = (from: string, until: string) =>
      minuteBarsOf(traded, 'AAA', rules, { from, until }).map((bar) => bar.at);
    expect(at(minute(2), minute(4))).toEqual([minute(2), minute(3)]);
    expect(at(minute(2, 1), minute(4, -1))).toEqual([]);
  });

  it('are none where nobody told the volume, or knows the symbol', () => {
    const all = { from: OPEN, until: CLOSE };
    expect(minuteBarsOf(sessionOf(), 'AAA', rules, all)).toEqual([]);
    expect(minuteBarsOf(traded, 'ZZZ', rules, all)).toEqual([]);
  });
});

describe('the minutes of a recording', () => {
  it('have the trades that it holds, and none where nothing traded', () => {
    const recording = recorded(
      'AAA',
      DATE,
      `q 1 99.9 500 100.1 500
       t 10 100 300
       t 50 101 100
       t 60 99 100
       t 130 102 7`,
    );
    const session = { ...traded, recordings: new Map([['AAA', recording]]) };
    const bars = minuteBarsOf(session, 'AAA', rules, { from: OPEN, until: minute(4) });
    expect(
      bars.map(({ at, open, high, low, close, volume, vwap }) => [
        at,
        ...[open, high, low, close, volume, vwap].map(Number),
      ]),
    ).toEqual([
      [minute(0), 100, 101, 99, 99, 500, 100],
      [minute(2), 102, 102, 102, 102, 7, 102],
    ]);
  });
});
