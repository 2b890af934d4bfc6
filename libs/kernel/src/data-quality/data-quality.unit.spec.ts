// Goal: every fault of a CSV row by its code and severity, and the score of a history from its faults.
import { describe, expect, it } from '@jest/globals';
import { checkBar, readBar } from './index.js';
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
