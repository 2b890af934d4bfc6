// Goal: a vendor's history comes in whole and as it was traded, is not asked for twice, and is never half done.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AlertRaised } from '@ballast/contracts';
import { benchOf, type Bench } from '@ballast/testing';
import { ALPACA_KEYS, startAlpaca, type AlpacaWorld } from '../adapters/vendors/alpaca-stub.fixture.js';
import type { VendorStub } from '../adapters/vendors/vendor-stub.fixture.js';
import { sessionsUpTo } from '../domain/sessions.js';
import { feeds } from '../module.js';

const DATES = sessionsUpTo('2017-06-30', 30);
/** More symbols than are fetched together. */
const SYMBOLS = Array.from({ length: 30 }, (_, i) => `S${String(i).padStart(2, '0')}`);

const bar = (date: string, close: number) => ({
  t: `${date}T04:00:00Z`,
  ...{ o: close, h: close + 1, l: close - 1, c: close, v: 1_000 },
});

let folder: string;
let world: AlpacaWorld;
let stub: VendorStub;
let bench: Bench;
let requests = 0;
const quiet = (): AlpacaWorld['bars'] =>
  Object.fromEntries(SYMBOLS.map((symbol, s) => [symbol, DATES.map((date, d) => bar(date, 50 + s + (d % 5)))]));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-backfill-'));
  world = { bars: {}, actions: {}, pageMax: 200 };
  stub = await startAlpaca(world);
  bench = await benchOf(feeds, {
    now: '2017-06-30T21:00:00.000Z',
    env: {
      FEEDS_ALPACA_KEY_ID: ALPACA_KEYS.keyId,
      FEEDS_ALPACA_SECRET: ALPACA_KEYS.secret,
      FEEDS_ALPACA_DATA_URL: stub.url,
      FEEDS_ALPACA_REQUESTS_PER_MINUTE: '10000',
    },
  });
});
beforeEach(() => {
  stub.clear();
  Object.assign(world, { bars: quiet(), actions: {} });
});
afterAll(async () => {
  jest.useRealTimers();
  await bench.close();
  await stub.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly importId: string;
  readonly status: string;
}
async function order(more: object = {}): Promise<string> {
  const body = { vendor: 'alpaca', symbols: SYMBOLS, from: DATES[0], to: '2017-06-30', ...more };
  const { status, body: answer } = await bench.post('/api/v1/feeds/backfills', body, `backfill-${++requests}`);
  expect({ status, answer }).toMatchObject({ status: 202 });
  return (answer as Ended).importId;
}
async function backfill(more: object = {}): Promise<Ended> {
  const importId = await order(more);
  await bench.work();
  return ended(importId);
}
const ended = async (importId: string) => (await bench.get(`/api/v1/feeds/imports/${importId}`)).body as Ended;
const later = (ms: number) => bench.advanceTo(new Date(Date.parse(bench.clock.now()) + ms).toISOString());
/** Only what the time is changes; whatever waits does so in its own time. */
const setMachineClock = (now: number) => jest.useFakeTimers({ now, doNotFake: WAITS });
const WAITS = [
  ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const),
  ...(['nextTick', 'queueMicrotask', 'performance', 'hrtime'] as const),
];
const askedFor = () =>
  stub.asked.filter(({ path }) => path === '/v2/stocks/bars').map(({ query }) => query['symbols']!);

