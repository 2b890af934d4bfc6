// Goal: every fault of a CSV row by its code and severity, and the score of a history from its faults.
import { describe, expect, it } from '@jest/globals';
import { checkBar, qualityScore, readBar } from './index.js';
import type { RawBar } from './index.js';

/** `_` is a column that is not there. */
const rows = `
date       | symbol | open | high | low | close | volume | findings
2017-06-30 | A      | 10   | 12   | 9   | 11    | 1000   |
2017-06-30 | A      | 10   | 12   | 9   | 11    | 0      |
2017-06-30 | A      | 10.5 | 1.2e1| 9.  | .11e2 | 1E+07  |
2016-02-29 | A      | 10   | 12   | 9   | 11    | 1000   |
2000-02-29 | A      | 10   | 12   | 9   | 11    | 1000   |
2017-02-29 | A      | 10   | 12   | 9   | 11    | 1000   | CRITICAL INVALID_DATE date
1900-02-29 | A      | 10   | 12   | 9   | 11    | 1000   | CRITICAL INVALID_DATE date
2017-04-31 | A      | 10   | 12   | 9   | 11    | 1000   | CRITICAL INVALID_DATE date
2017-13-01 | A      | 10   | 12   | 9   | 11    | 1000   | CRITICAL INVALID_DATE date
2017-00-10 | A      | 10   | 12   | 9   | 11    | 1000   | CRITICAL INVALID_DATE date
30/06/2017 | A      | 10   | 12   | 9   | 11    | 1000   | CRITICAL INVALID_DATE date
_          | A      | 10   | 12   | 9   | 11    | 1000   | CRITICAL INVALID_DATE date
2017-06-30 |        | 10   | 12   | 9   | 11    | 1000   | CRITICAL MISSING_VALUE symbol
2017-06-30 | _      | 10   | 12   | 9   | 11    | 1000   | CRITICAL MISSING_VALUE symbol
2017-06-30 | A      |      | 12   | 9   | 11    | 1000   | WARNING MISSING_VALUE open
2017-06-30 | A      | 10   | NaN  | 9   | 11    | 1000   | WARNING MISSING_VALUE high
2017-06-30 | A      | 10   | 12   | null| 11    | 1000   | WARNING MISSING_VALUE low
2017-06-30 | A      | 10   | 12   | 9   | 11    | _      | WARNING MISSING_VALUE volume
2017-06-30 | A      | 10   | 12   | 9   |       | 1000   | CRITICAL MISSING_VALUE close
2017-06-30 | A      | ten  | 12   | 9   | 11    | 1000   | CRITICAL NOT_NUMERIC open
2017-06-30 | A      | 10   | 12   | 9   | 11    | 1,000  | CRITICAL NOT_NUMERIC volume
2017-06-30 | A      | 10   | 1e999| 9   | 11    | 1000   | CRITICAL NOT_NUMERIC high
2017-06-30 | A      | 10   | 12   | 9   | 0x11  | 1000   | CRITICAL NOT_NUMERIC close
2017-06-30 | A      | 10   | 12   | 0   | 11    | 1000   | CRITICAL PRICE_NOT_POSITIVE low
2017-06-30 | A      | -10  | 12   | 9   | 11    | 1000   | CRITICAL PRICE_NOT_POSITIVE open
2017-06-30 | A      | 10   | 12   | 9   | 11    | -1     | CRITICAL NEGATIVE_VOLUME volume
2017-06-30 | A      | 10   | 10.5 | 9   | 11    | 1000   | CRITICAL OHLC_INCONSISTENT high
2017-06-30 | A      | 10   | 12   | 10.5| 11    | 1000   | CRITICAL OHLC_INCONSISTENT low
2017-06-30 | A      | 10   | 9    | 12  | 11    | 1000   | CRITICAL OHLC_INCONSISTENT high, CRITICAL OHLC_INCONSISTENT low
2017-06-30 | A      |      | 12   |     | 11    |        | WARNING MISSING_VALUE open, WARNING MISSING_VALUE low, WARNING MISSING_VALUE volume
`;

describe('a row', () => {
  const [header, ...lines] = rows.trim().split('\n');
  const columns = header!.split('|').map((cell) => cell.trim());
  for (const line of lines) {
    const cells = line.split('|').map((cell) => cell.trim());
    const findings = cells.at(-1)!;
    it(`${cells.slice(0, -1).join(',')} ${findings === '' ? 'is clean' : `has ${findings}`}`, () => {
      const row = Object.fromEntries(
        columns.slice(0, -1).flatMap((column, i) => (cells[i] === '_' ? [] : [[column, cells[i]]])),
      ) as RawBar;
      const found = checkBar(row);
      expect(found.map(({ severity, code, field }) => `${severity} ${code} ${field}`).join(', ')).toBe(findings);
      for (const { message, field } of found) expect(message).toContain(field);
      expect(readBar(row).bar === null).toBe(findings.includes('CRITICAL'));
    });
  }

  it('that can be used becomes numbers, with NaN where a value is missing', () => {
    const row = { date: ' 2017-06-30 ', symbol: ' A ', open: '', high: '12', low: '9', close: '11', volume: '1e3' };
    const { bar } = readBar({ ...row, src: 'ignored' } as RawBar);
    expect(bar).toEqual({ date: '2017-06-30', symbol: 'A', open: NaN, high: 12, low: 9, close: 11, volume: 1000 });
  });
});

const scores = `
closes                          | score | sessions | missing | stale | jumps
1 1.1 1.2 1.3 1.2 1.1 1 1.1 1.2 1.3 | 1   | 10 | 0 | 0 | 0
- - 1 1.1 1.2 1.3               | 1     | 4        | 0       | 0     | 0
1 - 1.2 1.3 1.2 1.1 1 1.1 1.2 1.3 | 0.8 | 10       | 1       | 0     | 0
1 1.1 1.2 1.3 1.2 1.1 1 1.1 - - | 0.6   | 10       | 2       | 0     | 0
1 1 1.2 1.2 1.1 1.1 1 1 1.1 1.1 | 1     | 10       | 0       | 0     | 0
1 1 1 1 1.2 1.1 1 1.1 1.2 1.3   | 0.6   | 10       | 0       | 2     | 0
1 - 1 1 1.2 1.1 1 1.1 1.2 1.3   | 0.6   | 10       | 1       | 1     | 0
100 130 91 60 61                | 0.9   | 5        | 0       | 0     | 1
100 - 50 51 102 103 104 105 106 107 | 0.6 | 10     | 1       | 0     | 2
1 9 1 9 1 9 1 9 1 9 1 9 1       | 0     | 13       | 0       | 0     | 12
- - -                           | 0     | 0        | 0       | 0     | 0
`;

describe('the quality of a history', () => {
  for (const line of scores.trim().split('\n').slice(1)) {
    const [closes, ...numbers] = line.split('|').map((cell) => cell.trim());
    it(`${closes} scores ${numbers[0]}`, () => {
      const series = closes!.split(' ').map((cell) => (cell === '-' ? NaN : Number(cell)));
      const [score, sessions, missing, stale, jumps] = numbers.map(Number);
      expect(qualityScore(series)).toEqual({ score, sessions, missing, stale, jumps });
    });
  }

  it('of nothing is zero', () => {
    expect(qualityScore(new Float64Array(0)).score).toBe(0);
  });
});
