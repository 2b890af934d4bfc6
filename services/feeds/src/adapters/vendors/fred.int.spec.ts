import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@ballast/platform';
import { Fred } from './fred.js';
import { allOf, logOf, VendorStub, type Answer, type Asked } from './vendor-stub.fixture.js';

const KEY = 'abcdef0123456789abcdef0123456789';
const NEVER = new AbortController().signal;
const REQUEST = {
  series: 'CPIAUCSL',
  from: '2024-01-01',
  to: '2024-03-01',
  knownFrom: '2024-01-01',
  knownTo: '9999-12-31',
};

interface Row {
  readonly date: string;
  readonly value: string;
  readonly realtime_start: string;
  readonly realtime_end: string;
}

let rows: Row[] = [];
let pageMax = 100_000;
/** A stub of FRED: the key in the query, pages by offset. */
const answer = ({ path, query }: Asked): Answer => {
  if (query['api_key'] !== KEY) {
    const error_message = `Bad Request. The value for variable api_key is not registered: ${query['api_key']}`;
    return { status: 400, body: { error_code: 400, error_message } };
  }
  if (path !== '/fred/series/observations' || query['file_type'] !== 'json') return { status: 404, body: '<error/>' };
  const offset = Number(query['offset'] ?? '0');
  const observations = rows.slice(offset, offset + Math.min(pageMax, Number(query['limit'])));
  return { body: { count: rows.length, offset, limit: pageMax, observations } };
};
let stub: VendorStub;
const lines: string[] = [];
beforeAll(async () => {
  stub = await VendorStub.start(answer);
});
beforeEach(() => {
  stub.clear();
  rows = [];
  pageMax = 100_000;
});
afterAll(() => stub.close());

const fred = (key = KEY) =>
  new Fred({
    key: new Secret(key),
    log: logOf(lines),
    url: stub.url,
    requestsPerMinute: 10_000,
    patience: { firstWaitMs: 1, tries: 2 },
  });
const observations = () => allOf(fred().observations(REQUEST, NEVER));

const row = (date: string, value: string, realtime_start = '2024-02-13', realtime_end = '9999-12-31'): Row => ({
  date,
  value,
  realtime_start,
  realtime_end,
});

describe('observations of FRED', () => {
  it('come with the time in which each was the value known, and "." is none', async () => {
    rows = [
      row('2024-01-01', '309.685', '2024-02-13', '2025-02-11'),
      row('2024-01-01', '309.794', '2025-02-12'),
      row('2024-02-01', '.'),
      row('2024-03-01', '-0.50'),
    ];
    const series = 'CPIAUCSL';
    expect(await observations()).toEqual([
      [
        { series, date: '2024-01-01', value: '309.685', realtimeStart: '2024-02-13', realtimeEnd: '2025-02-11' },
        { series, date: '2024-01-01', value: '309.794', realtimeStart: '2025-02-12', realtimeEnd: '9999-12-31' },
        { series, date: '2024-02-01', value: null, realtimeStart: '2024-02-13', realtimeEnd: '9999-12-31' },
        { series, date: '2024-03-01', value: '-0.50', realtimeStart: '2024-02-13', realtimeEnd: '9999-12-31' },
      ],
    ]);
    expect(stub.asked[0]!.query).toMatchObject({
      series_id: 'CPIAUCSL',
      observation_start: '2024-01-01',
      observation_end: '2024-03-01',
      realtime_start: '2024-01-01',
      realtime_end: '9999-12-31',
    });
  });

  it('come page after page in order, none twice', async () => {
    rows = ['1', '2', '3', '4', '5'].map((value, i) => row(`2024-01-0${i + 1}`, value));
    pageMax = 2;
    stub.mishaps('cut');
    expect((await observations()).map((page) => page.map(({ value }) => value))).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5'],
    ]);
    expect(stub.asked.map(({ query }) => query['offset'])).toEqual([undefined, undefined, '2', '4']);
  });

  it('are none where FRED has none', async () => {
    expect(await observations()).toEqual([]);
  });

  it.each([
    ['a value in words', { count: 1, offset: 0, observations: [row('2024-01-01', 'n/a')] }, 'observations[0].value: '],
    ['an empty value', { count: 1, offset: 0, observations: [row('2024-01-01', '')] }, 'observations[0].value: '],
    ['no vintage', { count: 1, offset: 0, observations: [{ date: '2024-01-01', value: '1' }] }, 'realtime_start: '],
    ['fewer than it counts', { count: 9, offset: 0, observations: [] }, 'counts 9 observations and ends at 0'],
    ['more than it counts', { count: 0, offset: 0, observations: [row('2024-01-01', '1')] }, 'counts 0 observations'],
    ['another page', { count: 9, offset: 5, observations: [row('2024-01-01', '1')] }, 'counts 9 observations'],
  ])('refuse %s', async (_, body, words) => {
    stub.mishaps({ body });
    await expect(observations()).rejects.toMatchObject({
      code: 'VENDOR_SPEAKS_OTHERWISE',
      message: expect.stringContaining(words),
    });
  });

  it('never show the key, which FRED takes in the address only', async () => {
    const other = '0123456789abcdef0123456789abcdef';
    const errors: unknown[] = [];
    const keep = (error: unknown) => void errors.push(error);
    const ask = () => allOf(fred(other).observations(REQUEST, NEVER)).catch(keep);
    await ask();
    stub.mishaps({ status: 500, body: other }, { status: 500 });
    await ask();
    stub.mishaps('cut', 'cut');
    await ask();
    stub.mishaps({ body: `<a href="/fred?api_key=${other}">` });
    await ask();
    stub.mishaps({ status: 301, headers: { location: `/fred?api_key=${other}` } });
    await ask();
    expect(errors.map((error) => (error as { code: string }).code)).toEqual([
      'VENDOR_REFUSED',
      'VENDOR_AWAY',
      'VENDOR_AWAY',
      'VENDOR_SPEAKS_OTHERWISE',
      'VENDOR_REFUSED',
    ]);
    expect(stub.asked.every(({ query }) => query['api_key'] === other)).toBe(true);
    const everything = [...errors.map((error) => inspect(error, { depth: 9, showHidden: true })), ...lines].join('\n');
    expect(everything).toContain('is not registered: [secret]');
    expect(everything).not.toContain(other.slice(0, 12));
  });
});
