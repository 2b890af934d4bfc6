// Goal: what FMP tells of companies is known from the day on which it was fetched, under its name, or nothing of it is.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AlertRaised } from '@ballast/contracts';
import { Metrics } from '@ballast/platform';
import { benchOf, type Bench } from '@ballast/testing';
import { VendorStub, type Answer, type Asked } from '../adapters/vendors/vendor-stub.fixture.js';
import { sessionsUpTo } from '../domain/sessions.js';
import { feeds } from '../module.js';

const KEY = 'fmp-key-0123456789';
const world = { reports: [] as { symbol: string; date: string }[], sectors: {} as Record<string, string> };
function answer({ path, query, headers }: Asked): Answer {
  if (headers['apikey'] !== KEY) return { status: 401, body: { 'Error Message': 'Invalid API KEY.' } };
  if (path === '/stable/earnings-calendar') {
    return { body: world.reports.filter(({ date }) => date >= query['from']! && date <= query['to']!) };
  }
  const symbol = query['symbol']!;
  const sector = world.sectors[symbol];
  return { body: sector === undefined ? [] : [{ symbol, sector, industry: 'Something' }] };
}

let folder: string;
let stub: VendorStub;
let bench: Bench;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-vendor-reference-'));
  stub = await VendorStub.start(answer);
  const env = { FEEDS_FMP_KEY: KEY, FEEDS_FMP_URL: stub.url, FEEDS_FMP_REQUESTS_PER_MINUTE: '3000' };
  bench = await benchOf(feeds, { now: '2026-11-20T22:00:00.000Z', env });
});
beforeEach(() => stub.clear());
afterAll(async () => {
  await bench.close();
  await stub.close();
  await rm(folder, { recursive: true, force: true });
});

let requests = 0;
const order = (body: object, of = bench) =>
  of.post('/api/v1/feeds/reference/collections', body, `reference-${++requests}`);
async function collect(body: object, of = bench): Promise<Record<string, unknown>> {
  const ordered = await order(body, of);
  expect(ordered).toMatchObject({ status: 202, body: { source: 'fmp', status: 'running' } });
  await of.work();
  const { importId } = ordered.body as { importId: string };
  return (await of.get(`/api/v1/feeds/reference/imports/${importId}`)).body as Record<string, unknown>;
}
const tomorrow = () => bench.advanceTo(new Date(Date.parse(bench.clock.now()) + 86_400_000).toISOString());
const held = async (path: string) =>
  (await bench.get(`/api/v1/feeds/reference/${path}`)).body as { items: object[]; attributions: object[] };

describe('reports that FMP tells', () => {
  it('are asked for the next thirty days, and known from today on under its name', async () => {
    world.reports = [
      { symbol: 'AAPL', date: '2026-11-25' },
      { symbol: 'BRK-B', date: '2026-11-25' },
      { symbol: 'OTHER', date: '2026-11-27' },
    ];
    expect(await collect({ kind: 'earnings', symbols: ['AAPL', 'BRK.B'] })).toMatchObject({
      ...{ status: 'imported', outcome: { rows: 2, added: 2 } },
    });
    expect([stub.asked.length, stub.asked.at(-1)!.query]).toEqual([31, { from: '2026-12-20', to: '2026-12-20' }]);
    const { items, attributions } = await held('earnings?asOf=2026-11-25');
    expect(items).toMatchObject([
      { subject: 'AAPL', value: { time: 'unknown' }, knownFrom: '2026-11-20', source: 'fmp' },
      { subject: 'BRK.B' },
    ]);
    expect(attributions).toEqual([{ source: 'fmp', text: 'Data provided by Financial Modeling Prep' }]);
    expect((await held('earnings?asOf=2026-11-25&knownOn=2026-11-19')).items).toEqual([]);
  });

  it('move, and the day before is taken back for whoever asks from now on', async () => {
    await tomorrow();
    world.reports = [
      { symbol: 'BRK-B', date: '2026-11-25' },
      { symbol: 'AAPL', date: '2026-11-27' },
    ];
    const asked = { kind: 'earnings', symbols: ['AAPL', 'BRK.B'], from: '2026-11-25', to: '2026-11-27' };
    expect(await collect(asked)).toMatchObject({ outcome: { rows: 2, added: 2, unchanged: 1 } });
    expect((await held('earnings?asOf=2026-11-25')).items).toMatchObject([{ subject: 'BRK.B' }]);
    expect((await held('earnings?asOf=2026-11-25&knownOn=2026-11-20')).items).toHaveLength(2);
    // Moved once more on the same day: which of its two words was known today nobody could tell.
    world.reports = [{ symbol: 'BRK-B', date: '2026-11-27' }];
    expect(await collect(asked)).toMatchObject({
      ...{ status: 'refused', code: 'REFERENCE_INVALID', outcome: { nextStep: expect.stringContaining('tomorrow') } },
    });
  });

  it('are not taken for gone where FMP tells nothing at all', async () => {
    await tomorrow();
    world.reports = [];
    const before = (await bench.said(AlertRaised.feeds)).length;
    expect(await collect({ kind: 'earnings', symbols: ['AAPL'] })).toMatchObject({
      ...{ status: 'refused', code: 'EMPTY_ANSWER' },
    });
    expect((await bench.said(AlertRaised.feeds)).slice(before)).toMatchObject([{ code: 'REFERENCE_REFUSED' }]);
    expect((await held('earnings?asOf=2026-11-27')).items).toMatchObject([{ subject: 'AAPL' }]);
  });
});

