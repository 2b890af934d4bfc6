// Goal: what is switched on at the venue is told, survives a restart, and can be had over HTTP as at Alpaca.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startPaperBroker } from '../src/index.js';
import type { RunningPaperBroker } from '../src/index.js';
import { init } from '../src/persistence/migrations/0001-init.js';
import { configOf, Ear, freshDatabase, Http, MARKET, orderBody, startDatabase } from './harness.js';
import type { Database } from './harness.js';
import { BEFORE_OPEN, CLOSE, OPEN } from './times.js';

const NEXT = {
  ...MARKET,
  session: { date: '2017-07-05', open: '2017-07-05T13:30:00.000Z', close: '2017-07-05T20:00:00.000Z' },
};
const shared = process.env['BALLAST_SHARED_DATA'] ?? resolve('../shared/data');
const ticks = ['ibm_20131007_quote.zip', 'ibm_20131007_trade.zip'].map((file) => join(shared, 'intraday/tick', file));
const isShared = ticks.every((file) => existsSync(file));
if (!isShared) console.warn(`skipped: no recorded ticks in ${shared}/intraday/tick`);
const itShared = isShared ? it : it.skip;

let database: Database;
let url: string;
let broker: RunningPaperBroker | undefined;
let http: Http;

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());
afterEach(async () => {
  await broker?.close();
  broker = undefined;
});

async function restart(more: Record<string, string>): Promise<void> {
  await broker?.close();
  broker = await startPaperBroker(configOf(url, more));
  http = new Http(broker.url, 'main');
}

async function open(more: Record<string, string>, market: object = MARKET, now = OPEN): Promise<void> {
  url = await freshDatabase(database);
  await restart(more);
  await http.post('/sim/advance', { to: now });
  await http.post('/sim/accounts', { account: 'main', cash: '100000.00' });
  expect(await http.post('/sim/market', market)).toMatchObject({ status: 200 });
}

const read = async (id: string) => (await http.get(`/v2/orders:by_client_order_id?client_order_id=${id}`)).body;
const at = (ms: number): string => new Date(Date.parse(OPEN) + ms).toISOString();

it('says what is simulated, in one sentence where nothing is switched on', async () => {
  await open({});
  const plain = (await http.get('/sim/settings')).body['told'] as string[];
  expect(plain).toHaveLength(1);
  await open({ PAPER_BROKER_BOOK: 'depth', PAPER_BROKER_FEES: 'us', PAPER_BROKER_LATENCY_MS: '25' });
  expect((await http.get('/sim/settings')).body['told']).toHaveLength(4);
});

