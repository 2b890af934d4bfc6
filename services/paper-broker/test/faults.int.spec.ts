import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPaperBroker } from '../src/index.js';
import type { RunningPaperBroker } from '../src/index.js';
import { configOf, Ear, freshDatabase, Http, MARKET, orderBody, SECRET, startDatabase } from './harness.js';
import type { Database } from './harness.js';
import { CLOSE, OPEN } from './times.js';

const keys = { 'apca-api-key-id': 'main', 'apca-api-secret-key': SECRET };
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

  it('refuses a fault that does not exist, and one that such a request cannot have', async () => {
    expect(await place('typo', 'lose-everything')).toMatchObject({ status: 422 });
    expect(await place('typo', 'answer-after-ms=soon')).toMatchObject({ status: 422 });
    const clock = await fetch(`${broker.url}/v2/clock`, { headers: { ...keys, 'x-sim-fault': 'accept-after-ms=5' } });
    expect(clock.status).toBe(422);
  });

  it('concerns cancels and questions too', async () => {
    const resting = await http.post('/v2/orders', orderBody('rest', { type: 'limit', limit_price: '19' }));
    const path = `/v2/orders/${String(resting.body['id'])}`;
    const losing = { method: 'DELETE', headers: { ...keys, 'x-sim-fault': 'lose-answer' } };
    await expect(fetch(`${broker.url}${path}`, losing)).rejects.toThrow();
    expect((await ask('rest')).body).toMatchObject({ status: 'canceled' });
    const limited = await fetch(`${broker.url}/v2/account`, { headers: { ...keys, 'x-sim-fault': 'rate-limit' } });
    expect(limited.status).toBe(429);
  });

  it('is obeyed by nobody who does not know the secret', async () => {
    const stranger = { 'apca-api-key-id': 'main', 'apca-api-secret-key': 'wrong', 'x-sim-fault': 'rate-limit' };
    expect((await fetch(`${broker.url}/v2/account`, { headers: stranger })).status).toBe(401);
    for (const method of ['GET', 'POST']) {
      expect((await fetch(`${broker.url}/sim/faults`, { method })).status).toBe(401);
    }
  });

  it('is counted and listed, and can be armed for what comes next', async () => {
    const before = (await http.get('/sim/faults')).body as { counts: Record<string, number> };
    await http.post('/sim/faults', { fault: '5xx-after-accept' });
    expect((await http.post('/v2/orders', orderBody('armed'))).status).toBe(503);
    expect((await http.post('/v2/orders', orderBody('after'))).status).toBe(200);
    const { body } = await http.get('/sim/faults');
    const happened = body['happened'] as object[];
    expect(body['counts']).toMatchObject({ '5xx-after-accept': (before.counts['5xx-after-accept'] ?? 0) + 1 });
    expect(happened.at(-1)).toMatchObject({ fault: '5xx-after-accept', why: 'armed', what: 'POST /v2/orders' });
    expect((await http.post('/sim/faults', { fault: 'nothing' })).status).toBe(422);
  });
});

describe('faults of the stream', () => {
  const frames = (ear: Ear): number[] => ear.updates().map(({ frame }) => frame);
  const next = async (ear: Ear, id: string): Promise<void> => {
    await http.post('/v2/orders', orderBody(id));
    await ear.until(() => ear.eventsOf(id).includes('fill'));
  };

  it('tell a frame twice, leave one out, and change the order of two', async () => {
    const ear = await Ear.listening(broker.url, 'main');
    await http.post('/sim/faults', { fault: 'stream-duplicate' });
    await next(ear, 'twice-told');
    expect(ear.eventsOf('twice-told')).toEqual(['new', 'new', 'fill']);
    await http.post('/sim/faults', { fault: 'stream-drop' });
    await next(ear, 'half-told');
    expect(ear.eventsOf('half-told')).toEqual(['fill']);
    await http.post('/sim/faults', { fault: 'stream-reorder' });
    await http.post('/v2/orders', orderBody('turned'));
    await ear.until(() => ear.eventsOf('turned').length === 2);
    expect(ear.eventsOf('turned')).toEqual(['fill', 'new']);
    const [first = 0] = frames(ear);
    expect(frames(ear).map((frame) => frame - first)).toEqual([0, 0, 1, 3, 5, 4]);
    ear.socket.terminate();
  });

  it('hang up in the middle, after which the client learns the rest by asking', async () => {
    const ear = await Ear.listening(broker.url, 'main');
    const gone = new Promise((resolve) => ear.socket.once('close', resolve));
    await http.post('/sim/faults', { fault: 'stream-disconnect' });
    await http.post('/v2/orders', orderBody('unheard-of'));
    await gone;
    expect(ear.eventsOf('unheard-of')).toEqual([]);
    expect((await ask('unheard-of')).body).toMatchObject({ status: 'filled' });
  });
});

it('draws faults by configuration, the same for the same seed', async () => {
  const outcomes = async (): Promise<number[]> => {
    const url = await freshDatabase(database);
    const rates = { PAPER_BROKER_FAULT_RATES: '5xx-after-accept:0.3,rate-limit:0.2', PAPER_BROKER_FAULT_SEED: 'nine' };
    const unlucky = await startPaperBroker(configOf(url, rates));
    const client = new Http(unlucky.url, 'main');
    await client.post('/sim/advance', { to: OPEN });
    await client.post('/sim/accounts', { account: 'main', cash: '1000.00' });
    await client.post('/sim/market', MARKET);
    const answers: number[] = [];
    for (let i = 0; i < 20; i += 1) answers.push((await client.get('/v2/clock')).status);
    const { counts } = (await client.get('/sim/faults')).body as { counts: Record<string, number> };
    expect(counts['5xx-after-accept']).toBe(answers.filter((status) => status === 503).length);
    await unlucky.close();
    return answers;
  };
  const first = await outcomes();
  expect(new Set(first)).toEqual(new Set([200, 429, 503]));
  expect(await outcomes()).toEqual(first);
});

it('ignores the header unless faults are on', async () => {
  const url = await freshDatabase(database);
  const sober = await startPaperBroker(configOf(url, { PAPER_BROKER_FAULTS: 'off' }));
  const client = new Http(sober.url, 'main');
  await client.post('/sim/advance', { to: OPEN });
  await client.post('/sim/accounts', { account: 'main', cash: '1000.00' });
  await client.post('/sim/market', MARKET);
  expect((await client.post('/v2/orders', orderBody('x'), { 'x-sim-fault': 'lose-request' })).status).toBe(200);
  expect(await client.post('/sim/faults', { fault: 'lose-request' })).toMatchObject({
    status: 409,
    body: { code: 'SIM_FAULTS_OFF' },
  });
  await client.post('/sim/advance', { to: CLOSE });
  await sober.close();
});
