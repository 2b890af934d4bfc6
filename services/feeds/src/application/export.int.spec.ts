// Goal: nothing of a blocked source leaves, the refusal names it and is written down, and what leaves carries its rights.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CycleOpened, SnapshotSealed, uuid5 } from '@ballast/contracts';
import { Metrics } from '@ballast/platform';
import { benchOf, type Bench } from '@ballast/testing';
import { sessionsUpTo } from '../domain/sessions.js';
import { feeds } from '../module.js';
import { RightsStarter } from './rights-starter.js';

let folder: string;
let bench: Bench;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-export-'));
  const rights = join(folder, 'rights.json');
  const rule = { source: 'polygon', display: true, export: true, redistribute: true, retentionDays: 365 };
  await writeFile(
    rights,
    JSON.stringify({ sources: [{ ...rule, attribution: 'By licence', basis: 'Contract 7', terms: null }] }),
  );
  bench = await benchOf(feeds, { now: '2017-06-30T21:00:00.000Z', env: { FEEDS_RIGHTS_FILE: rights } });
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

let requests = 0;
const DATES = sessionsUpTo('2017-06-30', 25);
async function importBars(name: string): Promise<void> {
  const rows = ['A', 'B'].flatMap((symbol) =>
    DATES.map((date, i) => `${date},${symbol},10,12,9,10.${i + 10},${i === 0 ? '' : 1000}`),
  );
  const path = join(folder, `bars-${++requests}.csv`);
  await writeFile(path, `date,symbol,open,high,low,close,volume\n${rows.join('\n')}\n`);
  await bench.post('/api/v1/feeds/imports', { path, name }, `bars-${requests}`);
  await bench.work();
}
async function importSectors(source: string, text: string): Promise<void> {
  const path = join(folder, `sectors-${++requests}.csv`);
  await writeFile(path, text);
  await bench.post('/api/v1/feeds/reference', { kind: 'sector', path, source, scope: 'gics' }, `sectors-${requests}`);
  await bench.work();
}
const exported = (query: string) => bench.get(`/api/v1/feeds/export?${query}`);
const violations = async () =>
  (await bench.service.app.get(Metrics).text())
    .split('\n')
    .filter((line) => line.startsWith('ballast_feeds_rights_violations_total{'))
    .map((line) => line.replace(/.*source="([^"]+)".* (\d+)$/, '$1 $2'))
    .sort();
const audits = (act: string) =>
  bench.service.dataSource.query<{ subject: string; detail: Record<string, unknown> }[]>(
    `select subject, detail from audit where act = $1 order by at, audit_id`,
    [act],
  );

describe('an export of bars', () => {
  it('carries watermark and attributions, every bar as an exact decimal, and the number of its rows', async () => {
    await importBars('own-prices');
    const { status, body } = await exported(`what=bars&symbols=B,A&from=${DATES[0]}&to=${DATES[1]}`);
    expect(status).toBe(200);
    const [permitted] = await audits('export.permitted');
    expect(String(body).split('\n')).toEqual([
      '# export of bars',
      `# watermark: Exported from Ballast at 2017-06-30T21:00:00.000Z as ${permitted!.subject}. For the own use of the operator only; not to be passed on (user-file).`,
      '# attribution: user-file: From a file of the operator',
      'source,symbol,date,open,high,low,close,volume',
      `own-prices,A,${DATES[0]},10,12,9,10.1,`,
      `own-prices,A,${DATES[1]},10,12,9,10.11,1000`,
      `own-prices,B,${DATES[0]},10,12,9,10.1,`,
      `own-prices,B,${DATES[1]},10,12,9,10.11,1000`,
      '# rows: 4',
      '',
    ]);
  });

  it('comes as JSON too, and without symbols it is all of the source', async () => {
    const { body } = await exported('what=bars&source=own-prices&format=json');
    expect(body).toMatchObject({
      what: 'bars',
      watermark: expect.stringContaining('not to be passed on'),
      attributions: [{ source: 'user-file' }],
      rows: 50,
    });
    expect((body as { items: object[] }).items[0]).toEqual({
      ...{ source: 'own-prices', symbol: 'A', date: DATES[0], open: '10', high: '12', low: '9', close: '10.1' },
      volume: null,
    });
  });

  it('of a synthetic market may be passed on', async () => {
    await bench.post('/api/v1/feeds/synthetic', { seed: 1, symbols: 60, sessions: 30, name: 'market' }, 'market');
    await bench.work();
    const { body } = await exported('what=bars&source=market&format=json');
    expect(body).toMatchObject({ rows: 1_800, watermark: expect.stringContaining('may be passed on') });
  });

  it('is refused where the source is blocked: named, counted and written down', async () => {
    await importBars('fmp-daily');
    expect(await exported('what=bars&source=fmp-daily')).toMatchObject({
      status: 403,
      body: {
        code: 'EXPORT_NOT_PERMITTED',
        detail: expect.stringContaining('fmp (Display and redistribution need a data licence agreement with FMP.)'),
        nextStep: expect.stringContaining('FEEDS_RIGHTS_FILE'),
        blocked: [{ source: 'fmp', terms: expect.stringContaining('https://') }],
      },
    });
    expect(await violations()).toEqual(['fmp 1']);
    expect((await audits('export.refused'))[0]!.detail).toMatchObject({
      ...{ what: 'bars', blocked: ['fmp'], sources: ['fmp-daily', 'user-file'], query: { source: 'fmp-daily' } },
    });
  });

  it.each([
    ['what=bars&source=nope', 404],
    ['what=bars&format=xml', 400],
    ['what=reference', 400],
    ['what=reference&kind=lot_size', 404],
    ['what=reference&kind=flow', 400],
    ['what=bars&kind=sector', 400],
    ['what=facts', 400],
    ['what=facts&kind=sector', 400],
    ['what=facts&kind=holiday', 404],
    ['what=everything', 400],
  ])('asked for as %s is answered with %i', async (query, status) => {
    expect(await exported(query)).toMatchObject({ status, body: { nextStep: expect.any(String) } });
  });
});