it('goes on after a restart with what was taken, queued, tied up, owed and halted', async () => {
  const rules = {
    ...{ PAPER_BROKER_BOOK: 'depth', PAPER_BROKER_DEPTH_SHARES: '100', PAPER_BROKER_FEES: 'us' },
    ...{ PAPER_BROKER_SHORTS: 'on', PAPER_BROKER_LATENCY_MS: '40' },
  };
  await open(rules);
  expect(await http.post('/sim/borrow', { symbols: [{ symbol: 'BBB', shares: '500', fee_bp: '250' }] })).toMatchObject({
    status: 200,
  });
  await http.post('/v2/orders', orderBody('short', { side: 'sell', qty: '150' }));
  await http.post(
    '/v2/orders',
    orderBody('trail', { symbol: 'AAA', type: 'trailing_stop', trail_price: '60', qty: '3' }),
  );
  await http.post('/sim/advance', { to: at(1_000) });
  const rest = await http.post('/v2/orders', orderBody('rest', { symbol: 'AAA', type: 'limit', limit_price: '90' }));
  await http.post('/sim/advance', { to: at(2_000) });
  const patched = await http.patch(`/v2/orders/${String(rest.body['id'])}`, { limit_price: '91' });
  expect(patched.body).toMatchObject({ status: 'pending_new', replaces: rest.body['id'] });
  expect(await read('rest')).toMatchObject({ status: 'pending_replace', replaced_by: patched.body['id'] });
  await http.post('/sim/halt', { symbol: 'AAA', on: true });
  const look = async () => ({
    account: (await http.get('/v2/account')).body,
    orders: (await http.get('/v2/orders?status=all')).body,
    positions: (await http.get('/v2/positions')).body,
  });
  const before = await look();
  expect(before.account).toMatchObject({ cash: '102000', accrued_fees: expect.stringMatching(/^0\.0/) });
  expect(before.positions).toMatchObject([{ symbol: 'BBB', qty: '-100', side: 'short', market_value: '-2000' }]);
  await restart(rules);
  expect(await look()).toEqual(before);
  await http.post('/sim/advance', { to: at(60_000) });
  expect(await read('short')).toMatchObject({ status: 'filled', filled_qty: '150' });
  expect(await read('rest')).toMatchObject({ status: 'replaced' });
  expect((await http.get('/v2/positions')).body).toMatchObject([{ qty: '-150' }]);
  expect((await http.post('/sim/halt', { symbol: 'AAA', on: false })).body).toEqual({ symbol: 'AAA', halted_at: null });
  await http.post('/sim/advance', { to: CLOSE });
  await http.post('/sim/market', NEXT);
  const fees = (await http.get('/v2/account/activities/FEE?direction=asc')).body as unknown as Record<string, string>[];
  // 3,000 dollars sold at 21.80 a million; 3,000 at 2.5 % for two nights.
  expect(fees.map((fee) => [fee['activity_sub_type'], fee['net_amount'], fee['date']])).toEqual([
    ['REG', '-0.07', '2017-07-03'],
    ['TAF', '-0.02', '2017-07-03'],
    ['BORROW', '-0.42', '2017-07-03'],
  ]);
  expect((await http.get('/v2/account')).body).toMatchObject({ cash: '102999.49', accrued_fees: '0' });
  const all = (await http.get('/v2/account/activities?direction=asc&page_size=3')).body as unknown as { id: string }[];
  const page = `page_size=3&page_token=${encodeURIComponent(all[2]?.id ?? '')}`;
  const more = (await http.get(`/v2/account/activities?direction=asc&${page}`)).body as unknown as object[];
  expect([...all, ...more].map((each) => (each as { activity_type: string }).activity_type)).toEqual([
    ...['FILL', 'FILL', 'FEE', 'FEE', 'FEE'],
  ]);
});

it('moves the quotes of everybody by what was taken, also after a restart, and refuses what it cannot reckon', async () => {
  const rules = { PAPER_BROKER_IMPACT: 'propagator', PAPER_BROKER_IMPACT_DECAY_EXPONENT: '1' };
  const day = { symbol: 'BBB', open: '20', high: '20', low: '20', close: '20' };
  const told = { ...day, average_volume: '1000000', volatility: 0.02 };
  await open(rules, { ...MARKET, bars: [told, { ...day, symbol: 'CCC' }] });
  expect((await http.get('/sim/settings')).body['told']).toMatchObject([
    {},
    expect.stringContaining('by a propagator'),
  ]);
  const ask = async (): Promise<number> => {
    const { quotes } = (await http.get('/v2/stocks/quotes/latest?symbols=BBB')).body as {
      quotes: Record<string, { ap: number }>;
    };
    return quotes['BBB']!.ap;
  };
  expect(await ask()).toBe(20);
  // A quarter of a hundredth of the average day: the price moves by 2 % of a twentieth, and two thirds of it are paid.
  await http.post('/v2/orders', orderBody('first', { qty: '2500' }));
  expect(await read('first')).toMatchObject({ status: 'filled', filled_avg_price: '20.02' });
  expect(await ask()).toBe(20.02);
  await restart(rules);
  expect(await ask()).toBe(20.02);
  await http.post('/sim/advance', { to: at(60_000) });
  expect(await ask()).toBe(20.01);
  expect(await http.post('/v2/orders', orderBody('guess', { symbol: 'CCC' }))).toMatchObject({
    status: 422,
    body: { message: expect.stringContaining('the market impact "propagator" of CCC cannot be told') },
  });
  await restart({});
  expect(await ask()).toBe(20);
});

