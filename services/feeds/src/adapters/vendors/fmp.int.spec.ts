import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@ballast/platform';
import { Fmp } from './fmp.js';
import { allOf, logOf, VendorStub, type Asked } from './vendor-stub.fixture.js';

const KEY = 'fmp-key-0123456789';
const NEVER = new AbortController().signal;

/** A stub of Financial Modeling Prep: the key in its header, rows of the days that are asked for. */
let rows: Readonly<Record<string, unknown>>[] = [];
const answer = ({ path, query, headers }: Asked) => {
  if (headers['apikey'] !== KEY) return { status: 401, body: { 'Error Message': 'Invalid API KEY.' } };
  if (path === '/stable/earnings-calendar') {
    return { body: rows.filter(({ date }) => String(date) >= query['from']! && String(date) <= query['to']!) };
  }
  if (path === '/stable/profile') return { body: rows.filter(({ symbol }) => symbol === query['symbol']) };
  return { status: 404, body: [] };
};
let stub: VendorStub;
beforeAll(async () => {
  stub = await VendorStub.start(answer);
});
beforeEach(() => {
  stub.clear();
  rows = [];
});
afterAll(() => stub.close());

const fmp = (key: string | undefined = KEY) =>
  new Fmp({
    key: key === '' ? undefined : new Secret(key),
    log: logOf([]),
    url: stub.url,
    requestsPerMinute: 10_000,
    patience: { firstWaitMs: 1 },
  });
const reports = (from: string, to: string) => allOf(fmp().reports({ from, to }, NEVER));

describe('the earnings calendar of FMP', () => {
  it('is read day by day, as tickers are spelled here, without what is listed elsewhere', async () => {
    rows = [
      { symbol: 'AAPL', date: '2026-10-29', epsActual: null, epsEstimated: 2.35, lastUpdated: '2026-10-01' },
      { symbol: 'BRK-B', date: '2026-10-29' },
      { symbol: 'TCS.NS', date: '2026-10-29' },
      { symbol: 'VOD.L', date: '2026-10-30' },
      { symbol: 'MSFT', date: '2026-10-31', time: 'amc' },
      { symbol: 'XOM', date: '2026-10-31', time: 'bmo' },
      { symbol: 'LATE', date: '2026-11-01', time: 'amc' },
    ];
    expect(await reports('2026-10-29', '2026-10-31')).toEqual([
      [
        { symbol: 'AAPL', date: '2026-10-29', time: 'unknown' },
        { symbol: 'BRK.B', date: '2026-10-29', time: 'unknown' },
      ],
      [
        { symbol: 'MSFT', date: '2026-10-31', time: 'after_close' },
        { symbol: 'XOM', date: '2026-10-31', time: 'before_open' },
      ],
    ]);
    expect(stub.asked.map(({ query }) => query)).toEqual([
      { from: '2026-10-29', to: '2026-10-29' },
      { from: '2026-10-30', to: '2026-10-30' },
      { from: '2026-10-31', to: '2026-10-31' },
    ]);
  });

  it('is empty where nobody reports', async () => {
    expect(await reports('2026-12-25', '2026-12-26')).toEqual([]);
  });

  it.each([
    ['a day that may be cut off', Array<object>(4_000).fill({ symbol: 'A', date: '2026-10-29' }), 'may be cut off'],
    ['another day', [{ symbol: 'A', date: '2026-10-30' }], 'is about 2026-10-30'],
    ['a report of nobody', [{ date: '2026-10-29' }], '[0].symbol: '],
    ['a day that is none', [{ symbol: 'A', date: '2026-10-32' }], '[0].date: '],
    ['an error in the place of an answer', { 'Error Message': 'Limit Reach.' }, 'the whole: '],
  ])('refuses %s', async (_, body, words) => {
    stub.mishaps({ body });
    await expect(reports('2026-10-29', '2026-10-29')).rejects.toMatchObject({
      code: 'VENDOR_SPEAKS_OTHERWISE',
      message: expect.stringContaining(words),
    });
  });

  it('says which setting to look at where the key is missing, wrong or of too small a plan', async () => {
    const day = { from: '2026-10-29', to: '2026-10-29' };
    await expect(allOf(fmp('').reports(day, NEVER))).rejects.toMatchObject({
      code: 'VENDOR_KEY_MISSING',
      nextStep: expect.stringContaining('FEEDS_FMP_KEY'),
    });
    await expect(allOf(fmp('wrong').reports(day, NEVER))).rejects.toMatchObject({
      code: 'VENDOR_REFUSED',
      message: expect.stringContaining('Invalid API KEY.'),
    });
    stub.mishaps({ status: 402, body: 'Premium Query Parameter' });
    await expect(reports(day.from, day.to)).rejects.toMatchObject({
      code: 'VENDOR_REFUSED',
      message: expect.stringContaining('Premium Query Parameter'),
    });
    for (const { query } of stub.asked) expect(Object.keys(query)).toEqual(['from', 'to']);
  });
});

describe('the profile of FMP', () => {
  it('tells the sector where the vendor knows one', async () => {
    rows = [
      { symbol: 'AAPL', sector: 'Technology', industry: 'Consumer Electronics', price: 232.8 },
      { symbol: 'BRK-B', sector: 'Financial Services', industry: '' },
      { symbol: 'SPAC', sector: '', industry: null },
    ];
    const told = await Promise.all(['AAPL', 'BRK.B', 'SPAC', 'NEVER'].map((symbol) => fmp().sector(symbol, NEVER)));
    expect(told).toEqual([
      { symbol: 'AAPL', sector: 'Technology', industry: 'Consumer Electronics' },
      { symbol: 'BRK.B', sector: 'Financial Services', industry: null },
      null,
      null,
    ]);
  });

  it('refuses the profile of somebody else', async () => {
    stub.mishaps({ body: [{ symbol: 'META' }] });
    await expect(fmp().sector('AAPL', NEVER)).rejects.toMatchObject({ code: 'VENDOR_SPEAKS_OTHERWISE' });
  });
});
