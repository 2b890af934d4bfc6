// Goal: what vendors with keys tell is taken in like everything else, under their name, and nobody is asked without a key.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HeadlinePublished, MacroReleased } from '@ballast/contracts';
import { Metrics } from '@ballast/platform';
import { benchOf, type Bench } from '@ballast/testing';
import { VendorStub, type Answer, type Asked } from '../adapters/vendors/vendor-stub.fixture.js';
import { feeds } from '../module.js';

const NEWSAPI_KEY = 'newsapi-key-0123456789';
const FRED_KEY = 'abcdef0123456789abcdef0123456789';
const article = (n: number, publishedAt = '2026-11-19T14:30:00Z') => ({
  ...{ source: { name: 'The Paper' }, title: `Headline ${n}`, url: `https://paper.test/${n}`, publishedAt },
});

const world = {
  articles: [] as object[],
  counted: 0,
  observations: [] as { date: string; value: string; realtime_start: string; realtime_end: string }[],
};
/** Plays NewsAPI and FRED at one address. */
function answer({ path, query, headers }: Asked): Answer {
  if (path === '/v2/everything') {
    if (headers['x-api-key'] !== NEWSAPI_KEY) return { status: 401, body: { message: 'Your API key is invalid.' } };
    return { body: { status: 'ok', totalResults: world.counted || world.articles.length, articles: world.articles } };
  }
  if (query['api_key'] !== FRED_KEY) return { status: 400, body: { error_message: 'not registered' } };
  const { observations } = world;
  return { body: { count: observations.length, offset: 0, limit: 100_000, observations } };
}

let stub: VendorStub;
let bench: Bench;
beforeAll(async () => {
  stub = await VendorStub.start(answer);
  bench = await benchOf(feeds, {
    now: '2026-11-20T22:00:00.000Z',
    env: {
      ...{ FEEDS_NEWSAPI_KEY: NEWSAPI_KEY, FEEDS_NEWSAPI_URL: stub.url },
      ...{ FEEDS_FRED_KEY: FRED_KEY, FEEDS_FRED_URL: stub.url },
    },
  });
});
beforeEach(() => {
  stub.clear();
  Object.assign(world, { articles: [], counted: 0, observations: [] });
});
afterAll(async () => {
  await bench.close();
  await stub.close();
});

let requests = 0;
async function collect(body: object, of = bench): Promise<Record<string, unknown>> {
  const ordered = await of.post('/api/v1/feeds/collections', body, `request-${++requests}`);
  expect(ordered).toMatchObject({ status: 202 });
  await of.work();
  const { collectionId } = ordered.body as { collectionId: string };
  return (await of.get(`/api/v1/feeds/collections/${collectionId}`)).body as Record<string, unknown>;
}
const facts = async (query: string) =>
  ((await bench.get(`/api/v1/feeds/facts?${query}`)).body as { items: Record<string, unknown>[] }).items;

describe('headlines of NewsAPI', () => {
  it('of a symbol are its own, of the last week, under the name of NewsAPI', async () => {
    world.articles = [article(1), article(2)];
    expect(await collect({ what: 'newsapi-headlines', subject: 'AAPL' })).toMatchObject({
      ...{ status: 'collected', source: 'newsapi' },
      report: { rows: 2, added: 2, note: null },
    });
    expect(stub.asked[0]!.query).toMatchObject({
      ...{ q: '"AAPL"', from: '2026-11-14T00:00:00', to: '2026-11-21T23:59:59' },
    });
    expect(await bench.said(HeadlinePublished)).toMatchObject([
      {
        ...{ source: 'newsapi', date: '2026-11-19' },
        facts: [{ symbols: ['AAPL'], title: 'Headline 1', publisher: 'The Paper' }, { title: 'Headline 2' }],
      },
    ]);
    expect(await collect({ what: 'newsapi-headlines', subject: 'AAPL' })).toMatchObject({ report: { unchanged: 2 } });
    expect(await facts('kind=headline&symbol=AAPL&source=newsapi')).toHaveLength(2);
  });

  it('of a search may be those of one day, and it is told where the plan does not show them all', async () => {
    Object.assign(world, { articles: Array.from({ length: 100 }, (_, n) => article(n + 100)), counted: 340 });
    const asked = { what: 'newsapi-headlines', subject: '"Apple Inc" OR AAPL', date: '2026-11-19' };
    expect(await collect(asked)).toMatchObject({
      report: { added: 100, note: 'NewsAPI counts 340 articles and shows 100 of them' },
    });
    expect(stub.asked[0]!.query).toMatchObject({
      ...{ q: '"Apple Inc" OR AAPL', from: '2026-11-19T00:00:00', to: '2026-11-19T23:59:59' },
    });
  });

  it('may be none', async () => {
    expect(await collect({ what: 'newsapi-headlines', subject: 'MSFT' })).toMatchObject({
      ...{ status: 'collected', report: { rows: 0, added: 0 } },
    });
  });

  it('keep their name however they come', async () => {
    const brought = { what: 'newsapi-headlines', body: JSON.stringify({ articles: [article(9)] }) };
    const bring = (more: object) => bench.post('/api/v1/feeds/facts', { ...brought, ...more }, `request-${++requests}`);
    expect(await bring({ source: 'user-file' })).toMatchObject({ status: 422, body: { code: 'SOURCE_IS_LICENSED' } });
    expect(await bring({ source: 'newsapi-archive' })).toMatchObject({ status: 201 });
    expect(await bring({ source: 'made-up', synthetic: true })).toMatchObject({ status: 201 });
  });
});