it('tells on the stream that a cancel came too late', async () => {
  await open({ PAPER_BROKER_LATENCY_MS: '40' });
  const ear = await Ear.listening(broker!.url, 'main');
  const placed = await http.post('/v2/orders', orderBody('race'));
  expect((await http.delete(`/v2/orders/${String(placed.body['id'])}`)).status).toBe(204);
  expect(await read('race')).toMatchObject({ status: 'pending_cancel' });
  await http.post('/sim/advance', { to: at(100) });
  await ear.until(() => ear.eventsOf('race').length >= 1);
  expect(['canceled', 'filled']).toContain((await read('race'))['status']);
  ear.socket.terminate();
});

it('takes over a database of the version before with all that is in it', async () => {
  url = await freshDatabase(database);
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query('set search_path to paper_broker');
  await admin.query(
    'create table schema_migration (version integer primary key, name text not null, applied_at timestamptz not null default now())',
  );
  await admin.query(init);
  await admin.query(`
    insert into schema_migration (version, name) values (1, 'init');
    insert into venue (clock, now_at, order_seq, fill_seq) values ('simulated', '${OPEN}', 1, 0);
    insert into account values ('main', 1000, 1000, 1000, '${BEFORE_OPEN}', 1);
    insert into market_session values ('2017-07-03', '${OPEN}', '${CLOSE}', 'test', 'seven');
    insert into market_bar values ('2017-07-03', 'BBB', 20, 20, 20, 20);
    insert into "order" values ('b1a57000-0000-5000-8000-000000000001', 'main', 'old', 1, 'BBB', 'buy', 'limit', 'day', 10,
      19, 'new', 0, 0, 0, 19, '2017-07-03', '${CLOSE}', '${OPEN}', '${OPEN}')`);
  await admin.end();
  await restart({});
  expect((await http.get('/v2/account')).body).toMatchObject({ cash: '1000', buying_power: '810' });
  expect(await read('old')).toMatchObject({
    status: 'new',
    limit_price: '19',
    stop_price: null,
    extended_hours: false,
  });
  const id = String((await read('old'))['id']);
  expect((await http.patch(`/v2/orders/${id}`, { limit_price: '20' })).status).toBe(200);
  expect((await http.get('/v2/positions/BBB')).body).toMatchObject({ qty: '10' });
});