describe('a backfill', () => {
  it('brings raw bars and actions of all symbols, and tells how much', async () => {
    world.actions = {
      forward_splits: [{ symbol: 'S03', ex_date: DATES[10], process_date: DATES[10], old_rate: 1, new_rate: 2 }],
      // What the child was worth is not told: that explains a move, and is no reason to refuse the rest.
      spin_offs: [
        {
          source_symbol: 'S04',
          ex_date: DATES[12],
          process_date: DATES[12],
          source_rate: 1,
          new_rate: 0.5,
          new_symbol: 'X',
        },
      ],
    };
    expect(await backfill({ name: 'whole' })).toMatchObject({
      status: 'imported',
      outcome: {
        ...{ added: SYMBOLS.length * DATES.length, restated: 0, actions: 2, from: DATES[0], to: '2017-06-30' },
        report: { rows: SYMBOLS.length * DATES.length, refused: 0, symbols: SYMBOLS.length },
      },
    });
    expect((await bench.get('/api/v1/feeds/history')).body).toMatchObject({
      current: 'whole',
      sources: [{ source: 'whole', synthetic: false, priceBasis: 'raw', symbols: SYMBOLS.length }],
    });
  });

  it('goes on after the last group that it had, and asks for nothing twice', async () => {
    const more = { name: 'resumed', from: DATES[1] };
    const wait = { status: 429, headers: { 'retry-after': '120' } };
    const importId = await order(more);
    // The second group meets a vendor that asks to be left alone for longer than anybody waits.
    const groupOne = new Set(SYMBOLS.slice(0, 25));
    const isSecond = (symbols: string) => symbols.split(',').some((symbol) => !groupOne.has(symbol));
    stub.insteadOf((asked) => (asked.path === '/v2/stocks/bars' && isSecond(asked.query['symbols']!) ? wait : null));
    await bench.work();
    expect(await ended(importId)).toMatchObject({ status: 'running' });
    expect((await bench.get('/health/pack')).body).toMatchObject({
      status: 'warming',
      estimated_ready: expect.any(String),
    });
    stub.clear();
    // For as long as it asked nobody comes back, whoever wants something of it.
    await later(60_000);
    await bench.work();
    expect(askedFor()).toEqual([]);
    await later(60_000);
    setMachineClock(Date.now() + 120_000);
    await bench.work();
    expect(await ended(importId)).toMatchObject({ status: 'imported', outcome: { added: 30 * 29 } });
    expect(askedFor().every(isSecond)).toBe(true);
    // The same order again is answered from what is there.
    stub.clear();
    expect(await backfill(more)).toMatchObject({ status: 'known', code: 'ALREADY_IMPORTED' });
    expect(askedFor()).toEqual([]);
  });

  it('takes what a vendor restates as a new vintage, keeps the one before, and says so', async () => {
    await backfill({ name: 'restated', symbols: ['S00', 'S01'] });
    await later(25 * 3_600_000);
    world.bars = { ...quiet(), S01: DATES.map((date, d) => bar(date, (51 + (d % 5)) / 2)) };
    const { importId } = await backfill({ name: 'restated', symbols: ['S00', 'S01'] });
    expect((await bench.get(`/api/v1/feeds/imports/${importId}/restatement`)).body).toMatchObject({
      symbols: [{ symbol: 'S01', kind: 'rebased', levels: [{ factor: 0.5 }], bars: DATES.length }],
    });
    expect((await bench.said(AlertRaised.feeds)).map(({ code }) => code)).toContain('HISTORY_RESTATED');
  });

  it('never takes an action of unknown worth for a correction of one whose worth is known', async () => {
    const child = { source_symbol: 'S04', source_rate: 1, new_rate: 0.5, new_symbol: 'X' };
    world.actions = { spin_offs: [{ ...child, ex_date: DATES[12], process_date: DATES[12] }] };
    await backfill({ name: 'spun', symbols: ['S04'] });
    const path = join(folder, 'worth.csv');
    await writeFile(path, `date,symbol,type,ratio,amount\n${DATES[12]},S04,spinoff,,4.5\n`);
    await bench.post('/api/v1/feeds/imports', { actionsPath: path, name: 'spun', priceBasis: 'raw' }, 'worth');
    await bench.work();
    await later(25 * 3_600_000);
    world.bars = { S04: DATES.map((date, d) => bar(date, 60 + (d % 5))) };
    await backfill({ name: 'spun', symbols: ['S04'] });
    const believed = await bench.service.dataSource.query(
      `select terms, superseded_at is null as current from corporate_action where source = 'spun' order by known_at`,
    );
    expect(believed).toEqual([
      { terms: [], current: false },
      { terms: ['4.5'], current: true },
    ]);
  });

  it.each([
    ['a vendor that is not there', { vendor: 'nobody' }, 'UNKNOWN_VENDOR', 'alpaca'],
    ['a vendor without a key', { vendor: 'polygon' }, 'VENDOR_KEY_MISSING', 'FEEDS_POLYGON_KEY'],
    ['symbols without a bar', { symbols: ['NOPE'] }, 'NO_USABLE_ROW', 'NOPE'],
  ])('is refused whole for %s', async (_, more, code, said) => {
    const refused = await backfill({ name: 'refused', ...more });
    expect(refused).toMatchObject({ status: 'refused', code });
    if (code !== 'NO_USABLE_ROW') expect(JSON.stringify(refused)).toContain(said);
    const { sources } = (await bench.get('/api/v1/feeds/history')).body as { sources: { source: string }[] };
    expect(sources.map(({ source }) => source)).not.toContain('refused');
  });
});
