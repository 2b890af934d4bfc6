// Goal: what is to be collected every day is, by a timer that outlives the process; and what was not shows, and never as fresh.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlertRaised } from '@ballast/contracts';
import {
  createLogger,
  Door,
  FilePackStore,
  loadConfig,
  LocalBus,
  Metrics,
  Secret,
  SimulatedClock,
  startService,
  type RunningService,
} from '@ballast/platform';
import { benchOf, createTestDatabase, type Bench } from '@ballast/testing';
import { PublisherStub } from '../../test/publisher-stub.js';
import { VendorStub } from '../adapters/vendors/vendor-stub.fixture.js';
import { FeedsConfig } from '../config.js';
import { sessionsUpTo } from '../domain/sessions.js';
import { ArmCollections, CollectionDue } from '../messages-facts.js';
import { feeds } from '../module.js';
import { CollectionStarter } from './collection-starter.js';

const FII_DII = '/api/fiidiiTradeReact';
const SERIES = '/fredgraph.csv';
const flows = (date: string) =>
  JSON.stringify([{ category: 'DII **', date, buyValue: '2', sellValue: '1', netValue: '1' }]);

let folder: string;
let stub: PublisherStub;
let fmp: VendorStub;
let bench: Bench;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-collect-daily-'));
  stub = await PublisherStub.start();
  fmp = await VendorStub.start(({ path, query }) =>
    path === '/stable/profile'
      ? { body: [{ symbol: query['symbol'], sector: 'Technology' }] }
      : { body: [{ symbol: 'AAPL', date: query['from'] }] },
  );
  const env = {
    FEEDS_COLLECT_DAILY: 'nse-fii-dii,macro-series:DGS10,macro-series:DGS2,fmp-earnings,fmp-sectors',
    ...{ FEEDS_NSE_URL: stub.url, FEEDS_FRED_CSV_URL: `${stub.url}${SERIES}` },
    ...{ FEEDS_FMP_KEY: 'fmp-key-0123456789', FEEDS_FMP_URL: fmp.url },
  };
  bench = await benchOf(feeds, { now: '2026-11-20T12:00:00.000Z', env });
  stub.replies.set(FII_DII, { body: flows('20-Nov-2026') });
  for (const series of ['DGS10', 'DGS2']) {
    stub.replies.set(`${SERIES}?id=${series}`, { type: 'text/csv', body: `date,${series}\n2026-11-19,4.1\n` });
  }
  const path = join(folder, 'bars.csv');
  const bars = sessionsUpTo('2026-11-19', 25).map((date) => `${date},AAPL,10,12,9,11,1000`);
  await writeFile(path, `date,symbol,open,high,low,close,volume\n${bars.join('\n')}\n`);
  await bench.post('/api/v1/feeds/imports', { path, name: 'own' }, 'bars');
  await bench.work();
});
afterAll(async () => {
  await bench.close();
  await Promise.all([stub.stop(), fmp.close()]);
  await rm(folder, { recursive: true, force: true });
});

interface Standing {
  readonly what: string;
  readonly subject: string | null;
  readonly state: string;
  readonly dueAt: string;
  readonly failure: { readonly code: string } | null;
}
const standings = async () =>
  (await bench.get('/api/v1/feeds/collections')).body as { healthy: boolean; items: Standing[] };
/** A line each. */
const shown = async () =>
  (await standings()).items.map(({ what, subject, state, dueAt, failure }) => {
    return [what, ...(subject === null ? [] : [subject]), state, dueAt.slice(0, 16), failure?.code ?? 'ok'].join(' ');
  });
const ages = async () => {
  const text = await bench.service.app.get(Metrics).text();
  const found = text.matchAll(/collection_age_seconds\{what="([\w-]+)".*\} (\S+)/g);
  return Object.fromEntries([...found].map(([, what, age]) => [what, age]));
};
const timers = async () =>
  (
    await bench.service.dataSource.query(
      `select count(*) from task where kind = 'timer' and wakes = 'local.timer.collection-due' and done_at is null`,
    )
  )[0].count as number;