describe('recorded ticks', () => {
  const session = { date: '2013-10-07', open: '2013-10-07T13:30:00.000Z', close: '2013-10-07T20:00:00.000Z' };
  const market = (open_: string, high: string, low: string, close: string) => ({
    ...{ session, source: 'test', synthetic: true, seed: 'seven' },
    bars: [{ symbol: 'IBM', open: open_, high, low, close, volume: '3400000' }],
  });
  const IBM = market('181.85', '183.31', '181.85', '182.01');
  const rules = { PAPER_BROKER_RECORDINGS: ticks.join(','), PAPER_BROKER_BOOK: 'depth' };

  itShared(
    'are traded on: at the quotes of that day, up to the sizes shown, queued behind who stood there',
    async () => {
      await open(rules, IBM, '2013-10-07T14:00:00.000Z');
      expect((await http.get('/sim/settings')).body['told']).toMatchObject([
        expect.stringContaining('IBM at recorded quotes'),
        {},
      ]);
      const { quotes } = (await http.get('/v2/stocks/quotes/latest?symbols=IBM')).body as {
        quotes: Record<string, { ap: number; as: number; bp: number; bs: number }>;
      };
      const quote = quotes['IBM']!;
      expect(quote.ap - quote.bp).toBeGreaterThan(0);
      const qty = String(quote.as + 50);
      await http.post('/v2/orders', orderBody('big', { symbol: 'IBM', qty }));
      const passive = { symbol: 'IBM', qty: '100', type: 'limit', limit_price: String(quote.bp) };
      await http.post('/v2/orders', orderBody('passive', passive));
      expect(await read('big')).toMatchObject({ status: 'partially_filled', filled_qty: String(quote.as) });
      expect(Number((await read('big'))['filled_avg_price'])).toBeCloseTo(quote.ap, 9);
      expect(await read('passive')).toMatchObject({ status: 'new', filled_qty: '0' });
      await http.post('/sim/advance', { to: session.close });
      expect(await read('big')).toMatchObject({ status: 'filled' });
      const bought = await read('passive');
      if (bought['status'] === 'filled') expect(bought['filled_avg_price']).toBe(passive.limit_price);
    },
  );

  itShared('give the same day again and again', async () => {
    const day = async () => {
      await open(rules, IBM, session.open);
      for (const [i, price] of ['181.9', '182.2', '182.6'].entries()) {
        const more = { symbol: 'IBM', qty: '200', type: 'limit', limit_price: price };
        await http.post('/v2/orders', orderBody(`b${i}`, more));
      }
      await http.post('/sim/advance', { to: session.close });
      return (await http.get('/v2/account/activities/FILL')).body;
    };
    const first = await day();
    expect((first as unknown as unknown[]).length).toBeGreaterThanOrEqual(2);
    expect(await day()).toEqual(first);
  });

  itShared('are refused where the bar is of another price level', async () => {
    url = await freshDatabase(database);
    await restart(rules);
    await http.post('/sim/advance', { to: session.open });
    expect(await http.post('/sim/market', market('90', '92', '89', '91'))).toMatchObject({
      status: 409,
      body: { code: 'SIM_RECORDING_DISAGREES', message: expect.stringContaining('IBM') },
    });
  });

  it('that cannot be read keep the venue from starting, with the file', async () => {
    const missing = startPaperBroker(
      configOf(await freshDatabase(database), { PAPER_BROKER_RECORDINGS: 'nowhere.zip' }),
    );
    await expect(missing).rejects.toThrow(/PAPER_BROKER_RECORDING_UNREADABLE: nowhere.zip/);
  });
});

it('tells the minutes that are over, page by page, and a halt by the condition of its quotes', async () => {
  const bars = [
    { symbol: 'AAA', open: '100', high: '106', low: '95', close: '104.5', volume: '21000' },
    MARKET.bars[1],
  ];
  await open({}, { ...MARKET, bars });
  await http.post('/sim/advance', { to: at(3 * 60_000 + 1) });
  const asked = `/v2/stocks/bars?symbols=AAA,BBB,ZZZ&timeframe=1Min&start=${OPEN}&end=${at(60 * 60_000)}`;
  const whole = (await http.get(asked)).body as { bars: Record<string, { t: string; v: number }[]> };
  expect(whole).toMatchObject({ next_page_token: null });
  // Nobody told the volume of BBB, so nothing is said of it.
  expect(Object.keys(whole.bars)).toEqual(['AAA']);
  expect(whole.bars['AAA']!.map(({ t, v }) => [t, v])).toEqual([0, 1, 2].map((n) => [at(n * 60_000), 100]));
  const first = (await http.get(`${asked}&limit=2`)).body;
  expect(first).toMatchObject({ bars: { AAA: whole.bars['AAA']!.slice(0, 2) }, next_page_token: '2' });
  expect((await http.get(`${asked}&limit=2&page_token=2`)).body).toMatchObject({
    bars: { AAA: whole.bars['AAA']!.slice(2) },
    next_page_token: null,
  });
  expect(await http.get('/v2/stocks/bars?symbols=AAA&timeframe=1Day')).toMatchObject({ status: 422 });
  const condition = async () => (await http.get('/v2/stocks/quotes/latest?symbols=AAA')).body as object;
  expect(await condition()).toMatchObject({ quotes: { AAA: { c: ['R'] } } });
  await http.post('/sim/halt', { symbol: 'AAA', on: true });
  expect(await condition()).toMatchObject({ quotes: { AAA: { c: ['Z'] } } });
});
