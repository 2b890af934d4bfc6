// Goal: a vendor's calendar grows ours where it ends, and is never taken in silence where the two differ.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlertRaised } from '@ballast/contracts';
import { addDays, sessionsBetween } from '@ballast/kernel/calendar';
import { Metrics } from '@ballast/platform';
import { benchOf, type Bench } from '@ballast/testing';
import { feeds } from '../module.js';
import { CalendarStarter } from './calendar-starter.js';

/** A list as NSE publishes one of a year; the dates are made up but for the fixed ones. */
const LIST_2027 = [
  ...['26-Jan-2027', '08-Mar-2027', '22-Mar-2027', '26-Mar-2027', '14-Apr-2027', '17-May-2027', '16-Aug-2027'],
  ...['06-Sep-2027', '11-Oct-2027', '29-Oct-2027', '15-Nov-2027', '24-Dec-2027'],
];
const LIST_2026 = [
  ...['15-Jan-2026', '26-Jan-2026', '03-Mar-2026', '26-Mar-2026', '31-Mar-2026', '03-Apr-2026', '14-Apr-2026'],
  ...['01-May-2026', '28-May-2026', '26-Jun-2026', '14-Sep-2026', '02-Oct-2026', '20-Oct-2026', '10-Nov-2026'],
  ...['24-Nov-2026', '25-Dec-2026'],
];

/** Stub of two vendors behind their protocols: Alpaca's calendar, and NSE's list of holidays behind a cookie. */
const vendor = {
  asked: [] as { path: string; key: string | undefined; cookie: string | undefined }[],
  sessions: [] as { date: string; open: string; close: string }[],
  holidays: [...LIST_2026] as string[],
  status: 200,
  body: null as string | null,
};
function answer(request: IncomingMessage): { status: number; body: string; headers: Record<string, string> } {
  const path = request.url!;
  const cookie = request.headers.cookie;
  vendor.asked.push({ path, key: request.headers['apca-api-key-id'] as string | undefined, cookie });
  const headers = { 'content-type': 'application/json' };
  if (path === '/option-chain')
    return { status: 200, body: '<html>', headers: { ...headers, 'set-cookie': 'nsit=abc; Path=/' } };
  if (vendor.status !== 200 || vendor.body !== null)
    return { status: vendor.status, body: vendor.body ?? '{}', headers };
  if (path.startsWith('/v2/calendar')) {
    const { searchParams } = new URL(path, 'http://vendor');
    const [start, end] = [searchParams.get('start')!.slice(0, 10), searchParams.get('end')!.slice(0, 10)];
    const body = vendor.sessions.filter(({ date }) => date >= start && date <= end);
    return { status: 200, body: JSON.stringify(body), headers };
  }
  if (!cookie?.includes('nsit=abc')) return { status: 403, body: 'denied', headers };
  const rows = vendor.holidays.map((tradingDate, i) => ({ tradingDate, weekDay: '', description: '', Sr_no: i + 1 }));
  return { status: 200, body: JSON.stringify({ CM: rows, FO: rows }), headers };
}

const usual = () =>
  sessionsBetween('2026-11-20', '2027-12-31').map(({ date, halfDay }) => ({
    ...{ date, open: '09:30', close: halfDay ? '13:00' : '16:00', session_open: '0400', session_close: '2000' },
  }));

