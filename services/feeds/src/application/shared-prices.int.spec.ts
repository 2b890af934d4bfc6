import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CycleOpened, SnapshotSealed, uuid5 } from '@ballast/contracts';
import { benchOf, type Bench } from '@ballast/testing';
import { tableFromIPC } from 'apache-arrow';
import { feeds } from '../module.js';

const SHARED = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data');
const PRICES = resolve(SHARED, 'prices/prices_daily.csv.gz');
const SECTORS = resolve(SHARED, 'earnings_sectors/sp500_sectors_2017-03.csv');

const there = existsSync(PRICES) && existsSync(SECTORS);
if (!there)
  console.warn(`skipped: the real daily prices are not in ${SHARED}; set BALLAST_SHARED_DATA to where they are`);

/** A machine that does other work beside this one must not fail it. */
const PATIENCE_MS = 120_000;

/** How long something took, as information: nothing is asserted about it. */
async function timed<T>(what: string, run: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await run();
  console.info(`${what}: ${((performance.now() - started) / 1_000).toFixed(2)} s`);
  return result;
}

interface Sums {
  readonly rows: number;
  readonly close: number;
  readonly volume: number;
}

/** The rows of the file that can be used, added up by a program that shares no code with ours. */
async function sumsByDuckDb(from: string, to: string): Promise<Map<string, Sums>> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const answer = await connection.runAndReadAll(
    `select symbol, count(*)::integer as rows, sum(close) as close, coalesce(sum(volume), 0)::double as volume
       from read_csv('${PRICES}', header = true)
      where date between '${from}' and '${to}' and open is not null and high >= greatest(open, low, close) and low <= least(open, close)
      group by symbol`,
  );
  connection.closeSync();
  const rows = answer.getRowObjects() as unknown as (Sums & { symbol: string })[];
  return new Map(rows.map(({ symbol, ...sums }) => [symbol, sums]));
}

(there ? describe : describe.skip)('the real daily prices', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await benchOf(feeds, { now: '2018-02-07T22:00:00.000Z' });
  });
  afterAll(() => bench.close());

  it(
    'come in whole, with every fault they are known to have',
    async () => {
      const { body } = await bench.post('/api/v1/feeds/imports', { path: PRICES, sectorsPath: SECTORS }, 'prices');
      await timed('478,041 rows imported', () => bench.work());
      const ended = await bench.get(`/api/v1/feeds/imports/${(body as { importId: string }).importId}`);
      expect(ended.body).toMatchObject({
        status: 'imported',
        source: 'prices_daily',
        outcome: {
          from: '2012-08-13',
          to: '2018-02-07',
          report: {
            ...{ rows: 478_041, symbols: 357, duplicatesDropped: 0, missingVolumes: 406 },
            // 28 values are missing in ten rows, one of which contradicts itself besides.
            refusedByCode: { MISSING_VALUE: 10, OHLC_INCONSISTENT: 18 },
          },
        },
      });
    },
    PATIENCE_MS,
  );

  it(
    'make a pack of the 250 most liquid names',
    async () => {
      await timed('a pack of 250 names sealed', () =>
        bench.hear(CycleOpened, {
          ...{ cycleId: uuid5('real'), portfolioId: 'main', trigger: 'operator', asOf: '2017-06-30', mode: 'paper' },
          ...{ patternId: 'daily-rebalance', seed: 1, strategies: ['momentum'], configHash: 'a'.repeat(64) },
          universe: { universeId: 'liquid', size: 250 },
          tradeSession: { date: '2017-07-03', open: '2017-07-03T13:30:00.000Z', close: '2017-07-03T17:00:00.000Z' },
          deadlines: { decideBy: '2017-07-03T14:00:00.000Z', completeBy: '2017-07-03T20:00:00.000Z' },
          openedAt: '2017-06-30T21:00:00.000Z',
        }),
      );
      const [sealed] = await bench.said(SnapshotSealed);
      expect(sealed).toMatchObject({
        ...{ symbols: 250, sessions: 520, staleness: { lastSession: '2017-06-30', sessionsBehind: 0 } },
        regime: { trend: 'up', volatility: expect.any(String) },
      });
      const marks = sealed!.marks.inline!;
      expect(marks.find(({ symbol }) => symbol === 'AAPL')).toMatchObject({
        price: '144.02',
        sector: 'Information Technology',
      });
    },
    PATIENCE_MS,
  );

  it(
    'say in the pack, as any reader of Arrow opens it, what another program reads in their file',
    async () => {
      const [sealed] = await bench.said(SnapshotSealed);
      const table = tableFromIPC(await bench.packs.get(sealed!.packId));
      const column = (name: string) => table.getChild(name)!;
      const [symbols, closes, volumes] = [column('symbol'), column('close'), column('volume')];
      const own = new Map<string, Sums>();
      for (let row = 0; row < table.numRows; row += 1) {
        const close = closes.get(row) as number | null;
        if (close === null) continue;
        const sums = own.get(String(symbols.get(row))) ?? { rows: 0, close: 0, volume: 0 };
        const volume = (volumes.get(row) as number | null) ?? 0;
        own.set(String(symbols.get(row)), {
          rows: sums.rows + 1,
          close: sums.close + close,
          volume: sums.volume + volume,
        });
      }
      const days = column('date');
      const [from, to] = [days.get(0), days.get(table.numRows - 1)].map((day) =>
        new Date(Number(day)).toISOString().slice(0, 10),
      );
      const kept = new Set(sealed!.quality.quarantined!.first.map(({ symbol }) => symbol));
      const others = await sumsByDuckDb(from!, to!);
      const compared = [...own].filter(([symbol]) => !kept.has(symbol));
      expect(compared.length).toBeGreaterThan(240);
      for (const [symbol, sums] of compared) {
        const other = others.get(symbol)!;
        expect({ symbol, rows: sums.rows, volume: sums.volume }).toEqual({
          symbol,
          rows: other.rows,
          volume: other.volume,
        });
        expect(sums.close).toBeCloseTo(other.close, 6);
      }
    },
    PATIENCE_MS,
  );
});
