import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startPaperBroker } from '../src/index.js';
import type { RunningPaperBroker } from '../src/index.js';
import { configOf, Ear, freshDatabase, Http, MARKET, orderBody, SECRET, startDatabase } from './harness.js';
import type { Database } from './harness.js';
import { BEFORE_OPEN, CLOSE, OPEN } from './times.js';

const NEXT = {
  ...MARKET,
  session: { date: '2017-07-05', open: '2017-07-05T13:30:00.000Z', close: '2017-07-05T20:00:00.000Z' },
  bars: [{ symbol: 'BBB', open: '22', high: '22', low: '22', close: '22' }],
};

let database: Database;
let url: string;
let broker: RunningPaperBroker;
let http: Http;

const start = async (more: Record<string, string> = {}) => {
  broker = await startPaperBroker(configOf(url, more));
  http = new Http(broker.url, 'main');
};

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());
beforeEach(async () => {
  url = await freshDatabase(database);
  await start();
});
afterEach(() => broker.close());

async function openForBusiness(): Promise<void> {
  await http.post('/sim/advance', { to: BEFORE_OPEN });
  await http.post('/sim/accounts', { account: 'main', cash: '10000.00' });
  await http.post('/sim/market', MARKET);
}

describe('accounts and keys', () => {
  it('opens an account once, and refuses other cash', async () => {
    const open = (cash: string) => http.post('/sim/accounts', { account: 'main', cash });
    expect(await open('5.00')).toMatchObject({ status: 200, body: { account: 'main', cash: '5', simulated: true } });
    expect(await open('5')).toMatchObject({ status: 200 });
    expect(await open('6')).toMatchObject({ status: 409, body: { code: 'SIM_ACCOUNT_EXISTS' } });
    expect(await open('-1')).toMatchObject({ status: 422 });
  });

  it('knows strangers by their keys', async () => {
    await openForBusiness();
    const asking = async (account: string, secret: string, path = '/v2/account') =>
      (await new Http(broker.url, account, secret).get(path)).status;
    expect(await asking('main', SECRET)).toBe(200);
    expect(await asking('main', 'wrong')).toBe(401);
    expect(await asking('', SECRET)).toBe(401);
    expect(await asking('nobody', SECRET)).toBe(403);
    const bare = await new Http(broker.url, 'main', 'wrong').post('/sim/advance', { to: OPEN });
    expect(bare).toMatchObject({ status: 401, body: { code: 40110000 } });
    expect(bare.headers.get('x-ballast-simulated')).toBe('true');
    expect((await fetch(`${broker.url}/health/ready`)).status).toBe(200);
  });

  it('keeps the orders of one account from another', async () => {
    await openForBusiness();
    await http.post('/sim/accounts', { account: 'other', cash: '10000.00' });
    const other = new Http(broker.url, 'other');
    const placed = await http.post('/v2/orders', orderBody('mine'));
    expect((await other.get(`/v2/orders/${String(placed.body['id'])}`)).status).toBe(404);
    expect((await other.delete(`/v2/orders/${String(placed.body['id'])}`)).status).toBe(404);
    const theirs = await other.post('/v2/orders', orderBody('mine'));
    expect(theirs.status).toBe(200);
    expect(theirs.body['id']).not.toBe(placed.body['id']);
  });

  it('shakes hands on the stream as Alpaca does, either way, and lets no stranger listen', async () => {
    await openForBusiness();
    const ear = await Ear.open(broker.url);
    ear.say({ action: 'listen', data: { streams: ['trade_updates'] } });
    ear.say({ action: 'authenticate', data: { key_id: 'main', secret_key: 'wrong' } });
    ear.say({ action: 'authenticate', data: { key_id: 'main', secret_key: SECRET } });
    ear.say({ action: 'listen', data: { streams: ['trade_updates', 'weather'] } });
    await ear.until((message) => message['stream'] === 'listening');
    expect(ear.heard.map(({ message }) => message)).toEqual([
      { stream: 'authorization', data: { status: 'unauthorized', action: 'listen' } },
      { stream: 'authorization', data: { status: 'unauthorized', action: 'authenticate' } },
      { stream: 'authorization', data: { status: 'authorized', action: 'authenticate' } },
      { stream: 'listening', data: { streams: ['trade_updates'] } },
    ]);
    ear.socket.terminate();
  });
});

