// Goal: a table that another program wrote is read as the same bars that a CSV file of it would be, or refused by name.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import type { RawBar } from '@ballast/kernel/data-quality';
import { encodePack } from '@ballast/platform';
import { LocalTables } from './local-tables.js';

let folder: string;
let duck: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-tables-'));
  duck = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(async () => {
  duck.closeSync();
  await rm(folder, { recursive: true, force: true });
});

const tables = new LocalTables();
async function barsOf(path: string): Promise<RawBar[]> {
  const format = await tables.formatOf(path);
  const all: RawBar[] = [];
  for await (const { bars } of tables.bars(path, format!)) all.push(...bars);
  return all;
}
let files = 0;
async function parquet(select: string, options = ''): Promise<string> {
  const path = join(folder, `table-${++files}.parquet`);
  await duck.run(`copy (${select}) to '${path}' (format parquet${options})`);
  return path;
}
async function write(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const ROW = `date '2017-06-30' as date, 'AAPL' as symbol, 143.9::double as open, 144.96 as high, 143.78::float as low, 172.61000061035156::double as close, 23024107::bigint as volume`;
const BAR = { date: '2017-06-30', symbol: 'AAPL', open: '143.9', high: '144.96', volume: '23024107' };

describe('a Parquet file', () => {
  it.each(['', ', compression zstd', ', compression gzip', ', compression uncompressed'])(
    'is read whatever its codec is%s',
    async (options) => {
      const bars = await barsOf(await parquet(`select ${ROW}, 1 as extra`, options));
      expect(bars).toEqual([{ ...BAR, low: expect.stringMatching(/^143\.77|^143\.78/), close: '172.61000061035156' }]);
    },
  );

  it('is read group by group, and its rows keep their order', async () => {
    const select = `select ${ROW.replace("'AAPL'", "'S' || i")} from range(10000) as t(i)`;
    const path = await parquet(select, ', row_group_size 2048');
    const pieces: number[] = [];
    let last = 0;
    for await (const { bars, done } of tables.bars(path, 'parquet')) {
      pieces.push(bars.length);
      expect(bars.map(({ symbol }) => symbol)).toEqual(bars.map((_, i) => `S${last + i}`));
      last += bars.length;
      expect(done).toBeCloseTo(last / 10_000);
    }
    expect(pieces.length).toBeGreaterThan(3);
    expect(last).toBe(10_000);
  });

  it('takes midnights and texts for dates, and nothing else', async () => {
    const as = async (date: string) =>
      (await barsOf(await parquet(`select ${ROW.replace("date '2017-06-30'", date)}`)))[0]!.date;
    expect(await as(`timestamp '2017-06-30 00:00:00'`)).toBe('2017-06-30');
    expect(await as(`'2017-06-30'`)).toBe('2017-06-30');
    expect(await as(`timestamp '2017-06-30 16:00:00'`)).toBe('2017-06-30T16:00:00.000Z');
  });

  it('leaves missing what is missing', async () => {
    const [bar] = await barsOf(
      await parquet(
        `select ${ROW.replace('23024107::bigint', 'null::bigint').replace('143.9::double', `'nan'::double`)}`,
      ),
    );
    expect(bar).toMatchObject({ volume: undefined, open: undefined, symbol: 'AAPL' });
  });

  it.each([
    ['columns are missing', () => parquet(`select 1 as date`), 'HEADER_INCOMPLETE'],
    ['it ends too early', () => write('cut.parquet', 'PAR1 and no more'), 'FILE_CORRUPT'],
  ])('is refused where %s', async (_, make, code) => {
    const path = await make();
    await expect(barsOf(path)).rejects.toMatchObject({ code, nextStep: expect.any(String) });
  });
});

describe('an Arrow file', () => {
  const columns = {
    date: ['2017-06-30', '2017-07-03'],
    symbol: ['AAPL', 'AAPL'],
    ...{ open: Float64Array.of(143.9, Number.NaN), high: Float64Array.of(144.96, 1), low: Float64Array.of(143.78, 1) },
    ...{ close: Float64Array.of(144.02, 1), volume: Int32Array.of(23024107, 1) },
  };

  it.each(['file', 'stream'] as const)('is read as a %s', async (kind) => {
    const path = await write(`table.${kind}`, tableToIPC(tableFromArrays(columns), kind));
    expect(await tables.formatOf(path)).toBe('arrow');
    expect(await barsOf(path)).toEqual([
      { ...BAR, low: '143.78', close: '144.02' },
      { date: '2017-07-03', symbol: 'AAPL', open: undefined, high: '1', low: '1', close: '1', volume: '1' },
    ]);
  });

  it('may be a pack', async () => {
    const series = Float64Array.of(10.5, 11, Number.NaN, 12);
    const path = await write(
      'pack.arrow',
      encodePack({
        ...{ symbols: ['A', 'B'], dates: ['2017-06-29', '2017-06-30'], sector: [null, null], adv: [null, null] },
        ...{ open: series, high: series, low: series, close: series, volume: series, adjustment: series },
        ...{ quality: [1, 1], source: 'test', synthetic: true, asOf: '2017-06-30' },
      }),
    );
    const bars = await barsOf(path);
    expect(bars.map(({ date, symbol, close }) => `${date} ${symbol} ${close}`)).toEqual([
      '2017-06-29 A 10.5',
      '2017-06-30 A 11',
      '2017-06-29 B undefined',
      '2017-06-30 B 12',
    ]);
  });

  it('is refused where it is cut', async () => {
    const bytes = tableToIPC(tableFromArrays(columns), 'file');
    const path = await write('cut.arrow', bytes.subarray(0, bytes.length / 2));
    await expect(barsOf(path)).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
  });
});

describe('another file', () => {
  it('is no table, and one that is not there is named', async () => {
    expect(await tables.formatOf(await write('bars.csv', 'date,symbol\n'))).toBeNull();
    expect(await tables.formatOf(await write('empty', ''))).toBeNull();
    await expect(tables.formatOf(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
