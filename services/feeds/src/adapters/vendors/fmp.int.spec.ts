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
const earnings = (from: string, to: string) => allOf(fmp().earningsDates({ from, to }, NEVER));

describe('the earnings calendar of FMP', () => {
  it('is read day by day, with what is not known left open', async () => {
    const stable = { epsActual: null, epsEstimated: 2.35, revenueActual: null, revenueEstimated: 1.24e11 };
    rows = [
      { symbol: 'AAPL', date: '2026-10-29', ...stable, lastUpdated: '2026-10-01' },
      { symbol: 'LOSS', date: '2026-10-29', epsActual: -0.4, epsEstimated: -0.0, revenueActual: 0 },
      { symbol: 'MSFT', date: '2026-10-31', time: 'amc', eps: 1.5, epsEstimated: null, updatedFromDate: '2026-10-02' },
      { symbol: 'XOM', date: '2026-10-31', time: 'bmo' },
      { symbol: 'LATE', date: '2026-11-01', time: 'amc' },
    ];
    const nothing = {
      epsEstimate: undefined,
      epsActual: undefined,
      revenueEstimate: undefined,
      revenueActual: undefined,
      updatedOn: undefined,
    };
    expect(await earnings('2026-10-29', '2026-10-31')).toEqual([
      [
        {
          ...nothing,
          symbol: 'AAPL',
          date: '2026-10-29',
          session: 'unknown',
          epsEstimate: '2.35',
          revenueEstimate: '124000000000',
          updatedOn: '2026-10-01',
        },
        {
          ...nothing,
          symbol: 'LOSS',
          date: '2026-10-29',
          session: 'unknown',
          epsEstimate: '0',
          epsActual: '-0.4',
          revenueActual: '0',
        },
      ],
      [
        {
          ...nothing,
          symbol: 'MSFT',
          date: '2026-10-31',
          session: 'after_close',
          epsActual: '1.5',
          updatedOn: '2026-10-02',
        },
        { ...nothing, symbol: 'XOM', date: '2026-10-31', session: 'before_open' },
      ],
    ]);
    expect(stub.asked.map(({ query }) => query)).toEqual([
      { from: '2026-10-29', to: '2026-10-29' },
      { from: '2026-10-30', to: '2026-10-30' },
      { from: '2026-10-31', to: '2026-10-31' },
    ]);
  });

  it('is empty where nobody reports', async () => {
    expect(await earnings('2026-12-25', '2026-12-26')).toEqual([]);
  });

  it.each([
    ['a day that may be cut off', Array<object>(4_000).fill({ symbol: 'A', date: '2026-10-29' }), 'may be cut off'],
    ['another day', [{ symbol: 'A', date: '2026-10-30' }], 'is about 2026-10-30'],
    ['a report of nobody', [{ date: '2026-10-29' }], '[0].symbol: '],
    ['an estimate in words', [{ symbol: 'A', date: '2026-10-29', epsEstimated: 'high' }], '[0].epsEstimated: a number'],
    ['an error in the place of an answer', { 'Error Message': 'Limit Reach.' }, 'the whole: '],
  ])('refuses %s', async (_, body, words) => {
    stub.mishaps({ body });
    await expect(earnings('2026-10-29', '2026-10-29')).rejects.toMatchObject({
      code: 'VENDOR_SPEAKS_OTHERWISE',
      message: expect.stringContaining(words),
    });
  });

  it('says which setting to look at where the key is missing, wrong or of too small a plan', async () => {
    const day = { from: '2026-10-29', to: '2026-10-29' };
    await expect(allOf(fmp('').earningsDates(day, NEVER))).rejects.toMatchObject({
      code: 'VENDOR_KEY_MISSING',
      nextStep: expect.stringContaining('FEEDS_FMP_KEY'),
    });
    await expect(allOf(fmp('wrong').earningsDates(day, NEVER))).rejects.toMatchObject({
      code: 'VENDOR_REFUSED',
      message: expect.stringContaining('Invalid API KEY.'),
    });
    stub.mishaps({ status: 402, body: 'Premium Query Parameter' });
    await expect(earnings(day.from, day.to)).rejects.toMatchObject({
      code: 'VENDOR_REFUSED',
      message: expect.stringContaining('Premium Query Parameter'),
    });
    for (const { query } of stub.asked) expect(Object.keys(query)).toEqual(['from', 'to']);
  });
});

describe('the profile of FMP', () => {
  it('tells the sector, or that it is not known, or that the symbol is not', async () => {
    rows = [
      { symbol: 'AAPL', sector: 'Technology', industry: 'Consumer Electronics', price: 232.8 },
      { symbol: 'SPAC', sector: '', industry: null },
    ];
    expect(await fmp().profile('AAPL', NEVER)).toEqual({
      symbol: 'AAPL',
      sector: 'Technology',
      industry: 'Consumer Electronics',
    });
    expect(await fmp().profile('SPAC', NEVER)).toEqual({ symbol: 'SPAC', sector: undefined, industry: undefined });
    expect(await fmp().profile('NEVER', NEVER)).toBeNull();
  });

  it('refuses the profile of somebody else', async () => {
    stub.mishaps({ body: [{ symbol: 'META' }] });
    await expect(fmp().profile('AAPL', NEVER)).rejects.toMatchObject({ code: 'VENDOR_SPEAKS_OTHERWISE' });
  });
});