describe('the simulated world', () => {
  it('never goes back in time', async () => {
    expect((await http.post('/sim/advance', { to: OPEN })).body).toEqual({ now: OPEN, lastFrame: {}, nextDue: null });
    expect((await http.post('/sim/advance', { to: OPEN })).status).toBe(200);
    const back = await http.post('/sim/advance', { to: BEFORE_OPEN });
    expect(back).toMatchObject({ status: 409, body: { code: 'SIM_CLOCK_BACKWARDS' } });
    expect((await http.post('/sim/advance', { to: 'noon' })).status).toBe(422);
  });

  it('takes the same market again, more symbols of it, and no other one', async () => {
    await openForBusiness();
    expect(await http.post('/sim/market', MARKET)).toMatchObject({ status: 200, body: { symbols: 2 } });
    const more = { ...MARKET, bars: [{ symbol: 'CCC', open: '1', high: '1', low: '1', close: '1' }] };
    expect(await http.post('/sim/market', more)).toMatchObject({ status: 200, body: { symbols: 3 } });
    const other = { ...MARKET, bars: [{ symbol: 'BBB', open: '21', high: '21', low: '21', close: '21' }] };
    expect(await http.post('/sim/market', other)).toMatchObject({
      status: 409,
      body: { code: 'SIM_MARKET_ALREADY_SET' },
    });
    const reseeded = await http.post('/sim/market', { ...MARKET, seed: 8 });
    expect(reseeded).toMatchObject({ status: 409, body: { code: 'SIM_MARKET_ALREADY_SET' } });
    expect(await http.post('/sim/market', NEXT)).toMatchObject({ status: 409, body: { code: 'SIM_SESSION_NOT_OVER' } });
  });

  it.each([
    [{ synthetic: false }, 'synthetic'],
    [{ bars: [] }, 'bars'],
    [{ bars: [{ symbol: 'A', open: '1', high: '2', low: '1.5', close: '2' }] }, 'between its low and its high'],
    [{ bars: [{ symbol: 'A', open: '0', high: '0', low: '0', close: '0' }] }, 'at least 0.0001'],
    [{ bars: [MARKET.bars[0], MARKET.bars[0]] }, 'twice'],
    [{ session: { ...MARKET.session, close: OPEN } }, 'after session.open'],
  ])('refuses a market that cannot be: %j', async (more, message) => {
    const answer = await http.post('/sim/market', { ...MARKET, ...more });
    expect(answer).toMatchObject({ status: 422, body: { message: expect.stringContaining(message) } });
  });

  it('marks what has no market any more at its last close, and refuses to trade it', async () => {
    await openForBusiness();
    await http.post('/v2/orders', orderBody('a', { symbol: 'AAA', qty: '1' }));
    await http.post('/v2/orders', orderBody('b', { qty: '1' }));
    await http.post('/sim/advance', { to: CLOSE });
    await http.post('/sim/market', NEXT);
    const [a, b] = [await http.get('/v2/positions/AAA'), await http.get('/v2/positions/BBB')];
    expect(a.body).toMatchObject({ current_price: '104.5', lastday_price: '104.5' });
    expect(b.body).toMatchObject({ current_price: '22', lastday_price: '20', change_today: '0.1' });
    expect((await http.get('/v2/account')).body).toMatchObject({ last_equity: '10004.49', equity: '10006.49' });
    expect(await http.post('/v2/orders', orderBody('z', { symbol: 'AAA' }))).toMatchObject({ status: 422 });
  });
});

