import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPaperBroker } from '../src/index.js';
import type { RunningPaperBroker } from '../src/index.js';
import { configOf, Ear, freshDatabase, Http, MARKET, orderBody, startDatabase } from './harness.js';
import type { Database } from './harness.js';
import { CLOSE, OPEN } from './times.js';

const at = (ms: number): string => new Date(Date.parse(OPEN) + ms).toISOString();

let database: Database;
let broker: RunningPaperBroker;
let http: Http;

beforeAll(async () => {
  database = await startDatabase();
  broker = await startPaperBroker(configOf(await freshDatabase(database)));
  http = new Http(broker.url, 'main');
  await http.post('/sim/advance', { to: OPEN });
  await http.post('/sim/accounts', { account: 'main', cash: '100000.00' });
  await http.post('/sim/market', MARKET);
});

afterAll(async () => {
  await broker.close();
  await database.stop();
});

const place = (id: string, fault: string) => http.post('/v2/orders', orderBody(id), { 'x-sim-fault': fault });
const ask = (id: string) => http.get(`/v2/orders:by_client_order_id?client_order_id=${id}`);

describe('the fault menu', () => {
  it('lose-request drops the connection and has done nothing', async () => {
    await expect(place('lost', 'lose-request')).rejects.toThrow();
    expect((await ask('lost')).status).toBe(404);
  });

  it('lose-answer drops the connection and has done it', async () => {
    await expect(place('unheard', 'lose-answer')).rejects.toThrow();
    expect((await ask('unheard')).body).toMatchObject({ status: 'filled' });
    expect((await http.post('/v2/orders', orderBody('unheard'))).status).toBe(422);
  });

  it('5xx-after-accept answers 503 and has done it', async () => {
    expect(await place('angry', '5xx-after-accept')).toMatchObject({ status: 503, body: { code: 50310000 } });
    expect((await ask('angry')).body).toMatchObject({ status: 'filled' });
  });

  it('rate-limit answers 429 with its headers and has done nothing', async () => {
    const answer = await place('limited', 'rate-limit');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('x-ratelimit-limit')).toBe('200');
    expect(answer.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(answer.headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
    expect((await ask('limited')).status).toBe(404);
  });

  it('accept-after-ms drops the connection and accepts later on the clock of the venue', async () => {
    await expect(place('late', 'accept-after-ms=5000')).rejects.toThrow();
    await http.post('/sim/advance', { to: at(4_999) });
    expect((await ask('late')).status).toBe(404);
    await http.post('/sim/advance', { to: at(60_000) });
    expect((await ask('late')).body).toMatchObject({ status: 'filled', submitted_at: at(5_000), filled_at: at(5_000) });
  });

  it('accept-after-ms still takes a client order id only once', async () => {
    await expect(place('twice', 'accept-after-ms=1000')).rejects.toThrow();
    expect((await http.post('/v2/orders', orderBody('twice', { qty: '1' }))).status).toBe(200);
    await http.post('/sim/advance', { to: at(120_000) });
    expect((await ask('twice')).body).toMatchObject({ qty: '1' });
  });

  it('accept-after-ms forgets an order that is refused when it arrives', async () => {
    const odd = orderBody('odd', { symbol: 'NUL\u0000' });
    await expect(http.post('/v2/orders', odd, { 'x-sim-fault': 'accept-after-ms=1' })).rejects.toThrow();
    expect((await http.post('/sim/advance', { to: at(180_000) })).status).toBe(200);
    expect((await ask('odd')).status).toBe(404);
  });

  it('answer-after-ms lets the fill be heard before the answer', async () => {
    const ear = await Ear.listening(broker.url, 'main');
    const heard: string[] = [];
    const answered = place('eager', 'answer-after-ms=50').then(() => heard.push('answer'));
    await ear.until(() => ear.eventsOf('eager').includes('fill'));
    heard.push('fill');
    await answered;
    expect(heard).toEqual(['fill', 'answer']);
    ear.socket.terminate();
  });

  it('refuses a fault that does not exist', async () => {
    expect(await place('typo', 'lose-everything')).toMatchObject({ status: 422 });
    expect(await place('typo', 'answer-after-ms=soon')).toMatchObject({ status: 422 });
  });
});

it('ignores the header unless faults are on', async () => {
  const url = await freshDatabase(database);
  const sober = await startPaperBroker(configOf(url, { PAPER_BROKER_FAULTS: 'off' }));
  const client = new Http(sober.url, 'main');
  await client.post('/sim/advance', { to: OPEN });
  await client.post('/sim/accounts', { account: 'main', cash: '1000.00' });
  await client.post('/sim/market', MARKET);
  expect((await client.post('/v2/orders', orderBody('x'), { 'x-sim-fault': 'lose-request' })).status).toBe(200);
  await client.post('/sim/advance', { to: CLOSE });
  await sober.close();
});