describe('series of FRED', () => {
  const row = (date: string, value: string, realtime_start: string, realtime_end = '9999-12-31') => ({
    ...{ date, value, realtime_start, realtime_end },
  });

  it('come with every vintage, and a revision is a fact of its own that ends the one before', async () => {
    world.observations = [row('2026-09-01', '324.8', '2026-10-15'), row('2026-10-01', '.', '2026-11-13')];
    const asked = { what: 'fred-series', subject: 'CPIAUCSL', date: '2026-09-01' };
    expect(await collect(asked)).toMatchObject({ status: 'collected', source: 'fred', report: { added: 2 } });
    expect(stub.asked[0]!.query).toMatchObject({
      ...{ series_id: 'CPIAUCSL', observation_start: '2026-09-01' },
      ...{ realtime_start: '2026-08-31', realtime_end: '9999-12-31' },
    });
    world.observations = [
      row('2026-09-01', '324.8', '2026-10-15', '2026-11-12'),
      row('2026-09-01', '324.9', '2026-11-13'),
      row('2026-10-01', '.', '2026-11-13'),
    ];
    expect(await collect(asked)).toMatchObject({ report: { added: 1, revised: 1, unchanged: 1 } });
    const [, second] = await bench.said(MacroReleased);
    expect(second).toMatchObject({
      ...{ source: 'fred', series: 'CPIAUCSL' },
      facts: [
        { naturalKey: 'CPIAUCSL/2026-09-01/2026-10-15', revision: 2, changed: ['vintageTo'], vintageTo: '2026-11-12' },
        { naturalKey: 'CPIAUCSL/2026-09-01/2026-11-13', value: '324.9', vintageFrom: '2026-11-13', vintageTo: null },
      ],
    });
  });

  it('are refused where nobody tells since when a value was known', async () => {
    world.observations = [row('2026-12-31', '2.1', '2026-08-31')];
    expect(await collect({ what: 'fred-series', subject: 'FEDTARMD', date: '2026-09-01' })).toMatchObject({
      ...{ status: 'refused', code: 'VINTAGE_CUT_OFF', nextStep: expect.stringContaining('earlier day') },
    });
  });

  it('go back a year where no day is asked for', async () => {
    world.observations = [row('2026-11-18', '4.1', '2026-11-19')];
    await collect({ what: 'fred-series', subject: 'DGS10' });
    expect(stub.asked[0]!.query).toMatchObject({ observation_start: '2025-11-21', realtime_start: '2025-11-20' });
  });
});

describe('a vendor', () => {
  it('without a key refuses the collection and names the setting', async () => {
    const alone = await benchOf(feeds, { now: '2026-11-20T22:00:00.000Z' });
    for (const [what, variable] of [
      ['newsapi-headlines', 'FEEDS_NEWSAPI_KEY'],
      ['fred-series', 'FEEDS_FRED_KEY'],
    ]) {
      expect(await collect({ what, subject: 'AAPL' }, alone)).toMatchObject({
        ...{ status: 'refused', code: 'VENDOR_KEY_MISSING', nextStep: expect.stringContaining(variable!) },
      });
    }
    await alone.close();
  });

  it('is asked only for what it can be asked', async () => {
    const order = (body: object) => bench.post('/api/v1/feeds/collections', body, `request-${++requests}`);
    const search = { what: 'newsapi-headlines', subject: ' AAPL' };
    expect(await order(search)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect(await order({ what: 'fred-series', subject: 'what is it' })).toMatchObject({ status: 400 });
    expect(await order({ what: 'fred-series' })).toMatchObject({
      ...{ status: 422, body: { code: 'SUBJECT_REQUIRED', nextStep: expect.stringContaining('DGS10') } },
    });
    expect(stub.asked).toEqual([]);
  });

  it('shows its circuit, and its key to nobody', async () => {
    const metrics = await bench.service.app.get(Metrics).text();
    for (const vendor of ['newsapi', 'fred', 'alpaca', 'polygon', 'nse']) {
      expect(metrics).toMatch(new RegExp(`ballast_feeds_vendor_circuit_open\\{vendor="${vendor}".*\\} 0`));
    }
    const rows = await bench.service.dataSource.query<{ text: string }[]>(
      `select body::text as text from inbox union all select body from outbox union all select body::text from task`,
    );
    const keys = (text: string) => text.includes(NEWSAPI_KEY) || text.includes(FRED_KEY);
    expect(rows.filter(({ text }) => keys(text))).toEqual([]);
  });
});
