import { chmod, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { CycleOpened, keyOf, uuid5, type DataOf, type Envelope } from '@ballast/contracts';
import { sessionOf, sessionsBetween } from '@ballast/kernel/calendar';
import { feeds } from '@ballast/feeds';
import {
  createLogger,
  FilePackStore,
  LocalBus,
  PackCache,
  provisionDatabase,
  Secret,
  startService,
  SystemClock,
  type PackStore,
  type RunningService,
  type ServiceDefinition,
} from '@ballast/platform';
import pg from 'pg';
import type { Ground } from './ground.js';

const SESSIONS = sessionsBetween('2019-01-02', '2024-03-28')
  .slice(-1_260)
  .map(({ date }) => date);
const AS_OF = SESSIONS.at(-1)!;
const HEADER = 'date,symbol,open,high,low,close,volume\n';
const LOOK_AGAIN_MS = 10;
const CACHE_BYTES = 4 * 1024 ** 3;
/** Openings from the cache that are averaged: one alone is below what a clock tells. */
const OPENINGS = 1_000;

/** Rows a second of the same file by three ways. */
export interface ImportRates {
  readonly rows: number;
  readonly ours: number;
  readonly copy: number;
  readonly duckdb: number;
}

/** How long the pack of so many symbols × 1,260 sessions takes, in milliseconds, beside what no design can pass. */
export interface PackTimes {
  readonly symbols: number;
  readonly bytes: number;
  /** From the cycle's opening to the sealed snapshot: read from Postgres, checked, described, written. */
  readonly buildMs: number;
  /** Read from the store, hashed, decoded. */
  readonly openMs: number;
  readonly cachedMs: number;
  /** The bytes of its file read and hashed, and written and hashed, with nothing else. */
  readonly readLimitMs: number;
  readonly hashLimitMs: number;
}

/** feeds by itself on the benchmark's Postgres: what it takes is its own work. */
export class DataBench {
  private constructor(
    private readonly ground: Ground,
    private readonly service: RunningService,
    private readonly packs: PackStore,
  ) {}

  static async on(ground: Ground): Promise<DataBench> {
    const url = await provisionDatabase({
      adminUrl: ground.adminUrl,
      database: 'bench_data',
      services: [feeds.name],
      password: () => 'bench-password',
    });
    const packs = new FilePackStore(`${ground.folder}/packs`);
    const service = await startService(feeds as unknown as ServiceDefinition, {
      ...{ clock: new SystemClock(), bus: new LocalBus(), packs, databaseUrl: url },
      env: () => ({ FEEDS_PACK_SESSIONS_MAX: String(SESSIONS.length), FEEDS_IMPORT_ROWS_MAX: '20000000' }),
      token: new Secret('token-of-the-benchmark'),
      logger: (name) => createLogger({ service: name, level: 'error' }),
      drive: 'loops',
    });
    await service.activate();
    return new DataBench(ground, service, packs);
  }

  end(): Promise<void> {
    return this.service.stop();
  }

  /** The same rows by our import, by `COPY` into a table without an index, and by DuckDB into a table in memory. */
  async importRates(symbols: number): Promise<ImportRates> {
    const path = await this.#writeBars(symbols, 0, SESSIONS.length);
    const rows = symbols * SESSIONS.length;
    const perSecond = async (work: () => Promise<void>): Promise<number> => rows / ((await timed(work)) / 1_000);
    return {
      rows,
      copy: await perSecond(() => this.#copy(path)),
      duckdb: await perSecond(() => duckdb(path)),
      ours: await perSecond(() => this.#import(path, `rates-${symbols}`)),
    };
  }

  async packTimes(symbols: number): Promise<PackTimes> {
    const name = `pack-${symbols}`;
    const half = SESSIONS.length / 2;
    await this.#import(await this.#writeBars(symbols, 0, half), name);
    await this.#import(await this.#writeBars(symbols, half, SESSIONS.length), name);
    const buildMs = await timed(() => this.#seal(symbols));
    const packId = await this.#lastPack();
    const cache = new PackCache(this.packs, CACHE_BYTES);
    const openMs = await timed(async () => void (await cache.get(packId)));
    const cachedMs = await timed(async () => {
      for (let i = 0; i < OPENINGS; i++) await cache.get(packId);
    });
    const bytes = await this.packs.get(packId);
    const file = join(this.ground.folder, 'limit.bin');
    return {
      symbols,
      bytes: bytes.byteLength,
      ...{ buildMs, openMs, cachedMs: cachedMs / OPENINGS },
      hashLimitMs: await timed(() => writeAndHash(file, bytes)),
      readLimitMs: await timed(() => readAndHash(file)),
    };
  }

  /** A quiet market in a file: a price of its own for every symbol and day. */
  async #writeBars(symbols: number, from: number, to: number): Promise<string> {
    const path = join(this.ground.folder, `bars-${symbols}-${from}.csv`);
    const file = await open(path, 'w');
    try {
      await file.write(HEADER);
      for (let s = 0; s < symbols; s++) {
        const symbol = `S${String(s).padStart(5, '0')}`;
        const rows = SESSIONS.slice(from, to).map((date, i) => {
          const close = 20 + (s % 400) + ((i * 7 + s) % 23) / 10;
          return `${date},${symbol},${close},${(close + 1).toFixed(1)},${(close - 1).toFixed(1)},${close.toFixed(1)},${1_000 + i}\n`;
        });
        await file.write(rows.join(''));
      }
    } finally {
      await file.close();
    }
    await chmod(path, 0o644);
    return path;
  }

  async #import(path: string, name: string): Promise<void> {
    const { importId } = await this.#post('/api/v1/feeds/imports', { path, name });
    for (;;) {
      const { status, reason } = await this.#get(`/api/v1/feeds/imports/${importId}`);
      if (status === 'imported') return;
      if (status !== 'running') throw new Error(`the import ended with ${status}: ${reason}`);
      await pause(LOOK_AGAIN_MS);
    }
  }

  async #seal(symbols: number): Promise<void> {
    const data: DataOf<typeof CycleOpened> = {
      ...{ cycleId: uuid5('bench', symbols), portfolioId: 'bench', trigger: 'operator', asOf: AS_OF, mode: 'paper' },
      ...{
        patternId: 'daily-rebalance',
        seed: 1,
        universe: { universeId: `all-${symbols}` },
        strategies: ['momentum'],
      },
      configHash: 'a'.repeat(64),
      tradeSession: { date: AS_OF, open: sessionOf(AS_OF)!.open, close: sessionOf(AS_OF)!.close },
      deadlines: { decideBy: sessionOf(AS_OF)!.close, completeBy: sessionOf(AS_OF)!.close },
      openedAt: sessionOf(AS_OF)!.close,
    };
    const key = keyOf(CycleOpened, data);
    const eventId = uuid5('bench-opened', symbols);
    const body: Envelope = {
      ...{ specversion: '1.0', id: eventId, source: '/ballast/orchestrator', type: CycleOpened.type, subject: key },
      ...{ time: data.openedAt, datacontenttype: 'application/json', correlationid: data.cycleId },
      ...{ causationid: eventId, keyseq: symbols, data },
    };
    const [received] = await this.service.inbox.receive([
      {
        ...{ eventId, source: 'bus', type: CycleOpened.type, noun: null, key, keySeq: null },
        ...{ correlationId: data.cycleId, body, headers: {}, streamSequence: null },
      },
    ]);
    if (received?.status !== 'handled') throw new Error(`the snapshot was not sealed: ${received?.status}`);
  }

  async #lastPack(): Promise<string> {
    const [row] = await this.service.dataSource.query<{ pack_id: string }[]>(
      `select pack_id from snapshot order by sealed_at desc limit 1`,
    );
    return row!.pack_id;
  }

  async #copy(path: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.ground.adminUrl });
    await client.connect();
    try {
      await client.query(`drop table if exists plain_copy`);
      await client.query(`create table plain_copy (date date, symbol text, open float8, high float8, low float8,
        close float8, volume float8)`);
      await client.query(`copy plain_copy from '${path}' (format csv, header)`);
    } finally {
      await client.end();
    }
  }

  #post(path: string, body: object): Promise<Record<string, string>> {
    return this.#ask({ method: 'POST', url: path, payload: JSON.stringify(body) });
  }

  #get(path: string): Promise<Record<string, string>> {
    return this.#ask({ method: 'GET', url: path });
  }

  async #ask(request: { method: 'GET' | 'POST'; url: string; payload?: string }): Promise<Record<string, string>> {
    const headers = {
      authorization: 'Bearer token-of-the-benchmark',
      'content-type': 'application/json',
      'idempotency-key': uuid5('bench-request', request.url, request.payload ?? ''),
    };
    const answer = await this.service.app.inject({ ...request, headers });
    if (answer.statusCode >= 400) throw new Error(`${request.url} answered ${answer.statusCode}: ${answer.payload}`);
    return answer.json<Record<string, string>>();
  }
}

/** DuckDB comes with the tools of development; a machine without them has no rival to measure against. */
async function duckdb(path: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`create table bars as select * from read_csv('${path}', header = true, columns = {
    'date': 'DATE', 'symbol': 'VARCHAR', 'open': 'DOUBLE', 'high': 'DOUBLE', 'low': 'DOUBLE', 'close': 'DOUBLE', 'volume': 'DOUBLE'})`);
  connection.closeSync();
}

async function writeAndHash(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  await file.write(bytes);
  await file.sync();
  await file.close();
  createHash('sha256').update(bytes).digest();
}

async function readAndHash(path: string): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, 'r');
  const { buffer } = await file.read(Buffer.allocUnsafe(size), 0, size, 0);
  await file.close();
  createHash('sha256').update(buffer).digest();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
