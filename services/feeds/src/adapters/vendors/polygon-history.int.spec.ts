import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@ballast/platform';
import { PolygonHistory } from './polygon-history.js';
import { POLYGON_KEY, startPolygon, type PolygonWorld } from './polygon-stub.fixture.js';
import { VendorHttp } from './vendor-http.js';
import { allOf, logOf, VendorStub } from './vendor-stub.fixture.js';

const NEVER = new AbortController().signal;
const YEAR = { from: '2024-01-01', to: '2024-12-31' };
const EMPTY: PolygonWorld = {
  bars: {},
  splits: [],
  dividends: [],
  pageMax: 50_000,
  nextHost: 'https://api.polygon.io',
};

const world: PolygonWorld = { ...EMPTY };
let stub: VendorStub;
const lines: string[] = [];
beforeAll(async () => {
  stub = await startPolygon(world);
});
beforeEach(() => {
  stub.clear();
  lines.length = 0;
  Object.assign(world, EMPTY);
});
afterAll(() => stub.close());

const polygon = (key = POLYGON_KEY) =>
  new PolygonHistory(
    new VendorHttp({
      vendor: 'polygon',
      url: stub.url,
      urlVariable: 'FEEDS_POLYGON_URL',
      keys: [
        { variable: 'FEEDS_POLYGON_KEY', value: new Secret(key), place: { header: 'Authorization', scheme: 'Bearer' } },
      ],
      requestsPerMinute: 10_000,
      log: logOf(lines),
      patience: { firstWaitMs: 1 },
    }),
  );
const barsOf = (symbols: readonly string[]) => allOf(polygon().dailyBars({ symbols, ...YEAR }, NEVER));
const actionsOf = async (symbols: readonly string[]) =>
  (await allOf(polygon().corporateActions({ symbols, ...YEAR }, NEVER))).flat();

const at = (stamp: string, close = '3.5', more = '"v":10,"vw":3.2,"n":2') =>
  `{"t":${Date.parse(stamp)},"o":3.10,"h":4,"l":3,"c":${close},${more}}`;

describe('daily bars from Polygon', () => {
  it('are asked for unadjusted with the key in a header, and read as they were written', async () => {
    world.bars = { 'BRK.B': [at('2024-01-02T05:00:00Z', '3.50', '"v":1.029145e+06')] };
    expect(await barsOf(['BRK.B'])).toEqual([
      [
        {
          date: '2024-01-02',
          symbol: 'BRK.B',
          open: '3.10',
          high: '4',
          low: '3',
          close: '3.50',
          volume: '1.029145e+06',
        },
      ],
    ]);
    expect(stub.asked).toMatchObject([
      {
        path: '/v2/aggs/ticker/BRK.B/range/1/day/2024-01-01/2024-12-31',
        query: { adjusted: 'false', sort: 'asc', limit: '50000' },
        headers: { authorization: `Bearer ${POLYGON_KEY}` },
      },
    ]);
    expect(JSON.stringify(stub.asked.map(({ path, query }) => ({ path, query })))).not.toContain(POLYGON_KEY);
  });

  it('come symbol after symbol and page after page in order, none twice, also where tries fail', async () => {
    const day = (n: number) => at(`2024-01-0${n}T05:00:00Z`, String(n));
    world.bars = { A: [day(2), day(3), day(4), day(5), day(8)], B: [day(2)] };
    world.pageMax = 2;
    stub.mishaps('cut', { status: 429, headers: { 'retry-after': '0' } });
    const pages = await barsOf(['B', 'A', 'B']);
    expect(pages.map((page) => page.map(({ symbol, close }) => `${symbol}${close}`))).toEqual([
      ['B2'],
      ['A2', 'A3'],
      ['A4', 'A5'],
      ['A8'],
    ]);
    expect(stub.asked).toHaveLength(6);
  });

  it('ask the configured address for the next page, wherever the answer says it is', async () => {
    const elsewhere = await VendorStub.start(() => ({ body: {} }));
    world.nextHost = elsewhere.url;
    world.bars = { A: [at('2024-01-02T05:00:00Z'), at('2024-01-03T05:00:00Z')] };
    world.pageMax = 1;
    expect((await barsOf(['A'])).flat()).toHaveLength(2);
    expect(elsewhere.asked).toEqual([]);
    expect(stub.asked).toHaveLength(2);
    await elsewhere.close();
  });

  it('have the date of their session on both sides of a change of clocks', async () => {
    const stamps = ['2024-03-08T05:00:00Z', '2024-03-11T04:00:00Z', '2024-11-01T04:00:00Z', '2024-11-04T05:00:00Z'];
    world.bars = { SPY: stamps.map((stamp) => at(stamp)) };
    expect((await barsOf(['SPY'])).flat().map(({ date }) => date)).toEqual([
      '2024-03-08',
      '2024-03-11',
      '2024-11-01',
      '2024-11-04',
    ]);
  });

  it('are none where Polygon has none', async () => {
    expect(await barsOf(['NEVER'])).toEqual([]);
    expect(await barsOf([])).toEqual([]);
    expect(stub.asked).toHaveLength(1);
  });

  it('pass on a field that is missing as missing, never as zero', async () => {
    world.bars = { A: [`{"t":${Date.parse('2024-01-02T05:00:00Z')},"c":0}`] };
    const [bar] = (await barsOf(['A'])).flat();
    expect(bar).toMatchObject({ date: '2024-01-02', close: '0', open: undefined, volume: undefined });
  });

  it.each([
    ['adjusted prices', { adjusted: true }, 'adjusted: '],
    ['another ticker', { ticker: 'META' }, 'is about META'],
    ['fewer bars than it says', { resultsCount: 3 }, 'resultsCount: the number of results'],
    ['an error in the place of an answer', { status: 'ERROR' }, 'status: '],
    ['a stamp of another hour', { results: [{ t: Date.parse('2024-01-02T14:30:00Z') }] }, 'results[0].t: midnight'],
    ['a stamp that is none', { results: [{ t: '2024-01-02' }] }, 'results[0].t: milliseconds since 1970'],
    ['a next page that is no address', { next_url: 'page two' }, 'next_url: '],
  ])('refuse %s', async (_, fault, words) => {
    const results = [{ t: Date.parse('2024-01-02T05:00:00Z'), c: 1 }];
    const body = { ticker: 'A', adjusted: false, status: 'OK', resultsCount: 1, results, ...fault };
    stub.mishaps({ body });
    await expect(barsOf(['A'])).rejects.toMatchObject({
      code: 'VENDOR_SPEAKS_OTHERWISE',
      message: expect.stringContaining(words),
    });
  });

  it.each([
    [401, 'Unknown API Key'],
    [403, "Your plan doesn't include this data timeframe."],
  ])('say what Polygon said and which setting to look at after HTTP %d', async (status, words) => {
    stub.mishaps({ status, body: { status: 'NOT_AUTHORIZED', message: words } });
    await expect(barsOf(['A'])).rejects.toMatchObject({
      code: 'VENDOR_REFUSED',
      message: expect.stringContaining(words),
      nextStep: 'Check FEEDS_POLYGON_KEY, and that the plan of that key covers what was asked.',
    });
  });

  it('say which setting to look at where the key is wrong', async () => {
    await expect(allOf(polygon('wrong').dailyBars({ symbols: ['A'], ...YEAR }, NEVER))).rejects.toMatchObject({
      code: 'VENDOR_REFUSED',
      message: expect.stringContaining('Unknown API Key'),
    });
  });
});