describe('an export of reference facts', () => {
  it('holds every word as it was said, and is refused whole for one blocked source in it', async () => {
    await importSectors('user-file', 'symbol,sector\nAAPL,"Technology, Information"\n');
    const { body } = await exported('what=reference&kind=sector');
    expect(String(body)).toContain(
      'user-file,sector,US,AAPL,gics,2017-06-30,,2017-06-30,false,"{""sector"":""Technology, Information""}"\n# rows: 1\n',
    );
    await importSectors('newsapi', 'symbol,sector\nIBM,Technology\n');
    await importSectors('some-blog', 'symbol,sector\nXOM,Energy\n');
    expect(await exported('what=reference&kind=sector')).toMatchObject({
      status: 403,
      body: { blocked: [{ source: 'newsapi' }, { source: 'some-blog' }] },
    });
    expect(await violations()).toEqual(['fmp 1', 'newsapi 1', 'unknown 1']);
    expect(await exported('what=reference&kind=sector&source=user-file')).toMatchObject({ status: 200 });
    expect(await exported('what=reference&kind=sector&symbols=AAPL')).toMatchObject({ status: 200 });
  });
});

describe('an export of facts', () => {
  const HEADLINES = 'title,date,stock\n"Rates, again",2017-06-29 07:47:00-04:00,AAPL\n';
  const bring = async (body: object) =>
    expect(await bench.post('/api/v1/feeds/facts', body, `facts-${++requests}`)).toMatchObject({ status: 201 });
  const newsapi = (title: string) =>
    JSON.stringify({ articles: [{ title, url: 'https://paper.test/1', publishedAt: '2017-06-30T14:30:00Z' }] });

  it('holds each as it was last said at a moment, with watermark and attributions', async () => {
    await bring({ what: 'headlines', source: 'user-file', body: HEADLINES });
    const { status, body } = await exported('what=facts&kind=headline');
    const [watermark] = String(body).split('\n').slice(1);
    expect([status, watermark]).toEqual([200, expect.stringContaining('not to be passed on (user-file)')]);
    const line = String(body).split('\n')[4]!;
    expect(line.replace(/headline,US,AAPL,2017-06-29,AAPL[^,]*/, 'KEY')).toBe(
      'user-file,KEY,1,2017-06-29T11:47:00.000Z,2017-06-30T21:00:00.000Z,false,"{""url"":null,""title"":""Rates, again"",""symbols"":[""AAPL""]}"',
    );
    expect(String(body)).toContain('\n# rows: 1\n');
    const json = await exported('what=facts&kind=headline&symbols=AAPL&from=2017-06-29&to=2017-06-29&format=json');
    expect(json.body).toMatchObject({
      ...{ what: 'facts', rows: 1, attributions: [{ source: 'user-file' }] },
      items: [{ source: 'user-file', symbol: 'AAPL', date: '2017-06-29', revision: '1' }],
    });
    const before = 'what=facts&kind=headline&knownAt=2017-06-30T20:59:59.999Z';
    expect(await exported(before)).toMatchObject({ status: 404, body: { code: 'NOTHING_TO_EXPORT' } });
  });

  it('is refused whole for one article of NewsAPI in it, and names NewsAPI', async () => {
    await bring({ what: 'newsapi-headlines', subject: 'AAPL', body: newsapi('Found') });
    const violationsBefore = await violations();
    for (const query of ['', '&source=newsapi', '&symbols=AAPL', '&format=json']) {
      expect(await exported(`what=facts&kind=headline${query}`)).toMatchObject({
        status: 403,
        body: {
          ...{ code: 'EXPORT_NOT_PERMITTED', blocked: [{ source: 'newsapi' }] },
          detail: expect.stringContaining('newsapi (The articles belong to their publishers'),
        },
      });
    }
    expect([violationsBefore, await violations()]).toEqual([
      ['fmp 1', 'newsapi 1', 'unknown 1'],
      ['fmp 1', 'newsapi 5', 'unknown 1'],
    ]);
    const refused = (await audits('export.refused')).map(({ detail }) => detail);
    expect(refused).toContainEqual(expect.objectContaining({ what: 'facts', blocked: ['newsapi'] }));
    // Before that day there is none of it.
    expect(await exported('what=facts&kind=headline&to=2017-06-29')).toMatchObject({ status: 200 });
  });

  it('of what was made up may be passed on, unless it goes by the name of somebody', async () => {
    const made = { what: 'newsapi-headlines', synthetic: true, body: newsapi('Made up') };
    await bring({ ...made, source: 'made-up' });
    const { body } = await exported('what=facts&kind=headline&source=made-up');
    expect(String(body)).toContain('It may be passed on');
    await bring({ ...made, source: 'fmp' });
    expect(await exported('what=facts&kind=headline&source=fmp')).toMatchObject({
      ...{ status: 403, body: { blocked: [{ source: 'fmp' }] } },
    });
  });

  it('goes on for as many pages as there are', async () => {
    const rows = Array.from({ length: 1_500 }, (_, i) => `Headline ${i},2017-06-29 07:47:00-04:00,MSFT`);
    await bring({ what: 'headlines', source: 'user-file', body: `title,date,stock\n${rows.join('\n')}\n` });
    const { body } = await exported('what=facts&kind=headline&symbols=MSFT&format=json');
    const { items } = body as { items: { natural_key: string }[] };
    expect(new Set(items.map(({ natural_key }) => natural_key)).size).toBe(1_500);
  });
});