const start = () => bench.tell(ArmCollections, 'collections', {});
/** Fires what is due until then, and does the work of it. */
const go = async (to: string) => {
  await bench.advanceTo(to);
  await bench.work();
};

describe('what is collected every day', () => {
  it('is shown as never collected once feeds has started, which is no health', async () => {
    await start();
    expect(await standings()).toMatchObject({ healthy: false });
    expect((await standings()).items.map(({ state }) => state)).toEqual(Array(5).fill('never'));
    const never = { 'nse-fii-dii': '+Inf', 'macro-series': '+Inf', 'fmp-earnings': '+Inf', 'fmp-sectors': '+Inf' };
    expect(await ages()).toEqual(never);
  });

  it('is collected at once where it is new, one after the other where that must be, and then in the evening', async () => {
    await go('2026-11-20T12:00:01.000Z');
    // Reference facts come in one import at a time: the second has five minutes to wait.
    expect(await shown()).toEqual([
      'fmp-earnings fresh 2026-11-21T03:30 ok',
      'fmp-sectors never 2026-11-20T12:05 ok',
      'macro-series DGS10 fresh 2026-11-21T03:30 ok',
      'macro-series DGS2 fresh 2026-11-21T03:30 ok',
      'nse-fii-dii fresh 2026-11-20T15:00 ok',
    ]);
    await go('2026-11-20T12:06:00.000Z');
    expect((await shown())[1]).toBe('fmp-sectors fresh 2026-11-21T03:30 ok');
    expect(await standings()).toMatchObject({ healthy: true });
    expect(await ages()).toMatchObject({ 'nse-fii-dii': '359', 'fmp-sectors': '0' });
    expect((await bench.get('/api/v1/feeds/facts?kind=macro&symbol=DGS2')).body).toMatchObject({
      items: [{ content: { value: '4.1' } }],
    });
  });

  it('is not collected once more because feeds starts again, and keeps its evening', async () => {
    const asked = stub.asked.length;
    const before = await shown();
    expect(await timers()).toBe(5);
    await start();
    await go('2026-11-20T14:59:59.000Z');
    expect([stub.asked.length, await shown(), await timers()]).toEqual([asked, before, 5]);
  });

  it('that failed raises its alert, shows why, and the others are as they were', async () => {
    const alerts = (await bench.said(AlertRaised.feeds)).length;
    stub.replies.set(FII_DII, { body: '[]' });
    await go('2026-11-20T15:00:00.000Z');
    expect((await bench.said(AlertRaised.feeds)).slice(alerts)).toMatchObject([
      { code: 'COLLECTION_REFUSED', numbers: { what: 'nse-fii-dii' }, nextStep: expect.any(String) },
    ]);
    expect((await shown()).at(-1)).toBe('nse-fii-dii fresh 2026-11-21T15:00 EMPTY_ANSWER');
    // The last success is the one of noon, a second after it.
    expect(await ages()).toMatchObject({ 'nse-fii-dii': '10799' });
  });

  it('is stale once a day was missed, and the oldest of several names counts', async () => {
    stub.replies.delete(`${SERIES}?id=DGS2`);
    await go('2026-11-21T14:30:00.000Z');
    expect((await shown()).slice(2)).toEqual([
      'macro-series DGS10 fresh 2026-11-22T03:30 ok',
      'macro-series DGS2 stale 2026-11-22T03:30 SOURCE_REFUSED',
      'nse-fii-dii stale 2026-11-21T15:00 EMPTY_ANSWER',
    ]);
    expect(await ages()).toMatchObject({ 'macro-series': `${26.5 * 3_600 - 1}` });
  });

  it('is fresh again by whoever has it collected', async () => {
    stub.replies.set(FII_DII, { body: flows('21-Nov-2026') });
    const { body } = await bench.post('/api/v1/feeds/collections', { what: 'nse-fii-dii' }, 'by-hand');
    await bench.work();
    expect(body).toMatchObject({ status: 'running' });
    expect((await shown()).at(-1)).toBe('nse-fii-dii fresh 2026-11-21T15:00 ok');
  });

  it('that the configuration no longer names is forgotten, and its timer does nothing', async () => {
    await bench.service.dataSource.query(
      `insert into collection_watch (what, subject, due_at) values ('fed-texts', '', now())`,
    );
    await start();
    expect((await standings()).items).toHaveLength(5);
    await bench.tell(CollectionDue, 'fed-texts', { what: 'fed-texts', subject: null, dueAt: bench.clock.now() });
    const begun = await bench.service.dataSource.query(`select count(*) from collection where what = 'fed-texts'`);
    expect(begun).toEqual([{ count: 0 }]);
    expect(await ages()).not.toHaveProperty('fed-texts');
  });

  it('is nothing for a book in simulated time', async () => {
    const handled = async () => (await bench.service.dataSource.query(`select count(*) from inbox`))[0].count as number;
    const before = await handled();
    await bench.service.app.get(CollectionStarter).start();
    expect(await handled()).toBe(before);
  });
});