describe('corporate actions from Polygon', () => {
  it('are the splits and dividends of each symbol whose ex-date lies in the request', async () => {
    world.splits = [
      { ticker: 'NVDA', execution_date: '2024-06-10', split_from: 1, split_to: 10 },
      { ticker: 'NVDA', execution_date: '2021-07-20', split_from: 1, split_to: 4 },
      { ticker: 'GE', execution_date: '2024-08-02', split_from: 8, split_to: 1 },
    ];
    world.dividends = [
      { ticker: 'NVDA', ex_dividend_date: '2024-06-11', cash_amount: 0.01, currency: 'USD', dividend_type: 'CD' },
      { ticker: 'NVDA', ex_dividend_date: '2024-09-12', cash_amount: 1e-2, dividend_type: 'CD' },
      { ticker: 'NVDA', ex_dividend_date: '2024-12-05', cash_amount: 0.5, currency: 'CAD', dividend_type: 'CD' },
    ];
    world.pageMax = 2;
    expect(await actionsOf(['NVDA', 'GE', 'NONE'])).toEqual([
      { symbol: 'NVDA', date: '2024-06-10', type: 'split', ratio: '10' },
      { symbol: 'NVDA', date: '2024-06-11', type: 'cash_dividend', amount: '0.01' },
      { symbol: 'NVDA', date: '2024-09-12', type: 'cash_dividend', amount: '0.01' },
      { symbol: 'NVDA', date: '2024-12-05', type: 'cash_dividend' },
      { symbol: 'GE', date: '2024-08-02', type: 'split', ratio: '0.125' },
    ]);
    expect(stub.asked).toHaveLength(7);
  });

  it.each([
    ['a split from nothing', { ticker: 'A', execution_date: '2024-06-10', split_from: 0, split_to: 2 }, 'split_from: '],
    ['a split without a date', { ticker: 'A', split_from: 1, split_to: 2 }, 'execution_date: '],
    ['another ticker', { ticker: 'B', execution_date: '2024-06-10', split_from: 1, split_to: 2 }, 'actions of B'],
  ])('refuse %s', async (_, split, words) => {
    stub.mishaps({ body: { status: 'OK', results: [split] } });
    await expect(actionsOf(['A'])).rejects.toMatchObject({
      code: 'VENDOR_SPEAKS_OTHERWISE',
      message: expect.stringContaining(words),
    });
  });

  it('refuse an answer without a list instead of taking it for an empty one', async () => {
    stub.mishaps({ body: { status: 'OK' } });
    await expect(actionsOf(['A'])).rejects.toMatchObject({ code: 'VENDOR_SPEAKS_OTHERWISE' });
  });
});
