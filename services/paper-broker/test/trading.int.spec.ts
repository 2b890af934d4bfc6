import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPaperBroker } from '../src/index.js';
import type { RunningPaperBroker } from '../src/index.js';
import { configOf, Ear, freshDatabase, Http, MARKET, orderBody as order, startDatabase } from './harness.js';
import type { Database } from './harness.js';
import { BEFORE_OPEN, CLOSE, OPEN } from './times.js';

const at = (minute: number): string => new Date(Date.parse(OPEN) + minute * 60_000).toISOString();

let database: Database;
let broker: RunningPaperBroker;
let http: Http;
let ear: Ear;

beforeAll(async () => {
  database = await startDatabase();
  broker = await startPaperBroker(configOf(await freshDatabase(database)));
  http = new Http(broker.url, 'main');
  await http.post('/sim/advance', { to: BEFORE_OPEN });
  await http.post('/sim/accounts', { account: 'main', cash: '100000.00' });
  await http.post('/sim/market', MARKET);
  ear = await Ear.listening(broker.url, 'main');
});

afterAll(async () => {
  ear.socket.terminate();
  await broker.close();
  await database.stop();
});

/** The tests of this file are one day: each goes on where the one before it ended. */
describe('a day at the simulated venue', () => {
  it('before the open keeps market orders, and fills them at the open', async () => {
    const placed = await http.post('/v2/orders', order('early'));
    expect(placed.status).toBe(200);
    expect(placed.headers.get('x-ballast-simulated')).toBe('true');
    expect(placed.body).toMatchObject({ status: 'accepted', filled_qty: '0', submitted_at: BEFORE_OPEN, qty: '10' });
    expect((await http.get('/v2/clock')).body).toMatchObject({ is_open: false, next_open: OPEN, next_close: CLOSE });
    const moved = await http.post('/sim/advance', { to: at(1) });
    expect(moved.body).toEqual({ now: at(1), lastFrame: { main: 2 }, nextDue: null });
    await ear.until((message) => message['frame'] === 2);
    expect(ear.eventsOf('early')).toEqual(['new', 'fill']);
    const read = await http.get('/v2/orders:by_client_order_id?client_order_id=early');
    expect(read.body).toMatchObject({ status: 'filled', filled_avg_price: '20', filled_at: OPEN });
    expect((await http.get('/v2/clock')).body).toMatchObject({ timestamp: at(1), is_open: true, next_close: CLOSE });
  });

  it('acknowledges, fills at the quote and tells it in binary frames', async () => {
    const { quotes } = (await http.get('/v2/stocks/quotes/latest?symbols=AAA,NONE')).body as {
      quotes: Record<string, { ap: number }>;
    };
    expect(Object.keys(quotes)).toEqual(['AAA']);
    await http.post('/v2/orders', order('ask', { symbol: 'AAA', qty: '2.5' }));
    await ear.until((message) => message['frame'] === 4);
    const fill = ear.updates().find(({ frame }) => frame === 4);
    expect(fill?.data).toMatchObject({
      event: 'fill',
      qty: '2.5',
      price: String(quotes['AAA']?.ap),
      position_qty: '2.5',
      order: { client_order_id: 'ask', status: 'filled', filled_qty: '2.5' },
    });
    expect(ear.heard.every(({ text }) => !text)).toBe(true);
    expect((await http.get('/v2/positions/AAA')).body).toMatchObject({ qty: '2.5', side: 'long', symbol: 'AAA' });
  });

  it('takes a client order id once and for ever, also after a cancel', async () => {
    const limit = { type: 'limit', limit_price: '19' };
    const first = await http.post('/v2/orders', order('once', limit));
    const again = await http.post('/v2/orders', order('once', limit));
    expect(again).toMatchObject({ status: 422, body: { message: 'client_order_id must be unique' } });
    expect((await http.delete(`/v2/orders/${String(first.body['id'])}`)).status).toBe(204);
    expect((await http.post('/v2/orders', order('once', limit))).status).toBe(422);
    expect((await http.delete(`/v2/orders/${String(first.body['id'])}`)).body).toMatchObject({ code: 42210000 });
    expect(ear.eventsOf('once')).toEqual(['new', 'canceled']);
    const pair = [order('twin', limit), order('twin', limit)].map((body) => http.post('/v2/orders', body));
    expect((await Promise.all(pair)).map(({ status }) => status).sort()).toEqual([200, 422]);
  });

  it('refuses in the shape of Alpaca', async () => {
    const refused = async (body: object) => {
      const answer = await http.post('/v2/orders', body);
      return { status: answer.status, code: answer.body['code'] };
    };
    expect(await refused(order('r1', { qty: '99999' }))).toEqual({ status: 403, code: 40310000 });
    expect(await refused(order('r2', { side: 'sell', qty: '11' }))).toEqual({ status: 403, code: 40310000 });
    expect(await refused(order('r3', { symbol: 'ZZZ' }))).toEqual({ status: 422, code: 40010001 });
    expect(await refused(order('r4', { type: 'stop' }))).toEqual({ status: 422, code: 40010001 });
    for (const path of ['/v2/orders/0', '/v2/orders/b1a57000-0000-5000-8000-000000000000']) {
      expect(await http.get(path)).toMatchObject({ status: 404, body: { code: 40410000 } });
      expect(await http.delete(path)).toMatchObject({ status: 404, body: { code: 40410000 } });
    }
    expect(await http.get('/v2/nothing')).toMatchObject({ status: 404, body: { code: 40410000 } });
    expect(await http.get('/v2/orders?limit=501')).toMatchObject({ status: 422, body: { code: 40010001 } });
    const nul = encodeURIComponent('\u0000');
    expect((await http.get(`/v2/orders:by_client_order_id?client_order_id=${nul}`)).status).toBe(404);
    expect((await http.get(`/v2/orders?symbols=${nul}`)).status).toBe(422);
    expect((await http.post('/v2/orders', order('\u0000'))).status).toBe(422);
    expect((await http.get('/v2/orders?after=yesterday')).body).toMatchObject({
      message: expect.stringContaining('after'),
    });
  });

  it('fills a resting limit at the minute that crosses it, in the order of time', async () => {
    await http.post('/v2/orders', order('low', { symbol: 'AAA', type: 'limit', limit_price: '96', qty: '1' }));
    await http.post('/v2/orders', order('lower', { symbol: 'AAA', type: 'limit', limit_price: '95.2', qty: '1' }));
    const read = async (id: string) => (await http.get(`/v2/orders:by_client_order_id?client_order_id=${id}`)).body;
    expect((await read('low'))['status']).toBe('new');
    await http.post('/sim/advance', { to: at(200) });
    const [low, lower] = [await read('low'), await read('lower')];
    expect([low['status'], lower['status']]).toEqual(['filled', 'filled']);
    expect(Number(low['filled_avg_price'])).toBeLessThanOrEqual(96);
    expect(String(low['filled_at']) <= String(lower['filled_at'])).toBe(true);
  });

  it('lists orders by status, symbol, time and direction', async () => {
    const ids = async (query: string) =>
      ((await http.get(`/v2/orders?${query}`)).body as unknown as { client_order_id: string }[]).map(
        (each) => each.client_order_id,
      );
    expect(await ids('')).toEqual(['twin']);
    expect(await ids('status=all&direction=asc')).toEqual(['early', 'ask', 'once', 'twin', 'low', 'lower']);
    expect(await ids('status=closed&symbols=AAA&limit=2')).toEqual(['lower', 'low']);
    expect(await ids(`status=all&until=${BEFORE_OPEN}`)).toEqual([]);
    expect(await ids(`status=all&direction=asc&after=${BEFORE_OPEN}&limit=1`)).toEqual(['ask']);
  });

  it('pages fills by the id of the last one', async () => {
    const page = async (query: string) =>
      (await http.get(`/v2/account/activities/FILL?${query}`)).body as unknown as { id: string; order_id: string }[];
    const all = await page('direction=asc');
    expect(all).toHaveLength(4);
    const first = await page('direction=asc&page_size=3');
    const second = await page(`direction=asc&page_size=3&page_token=${encodeURIComponent(first[2]?.id ?? '')}`);
    expect([...first, ...second]).toEqual(all);
    expect(await page('')).toEqual([...all].reverse());
    expect(await page(`after=${at(1)}&direction=asc`)).toEqual(all.slice(2));
    expect((await http.get('/v2/account/activities/FILL?page_token=x')).status).toBe(422);
    expect((await http.get('/v2/account/activities/DIV')).body).toEqual([]);
    const told = ear.updates().flatMap(({ data }) => data.execution_id ?? []);
    expect(all.map(({ id }) => id.split('::')[1])).toEqual(told);
  });

  it('sells, cancels all, and expires what the day leaves', async () => {
    await http.post('/v2/orders', order('sell', { side: 'sell', qty: '4' }));
    await http.post('/v2/orders', order('rest', { side: 'sell', qty: '6', type: 'limit', limit_price: '21' }));
    expect((await http.get('/v2/positions/BBB')).body).toMatchObject({
      qty: '6',
      qty_available: '0',
      cost_basis: '120',
    });
    const all = await http.delete('/v2/orders');
    expect(all.status).toBe(207);
    expect(all.body).toMatchObject([{ status: 200, body: { client_order_id: 'twin' } }, { status: 200 }]);
    await http.post('/v2/orders', order('day', { side: 'sell', qty: '6', type: 'limit', limit_price: '21' }));
    const closed = await http.post('/sim/advance', { to: CLOSE });
    const frame = (closed.body['lastFrame'] as { main: number }).main;
    await ear.until((message) => message['frame'] === frame);
    expect(ear.eventsOf('day')).toEqual(['new', 'expired']);
    expect(ear.updates().map((each) => each.frame)).toEqual([...Array(frame).keys()].map((n) => n + 1));
  });

  it('adds up to the cent', async () => {
    const fills = (await http.get('/v2/account/activities/FILL')).body as unknown as Record<string, string>[];
    const cents = fills.reduce((total, fill) => {
      const value = Math.round(Number(fill['qty']) * Number(fill['price']) * 1e6);
      return total + (fill['side'] === 'buy' ? -value : value);
    }, 100_000e6);
    const account = (await http.get('/v2/account')).body as Record<string, string>;
    expect(Math.round(Number(account['cash']) * 1e6)).toBe(cents);
    expect(account['buying_power']).toBe(account['cash']);
    const positions = (await http.get('/v2/positions')).body as unknown as Record<string, string>[];
    const value = positions.reduce((total, position) => total + Number(position['market_value']), 0);
    expect(Number(account['equity'])).toBeCloseTo(Number(account['cash']) + value, 6);
    expect(positions.map(({ symbol, current_price: price }) => [symbol, price])).toEqual([
      ['AAA', '104.5'],
      ['BBB', '20'],
    ]);
  });
});