describe('what Postgres holds', () => {
  it('goes on after a restart as if nothing had been', async () => {
    await openForBusiness();
    await http.post('/v2/orders', orderBody('waiting'));
    await http.post('/v2/orders', orderBody('late'), { 'x-sim-fault': 'accept-after-ms=7200000' }).catch(() => null);
    await http.post('/v2/orders', orderBody('low', { symbol: 'AAA', type: 'limit', limit_price: '96', qty: '1' }));
    const before = (await http.get('/v2/account')).body;
    await broker.close();
    await start();
    expect((await http.get('/v2/account')).body).toEqual(before);
    expect((await http.get('/v2/clock')).body).toMatchObject({ timestamp: BEFORE_OPEN });
    const moved = await http.post('/sim/advance', { to: CLOSE });
    expect(moved.body).toEqual({ now: CLOSE, lastFrame: { main: 6 }, nextDue: null });
    const all = (await http.get('/v2/orders?status=all&direction=asc')).body as unknown as Record<string, string>[];
    expect(all.map(({ client_order_id: id, status }) => [id, status])).toEqual([
      ['waiting', 'filled'],
      ['low', 'filled'],
      ['late', 'filled'],
    ]);
  });

  it('gives the same answers to the same day in another database', async () => {
    const day = async () => {
      await openForBusiness();
      for (const [index, symbol] of ['AAA', 'BBB', 'AAA', 'AAA'].entries()) {
        await http.post('/v2/orders', orderBody(`o${index}`, { symbol, qty: '3' }));
        await http.post('/v2/orders', orderBody(`l${index}`, { symbol, type: 'limit', limit_price: '98', qty: '2' }));
      }
      await http.post('/sim/advance', { to: CLOSE });
      return [(await http.get('/v2/account/activities/FILL')).body, (await http.get('/v2/orders?status=all')).body];
    };
    const first = await day();
    await broker.close();
    url = await freshDatabase(database);
    await start();
    expect(await day()).toEqual(first);
  });

  it('is worked on by one process only', async () => {
    const second = startPaperBroker(configOf(url));
    await broker.close();
    // The lock is free now: the second one waited for it and takes over.
    broker = await second;
    expect((await fetch(`${broker.url}/health/ready`)).status).toBe(200);
  });

  it('is read anew after the database connection was lost', async () => {
    await openForBusiness();
    await http.post('/v2/orders', orderBody('before'));
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await admin.end();
    const shaken = await http.post('/v2/orders', orderBody('during'));
    expect([200, 503]).toContain(shaken.status);
    const again = await http.post('/v2/orders', orderBody('during'));
    expect(again.status).toBe(shaken.status === 200 ? 422 : 200);
    const all = (await http.get('/v2/orders?status=all')).body as unknown as unknown[];
    expect(all).toHaveLength(2);
  });

  it('does not mix the clocks', async () => {
    await broker.close();
    await expect(startPaperBroker(configOf(url, { PAPER_BROKER_CLOCK: 'real' }))).rejects.toThrow(
      'PAPER_BROKER_CLOCK_MISMATCH',
    );
    await start();
  });

  it('is left alone when it is of a newer program', async () => {
    await broker.close();
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query("insert into paper_broker.schema_migration (version, name) values (99, 'from the future')");
    await expect(startPaperBroker(configOf(url))).rejects.toThrow('PAPER_BROKER_SCHEMA_NEWER');
    await admin.query('delete from paper_broker.schema_migration where version = 99');
    await admin.end();
    await start();
  });
});

describe('failing to start', () => {
  it('names the port that is taken and the database that does not answer', async () => {
    const squatter = createServer();
    const port = await new Promise<number>((resolve) =>
      squatter.listen(0, '127.0.0.1', () => resolve((squatter.address() as { port: number }).port)),
    );
    const other = await freshDatabase(database);
    const taken = startPaperBroker(configOf(other, { PAPER_BROKER_PORT: String(port) }));
    await expect(taken).rejects.toThrow('PAPER_BROKER_PORT_IN_USE');
    await new Promise((resolve) => squatter.close(resolve));
    const nobody = `postgres://a:b@127.0.0.1:${port}/db`;
    await expect(startPaperBroker(configOf(nobody))).rejects.toThrow('PAPER_BROKER_DATABASE_UNREACHABLE');
  });
});

describe('the real clock', () => {
  it('lets a day order of a session that is over wait, and wakes by itself when something is due', async () => {
    await broker.close();
    url = await freshDatabase(database);
    await start({ PAPER_BROKER_CLOCK: 'real' });
    await http.post('/sim/accounts', { account: 'main', cash: '10000.00' });
    const now = Date.now();
    const iso = (ms: number) => new Date(now + ms).toISOString();
    const session = { date: iso(1_000).slice(0, 10), open: iso(1_000), close: iso(1_000 + 240_000) };
    expect((await http.post('/sim/market', { ...MARKET, session })).status).toBe(200);
    expect((await http.post('/v2/orders', orderBody('soon'))).body).toMatchObject({ status: 'accepted' });
    const ear = await Ear.listening(broker.url, 'main');
    await ear.until(() => ear.eventsOf('soon').includes('fill'));
    expect((await http.get('/v2/positions/BBB')).body).toMatchObject({ qty: '10' });
    expect(await http.post('/sim/advance', { to: iso(0) })).toMatchObject({
      status: 409,
      body: { code: 'SIM_CLOCK_IS_REAL' },
    });
    ear.socket.terminate();
  });
});