describe('rights', () => {
  it('are listed, with the own contracts of the operator in their place', async () => {
    const { items } = (await bench.get('/api/v1/feeds/rights')).body as { items: { source: string }[] };
    const named = (source: string) => items.find((each) => each.source === source);
    expect(named('newsapi')).toMatchObject({ export: false, own: false });
    expect(named('polygon')).toMatchObject({ redistribute: true, own: true, basis: 'Contract 7', retentionDays: 365 });
  });

  it('of the operator are written down at each start', async () => {
    await bench.service.app.get(RightsStarter).start();
    expect(await audits('rights.loaded')).toMatchObject([{ detail: { sources: ['polygon'] } }]);
  });

  it('of a file that is wrong keep feeds from starting', async () => {
    const path = join(folder, 'wrong.json');
    for (const text of ['{', '{"sources":[{"source":"fmp","export":true}]}']) {
      await writeFile(path, text);
      await expect(benchOf(feeds, { env: { FEEDS_RIGHTS_FILE: path } })).rejects.toMatchObject({
        code: 'RIGHTS_FILE_INVALID',
      });
    }
  });

  it('are told beside the prices that are shown', async () => {
    const attributions = [{ source: 'user-file', text: 'From a file of the operator' }];
    await importBars('own-prices');
    expect((await bench.get('/api/v1/feeds/bars?date=2017-06-30')).body).toMatchObject({ attributions });
    const cycleId = uuid5('exported');
    await bench.hear(CycleOpened, {
      ...{ cycleId, portfolioId: 'main', trigger: 'operator', asOf: '2017-06-30', mode: 'paper', seed: 1 },
      ...{ patternId: 'daily-rebalance', strategies: ['momentum'], configHash: 'a'.repeat(64) },
      universe: { universeId: 'all' },
      tradeSession: { date: '2017-07-03', open: '2017-07-03T13:30:00.000Z', close: '2017-07-03T17:00:00.000Z' },
      deadlines: { decideBy: '2017-07-03T14:00:00.000Z', completeBy: '2017-07-03T20:00:00.000Z' },
      openedAt: '2017-06-30T21:00:00.000Z',
    });
    expect((await bench.get(`/api/v1/feeds/snapshots/${cycleId}`)).body).toMatchObject({ attributions });
    const [sealed] = await bench.said(SnapshotSealed);
    expect((await bench.get(`/api/v1/packs/${sealed!.packId}`)).body).toMatchObject({ attributions });
  });
});