describe('sectors that FMP tells', () => {
  it('are those of its own scheme, and symbols that it does not know are named', async () => {
    world.sectors = { AAPL: 'Technology', 'BRK-B': 'Financial Services' };
    expect(await collect({ kind: 'sector', symbols: ['BRK.B', 'AAPL', 'NOPE'] })).toMatchObject({
      ...{ status: 'imported', outcome: { rows: 2, added: 2, untold: { count: 1, first: ['NOPE'] } } },
    });
    expect((await held('sector?scope=fmp')).items).toMatchObject([
      { subject: 'AAPL', scope: 'fmp', value: { sector: 'Technology', industry: 'Something' }, source: 'fmp' },
      { subject: 'BRK.B' },
    ]);
    expect(await collect({ kind: 'sector', symbols: ['NOPE'] })).toMatchObject({ code: 'EMPTY_ANSWER' });
  });

  it('are those of the history that cycles read, where no symbols are named', async () => {
    expect(await collect({ kind: 'sector' })).toMatchObject({ status: 'refused', code: 'SYMBOLS_MISSING' });
    const path = join(folder, 'bars.csv');
    const rows = sessionsUpTo('2026-11-20', 25).flatMap((date) => [`${date},AAPL,10`, `${date},ZZZ,10`]);
    const bars = rows.map((row) => `${row},12,9,11,1000`).join('\n');
    await writeFile(path, `date,symbol,open,high,low,close,volume\n${bars}\n`);
    await bench.post('/api/v1/feeds/imports', { path, name: 'own' }, 'bars');
    await bench.work();
    expect(await collect({ kind: 'sector' })).toMatchObject({
      ...{ status: 'known', outcome: { rows: 1, unchanged: 1, untold: { first: ['ZZZ'] } } },
    });
  });

  it('do not leave: an export that holds them is refused and names FMP', async () => {
    for (const kind of ['sector', 'earnings']) {
      expect(await bench.get(`/api/v1/feeds/export?what=reference&kind=${kind}`)).toMatchObject({
        ...{ status: 403, body: { code: 'EXPORT_NOT_PERMITTED', blocked: [{ source: 'fmp' }] } },
      });
    }
  });
});

describe('a collection of reference facts', () => {
  it.each([
    [{ kind: 'listing' }, 400, 'INVALID_REQUEST'],
    [{ kind: 'earnings', vendor: 'nobody' }, 400, 'INVALID_REQUEST'],
    [{ kind: 'sector', symbols: [] }, 400, 'INVALID_REQUEST'],
    [{ kind: 'sector', from: '2026-11-20' }, 400, 'INVALID_REQUEST'],
    [{ kind: 'earnings', from: '2026-11-20', to: '2026-11-19' }, 422, 'DAYS_INVALID'],
    [{ kind: 'earnings', from: '2026-01-01', to: '2026-11-19' }, 422, 'DAYS_INVALID'],
  ])('%j is refused with %i %s', async (body, status, code) => {
    expect(await order(body)).toMatchObject({ status, body: { code } });
    expect(stub.asked).toEqual([]);
  });

  it('without a key names the setting, and shows its circuit', async () => {
    const alone = await benchOf(feeds, { now: '2026-11-20T22:00:00.000Z' });
    expect(await collect({ kind: 'sector', symbols: ['AAPL'] }, alone)).toMatchObject({
      ...{ code: 'VENDOR_KEY_MISSING', outcome: { nextStep: expect.stringContaining('FEEDS_FMP_KEY') } },
    });
    expect(await alone.service.app.get(Metrics).text()).toContain('ballast_feeds_vendor_circuit_open{vendor="fmp"');
    await alone.close();
  });
});