describe('the timer', () => {
  it('outlives the process: what fell due while feeds was down is collected once it is up', async () => {
    const database = await createTestDatabase([feeds.name]);
    const clock = new SimulatedClock('2026-11-20T12:00:00.000Z');
    const packs = new FilePackStore(join(folder, 'packs'));
    const begin = async () => {
      const service = await startService(feeds, {
        ...{ clock, packs, bus: new LocalBus(), databaseUrl: database.url, token: new Secret('token-of-this-spec') },
        env: () => ({ FEEDS_COLLECT_DAILY: 'nse-fii-dii', FEEDS_NSE_URL: stub.url }),
        logger: (name) => createLogger({ service: name, level: 'silent' }),
        drive: 'stepped',
      });
      await service.activate();
      return service;
    };
    const collected = async (service: RunningService) => {
      await service.tasks.fireTimers();
      await service.tasks.doWork();
      return (await service.dataSource.query(`select collected_at as at from collection_watch`)) as { at: string }[];
    };
    const first = await begin();
    await first.app.get(Door).command(ArmCollections, 'collections', {}, 'first');
    expect(await collected(first)).toEqual([{ at: '2026-11-20T12:00:00.000Z' }]);
    await first.stop();
    clock.advanceTo('2026-11-22T09:00:00.000Z');
    const second = await begin();
    await second.app.get(Door).command(ArmCollections, 'collections', {}, 'second');
    expect(await collected(second)).toEqual([{ at: '2026-11-22T09:00:00.000Z' }]);
    // Once, and not for each evening that passed.
    expect(await second.dataSource.query(`select count(*) from collection`)).toEqual([{ count: 2 }]);
    await second.stop();
    await database.drop();
  });
});

describe('the list of what is collected every day', () => {
  const load = (daily: string, more: object = {}) =>
    loadConfig(FeedsConfig, { FEEDS_COLLECT_DAILY: daily, ...more }, 'feeds').FEEDS_COLLECT_DAILY;

  it.each([
    ['weather', 'one of nse-fii-dii'],
    ['macro-series', 'macro-series:NAME'],
    ['newsapi-headlines:AAPL', 'FEEDS_NEWSAPI_KEY beside newsapi-headlines in FEEDS_COLLECT_DAILY'],
    ['sec-ownership:320193', 'FEEDS_SEC_CONTACT beside sec-ownership'],
    ['fmp-earnings', 'FEEDS_FMP_KEY beside fmp-earnings'],
  ])('with %s keeps feeds from starting', (daily, why) => {
    expect(() => load(daily)).toThrow(why);
  });

  it('is empty where nothing is said, and takes what has its key', () => {
    expect(loadConfig(FeedsConfig, {}, 'feeds').FEEDS_COLLECT_DAILY).toEqual([]);
    expect(load('fred-series:DGS10', { FEEDS_FRED_KEY: 'a-key' })).toEqual([{ what: 'fred-series', subject: 'DGS10' }]);
  });
});