let server: Server;
let bench: Bench;
beforeAll(async () => {
  vendor.sessions = usual();
  server = createServer((request, response) => {
    const { status, body, headers } = answer(request);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {
    ...{ FEEDS_CALENDAR_REFRESH: 'daily', FEEDS_CALENDAR_ALPACA_URL: url, FEEDS_CALENDAR_NSE_URL: url },
    ...{ FEEDS_ALPACA_KEY_ID: 'key-7', FEEDS_ALPACA_SECRET: 'a-secret-of-alpaca' },
  };
  bench = await benchOf(feeds, { now: '2026-11-20T15:00:00.000Z', env });
});
afterAll(async () => {
  await bench.close();
  await new Promise((resolve) => server.close(resolve));
});

const alerts = async () => (await bench.said(AlertRaised.feeds)).slice(seen);
let seen = 0;
const forget = async () => {
  seen = (await bench.said(AlertRaised.feeds)).length;
};
let requests = 0;
const refresh = async (market: string) => {
  expect(await bench.post('/api/v1/feeds/calendar/refresh', { market }, `refresh-${++requests}`)).toMatchObject({
    status: 202,
  });
  await bench.work();
};
const days = async (query: string) =>
  (await bench.get(`/api/v1/feeds/calendar?${query}`)).body as {
    items: { date: string; word: string; source: string | null }[];
    coverage: { days: number; until: string };
    attributions: object[];
  };
const covered = async (market: string) => {
  const line = (await bench.service.app.get(Metrics).text())
    .split('\n')
    .find((each) => each.startsWith('ballast_feeds_calendar_coverage_days{') && each.includes(`"${market}"`));
  return Number(line!.split(' ').at(-1));
};

describe('a calendar', () => {
  it('is looked after each day once feeds has started, and tells that NSE runs out', async () => {
    await bench.service.app.get(CalendarStarter).start();
    await bench.advanceTo('2026-11-20T15:00:01.000Z');
    await bench.work();
    expect(vendor.asked.map(({ path }) => path.replace(/\?.*/, ''))).toEqual(
      expect.arrayContaining(['/v2/calendar', '/option-chain', '/api/holiday-master']),
    );
    expect(vendor.asked.find(({ path }) => path.startsWith('/v2'))!.key).toBe('key-7');
    expect(await alerts()).toMatchObject([
      { code: 'CALENDAR_COVERAGE_SHORT', numbers: { market: 'NSE', coverage_days: '41', known_until: '2026-12-31' } },
    ]);
    expect([await covered('NSE'), await covered('NYSE')]).toEqual([41, 400]);
  });

  it('is told to run out once a week and not once a day', async () => {
    await forget();
    for (let day = '2026-11-21'; day <= '2026-11-28'; day = addDays(day, 1)) {
      await bench.advanceTo(`${day}T15:00:05.000Z`);
      await bench.work();
    }
    expect((await alerts()).map(({ code, at }) => `${code} ${at.slice(0, 10)}`)).toEqual([
      'CALENDAR_COVERAGE_SHORT 2026-11-27',
    ]);
  });

  it('grows by the list of the next year, once it is whole', async () => {
    vendor.holidays = [...LIST_2026, ...LIST_2027.slice(0, 2)];
    await refresh('NSE');
    expect((await days('market=NSE&from=2027-01-04&days=1')).items).toEqual([
      { date: '2027-01-04', word: 'unknown', source: null },
    ]);
    vendor.holidays = [...LIST_2026, ...LIST_2027];
    await refresh('NSE');
    const { items, attributions, coverage } = await days('market=NSE&from=2027-01-25&days=2');
    expect(items).toEqual([
      { date: '2027-01-25', word: 'open', source: 'nse' },
      { date: '2027-01-26', word: 'closed', source: 'nse' },
    ]);
    expect([coverage.until, attributions]).toEqual([
      '2027-12-31',
      [{ source: 'nse', text: 'Source: National Stock Exchange of India' }],
    ]);
    expect(await covered('NSE')).toBe(398);
  });

  it('takes a newer word about a day that only a vendor has told, and says so', async () => {
    await forget();
    vendor.holidays = [...LIST_2026, ...LIST_2027, '19-Feb-2027'];
    await refresh('NSE');
    expect(await alerts()).toMatchObject([
      {
        code: 'CALENDAR_DISAGREES',
        severity: 'warning',
        message: expect.stringContaining('2027-02-19 (known open, told closed)'),
      },
    ]);
    expect((await days('market=NSE&from=2027-02-19&days=1')).items).toMatchObject([{ word: 'closed' }]);
    await forget();
    await refresh('NSE');
    expect(await alerts()).toEqual([]);
  });

  it('of our own stays as it is where a vendor contradicts it, and the days are named', async () => {
    await forget();
    vendor.sessions = usual()
      .filter(({ date }) => date !== '2026-12-07')
      .map((session) => (session.date === '2026-12-24' ? { ...session, close: '16:00' } : session));
    await refresh('NYSE');
    const [alert] = await alerts();
    expect(alert).toMatchObject({ code: 'CALENDAR_DISAGREES', severity: 'critical', numbers: { disagreements: '2' } });
    expect(alert!.message).toContain(
      '2026-12-07 (known 09:30-16:00, told closed), 2026-12-24 (known 09:30-13:00, told 09:30-16:00)',
    );
    expect((await days('from=2026-12-07&days=1')).items).toEqual([
      { date: '2026-12-07', word: '09:30-16:00', source: 'ballast' },
    ]);
    expect(await bench.service.dataSource.query(`select count(*) from calendar_day where market = 'NYSE'`)).toEqual([
      { count: 0 },
    ]);
  });

  it.each([
    ['NYSE', 401, '{}', 'VENDOR_REFUSED'],
    ['NYSE', 200, '[{"date":"2026-11-30","open":"9.30","close":"16:00"}]', 'VENDOR_SPEAKS_OTHERWISE'],
    ['NYSE', 200, '[]', 'VENDOR_SPEAKS_OTHERWISE'],
    ['NSE', 404, 'not here', 'SOURCE_REFUSED'],
    ['NSE', 200, 'no list', 'VENDOR_SPEAKS_OTHERWISE'],
    ['NSE', 200, '{"FO":[]}', 'VENDOR_SPEAKS_OTHERWISE'],
    ['NSE', 200, '{"CM":[{"tradingDate":"soon"}]}', 'VENDOR_SPEAKS_OTHERWISE'],
  ])('of %s answered with %i %s is told as %s, and nothing is taken', async (market, status, body, code) => {
    await forget();
    Object.assign(vendor, { status, body });
    const before = await days('market=NSE&from=2026-11-20&days=400');
    await refresh(market);
    Object.assign(vendor, { status: 200, body: null });
    expect(await alerts()).toMatchObject([{ code: 'CALENDAR_REFRESH_REFUSED', numbers: { market, code } }]);
    expect((await days('market=NSE&from=2026-11-20&days=400')).items).toEqual(before.items);
  });

  it.each([
    ['is away', 503, null],
    ['sends a page in place of data', 200, '<html>'],
  ])('is asked for again where the vendor %s', async (_, status, body) => {
    await forget();
    Object.assign(vendor, { status, body });
    const lists = () => vendor.asked.filter(({ path }) => path.startsWith('/api/holiday-master')).length;
    const before = lists();
    await refresh('NSE');
    expect(lists()).toBeGreaterThan(before);
    Object.assign(vendor, { status: 200, body: null });
    bench.clock.advanceTo(new Date(Date.parse(bench.clock.now()) + 2_000).toISOString());
    expect(await bench.work()).toBe(1);
    expect(await alerts()).toEqual([]);
  });

  it('names no secret anywhere', async () => {
    const rows = await bench.service.dataSource.query<{ text: string }[]>(
      `select body::text as text from inbox union all select body from outbox union all select body::text from task`,
    );
    expect(rows.filter(({ text }) => text.includes('a-secret-of-alpaca'))).toEqual([]);
  });
});

describe('without a vendor', () => {
  it('nobody can be asked, and it is said what to set', async () => {
    const alone = await benchOf(feeds, { now: '2026-11-20T15:00:00.000Z' });
    expect(await alone.post('/api/v1/feeds/calendar/refresh', { market: 'NSE' }, 'alone')).toMatchObject({
      status: 409,
      body: { code: 'CALENDAR_SOURCE_NOT_CONFIGURED', nextStep: expect.stringContaining('FEEDS_CALENDAR_NSE_URL') },
    });
    // Off by default: nothing is watched.
    await alone.service.app.get(CalendarStarter).start();
    await alone.advanceTo('2026-11-25T15:00:00.000Z');
    expect(await alone.said(AlertRaised.feeds)).toEqual([]);
    await alone.close();
  });

  it('a key is asked for where an address is set', async () => {
    await expect(benchOf(feeds, { env: { FEEDS_CALENDAR_ALPACA_URL: 'http://127.0.0.1:9' } })).rejects.toThrow(
      'FEEDS_ALPACA_KEY_ID',
    );
  });
});
