import { describe, expect, it } from '@jest/globals';
import { BarCollector, type Collected } from './collect-bars.js';
import { BarsReader } from './read-bars.js';

const HEADER = 'date,symbol,open,high,low,close,volume';

function collect(lines: readonly string[], { header = HEADER, fraction = 1, rowsMax = 1_000 } = {}): Collected {
  const collector = new BarCollector(rowsMax);
  const reader = new BarsReader(collector);
  reader.read(`${[header, ...lines].join('\n')}\n`);
  reader.end();
  return collector.finish(fraction);
}

const GOOD = '2017-06-29,AAPL,100,102,99,101,1000';

describe('an import of daily bars', () => {
  it('sorts shuffled rows and reads any order of columns', () => {
    const { bars, from, to } = collect(
      ['900,2017-06-30,B,2,2,2,2,x', '1000,2017-06-29,A,1,2,1,1.5,x', '800,2017-06-28,B,1,1,1,1,x'],
      { header: 'volume,date,symbol,open,high,low,close,src' },
    );
    expect(bars.map(({ symbol, dates, values }) => [symbol, dates, [...values]])).toEqual([
      ['A', ['2017-06-29'], [1, 2, 1, 1.5, 1000]],
      ['B', ['2017-06-28', '2017-06-30'], [1, 1, 1, 1, 800, 2, 2, 2, 2, 900]],
    ]);
    expect([from, to]).toEqual(['2017-06-28', '2017-06-30']);
  });

  it.each([
    ['a price that is no number', '2017-06-30,AAPL,1OO,102,99,101,1000', 'NOT_NUMERIC'],
    ['a missing close', '2017-06-30,AAPL,100,102,99,,1000', 'MISSING_VALUE'],
    ['a missing open', '2017-06-30,AAPL,,102,99,101,1000', 'MISSING_VALUE'],
    ['a price of zero', '2017-06-30,AAPL,0,102,0,101,1000', 'PRICE_NOT_POSITIVE'],
    ['a negative price', '2017-06-30,AAPL,100,102,-99,101,1000', 'PRICE_NOT_POSITIVE'],
    ['a negative volume', '2017-06-30,AAPL,100,102,99,101,-1', 'NEGATIVE_VOLUME'],
    ['a high below the close', '2017-06-30,AAPL,100,100.5,99,101,1000', 'OHLC_INCONSISTENT'],
    ['a low above the open', '2017-06-30,AAPL,100,102,100.5,101,1000', 'OHLC_INCONSISTENT'],
    ['a date that is none', '2017-06-31,AAPL,100,102,99,101,1000', 'INVALID_DATE'],
    ['a date in other words', '30.06.2017,AAPL,100,102,99,101,1000', 'INVALID_DATE'],
    ['a Saturday', '2017-07-01,AAPL,100,102,99,101,1000', 'NOT_A_SESSION'],
    ['a holiday', '2017-07-04,AAPL,100,102,99,101,1000', 'NOT_A_SESSION'],
    ['a year beyond the calendar', '1987-10-19,AAPL,100,102,99,101,1000', 'NOT_A_SESSION'],
    ['no symbol', '2017-06-30,,100,102,99,101,1000', 'MISSING_VALUE'],
    ['a symbol that is no ticker', '2017-06-30,apple inc,100,102,99,101,1000', 'INVALID_SYMBOL'],
    [
      'a price with more digits than a float64 has',
      '2017-06-30,AAPL,100,102,99,100.12345678901234567,1',
      'TOO_MANY_DIGITS',
    ],
    ['a row that was cut off', '2017-06-30,AAPL,100', 'FIELD_COUNT'],
    ['a comma inside a number', '2017-06-30,AAPL,100,102,99,101,1,000', 'FIELD_COUNT'],
  ])('refuses %s with its row number', (_, line, code) => {
    const { bars, report } = collect([GOOD, line]);
    expect(bars[0]!.dates).toEqual(['2017-06-29']);
    expect(report).toMatchObject({ rows: 2, accepted: 1, refused: 1, refusedByCode: { [code]: 1 } });
    expect(report.firstRefused).toEqual([{ row: 3, code, message: expect.any(String) }]);
  });

  it('keeps a missing volume unknown and a volume of zero as it is', () => {
    const { bars, report } = collect([GOOD, '2017-06-30,AAPL,1,1,1,1,', '2017-07-03,AAPL,1,1,1,1,0']);
    expect([...bars[0]!.values].filter((_, i) => i % 5 === 4)).toEqual([1000, Number.NaN, 0]);
    expect(report).toMatchObject({ accepted: 3, refused: 0, missingVolumes: 1 });
  });

  it('takes a price exactly as it is written, also where a vendor writes all digits of a float', () => {
    const { bars } = collect(['2017-06-30,A,172.61000061035156,180.10,170,172.61000061035156,811981.0']);
    expect(bars[0]!.values[3]).toBe(172.61000061035156);
  });

  it('drops exact duplicates, however they are written, and counts them', () => {
    const { bars, report } = collect([GOOD, '2017-06-29,AAPL,100.0,102.00,99,101,1000', GOOD]);
    expect(bars[0]!.dates).toEqual(['2017-06-29']);
    expect(report).toMatchObject({ rows: 3, accepted: 1, refused: 0, duplicatesDropped: 2 });
  });

  it('refuses both of two rows that contradict each other, and names them', () => {
    const { bars, report } = collect(['2017-06-29,AAPL,100,102,99,100,1000', '2017-06-28,AAPL,1,1,1,1,1', GOOD]);
    expect(bars[0]!.dates).toEqual(['2017-06-28']);
    expect(report.refusedByCode).toEqual({ CONFLICTING_DUPLICATE: 2 });
    expect(report.firstRefused.map(({ row }) => row)).toEqual([2, 4]);
    expect(report.firstRefused[0]!.message).toContain('rows 2 and 4 say different things of AAPL on 2017-06-29');
  });

  it('counts all refused rows and keeps them in the order of the file', () => {
    const conflicts = [GOOD, GOOD.replace('1000', '2000')];
    const bad = Array.from({ length: 15 }, () => '2017-06-30,AAPL,x,102,99,101,1000');
    const { report } = collect([...conflicts, ...bad, '2017-06-28,AAPL,1,1,1,1,1']);
    expect(report.refused).toBe(17);
    expect(report.refusedByCode).toEqual({ CONFLICTING_DUPLICATE: 2, NOT_NUMERIC: 15 });
    expect(report.firstRefused.map(({ row }) => row)).toEqual(Array.from({ length: 17 }, (_, i) => i + 2));
  });

  it('refuses the whole where too many rows are refused; at the limit it is taken', () => {
    const rows = [...Array.from({ length: 19 }, (_, i) => `2017-06-29,S${i},1,1,1,1,1`), '2017-06-29,X,0,0,0,0,0'];
    expect(collect(rows, { fraction: 0.05 }).report.refused).toBe(1);
    expect(() => collect(rows.slice(1), { fraction: 0.05 })).toThrow(
      expect.objectContaining({
        code: 'TOO_MANY_REFUSED',
        message: expect.stringContaining('1 of 19 rows (5.3 %)'),
        report: expect.objectContaining({ firstRefused: [expect.objectContaining({ row: 20 })] }),
      }),
    );
  });

  it('refuses a file without a usable row, and one without anything', () => {
    expect(() => collect(['2017-06-30,AAPL,x,x,x,x,x'])).toThrow(expect.objectContaining({ code: 'NO_USABLE_ROW' }));
    expect(() => collect([])).toThrow(expect.objectContaining({ code: 'NO_USABLE_ROW' }));
    expect(() => new BarsReader(new BarCollector(1)).end()).toThrow(expect.objectContaining({ code: 'FILE_EMPTY' }));
  });

  it('refuses more rows than it may hold', () => {
    expect(() => collect([GOOD, GOOD, GOOD], { rowsMax: 2 })).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_ROWS' }),
    );
  });
});
