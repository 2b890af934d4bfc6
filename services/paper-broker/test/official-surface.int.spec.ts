// Goal: Alpaca's own client can use everything of its API that the README says is simulated.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Alpaca,
  NotFoundError,
  PermissionError,
  RateLimitError,
  trading,
  ValidationError,
} from '@alpacahq/alpaca-trade-api';
import { startPaperBroker } from '../src/index.js';
import type { RunningPaperBroker } from '../src/index.js';
import { configOf, freshDatabase, Http, MARKET, SECRET, startDatabase } from './harness.js';
import type { Database } from './harness.js';
import { BEFORE_OPEN, CLOSE, OPEN } from './times.js';

const keys = { keyId: 'surface', secret: SECRET };
const at = (ms: number): string => new Date(Date.parse(OPEN) + ms).toISOString();

let database: Database;
let broker: RunningPaperBroker;
let http: Http;
let alpaca: Alpaca;
let orders: Alpaca['trading']['orders'];

beforeAll(async () => {
  database = await startDatabase();
  const rules = { PAPER_BROKER_SHORTS: 'on', PAPER_BROKER_FEES: 'us', PAPER_BROKER_LATENCY_MS: '5' };
  broker = await startPaperBroker(configOf(await freshDatabase(database), rules));
  http = new Http(broker.url, 'surface');
  await http.post('/sim/advance', { to: BEFORE_OPEN });
  await http.post('/sim/accounts', { account: 'surface', cash: '100000.00' });
  await http.post('/sim/market', MARKET);
  await http.post('/sim/borrow', { symbols: [{ symbol: 'AAA', shares: '1000', fee_bp: '25' }] });
  // The client's time limit is off: its timers outlive the answers and would keep the test run waiting.
  alpaca = new Alpaca({ ...keys, retry: false, rateLimit: false, timeoutMs: 0, fetchApi: toBroker });
  ({ orders } = alpaca.trading);
});

/** The facade has no option for its base URL: its requests are sent on, and one to any other place is a failure. */
const toBroker: typeof fetch = (input, init) => {
  const url = String(input);
  if (!url.startsWith(trading.TRADING_PAPER_HOST)) throw new Error(`the client asked for ${url}`);
  return fetch(url.replace(trading.TRADING_PAPER_HOST, broker.url), init);
};

afterAll(async () => {
  await broker.close();
  await database.stop();
});

const statusOf = async (id: string | undefined) =>
  (await orders.getOrderByOrderID({ orderId: String(id) })).status as string;

/** The tests of this file are one day: each goes on where the one before it ended. */
describe('with the official client', () => {
  it('every order type and time in force is placed and read back as it was asked for', async () => {
    const buy = { symbol: 'BBB', qty: 2, side: 'buy' } as const;
    const opg = await orders.market({ ...buy, timeInForce: 'opg' });
    expect(opg).toMatchObject({ status: 'accepted', timeInForce: 'opg' });
    await http.post('/sim/advance', { to: OPEN });
    const placed = [
      await orders.market(buy),
      await orders.limit({ ...buy, limitPrice: 20, timeInForce: 'ioc' }),
      await orders.limit({ ...buy, limitPrice: 20, timeInForce: 'fok' }),
      await orders.limit({ ...buy, limitPrice: '19.5', timeInForce: 'gtc' }),
      await orders.stop({ ...buy, stopPrice: 21 }),
      await orders.stopLimit({ ...buy, stopPrice: 21, limitPrice: 21.5 }),
      await orders.trailingStop({ ...buy, trailPercent: 5 }),
      await orders.trailingStop({ ...buy, trailPrice: 3 }),
      await orders.market({ ...buy, timeInForce: 'cls' }),
      await orders.limit({ ...buy, limitPrice: 19, extendedHours: true }),
    ];
    expect(
      placed.map(({ type, timeInForce, limitPrice, stopPrice, trailPercent, trailPrice }) => [
        ...[type, timeInForce, limitPrice ?? null, stopPrice ?? null, trailPercent ?? null, trailPrice ?? null],
      ]),
    ).toEqual([
      ['market', 'day', null, null, null, null],
      ['limit', 'ioc', '20', null, null, null],
      ['limit', 'fok', '20', null, null, null],
      ['limit', 'gtc', '19.5', null, null, null],
      ['stop', 'day', null, '21', null, null],
      ['stop_limit', 'day', '21.5', '21', null, null],
      ['trailing_stop', 'day', null, null, '5', null],
      ['trailing_stop', 'day', null, null, null, '3'],
      ['market', 'cls', null, null, null, null],
      ['limit', 'day', '19', null, null, null],
    ]);
    await http.post('/sim/advance', { to: at(100) });
    const states = await Promise.all([opg, ...placed].map(({ id }) => statusOf(id)));
    expect(states).toEqual([...Array(4).fill('filled'), ...Array(7).fill('new')]);
    expect(await orders.getOrderByOrderID({ orderId: String(placed[6]?.id) })).toMatchObject({
      hwm: '20',
      stopPrice: '21',
    });
    expect(placed[9]?.extendedHours).toBe(true);
  });

  it('an order is replaced, and the refusals are those of Alpaca', async () => {
    const first = await orders.limit({ symbol: 'BBB', qty: 4, side: 'buy', limitPrice: 19, clientOrderId: 'first' });
    await http.post('/sim/advance', { to: at(200) });
    const patch = (orderId: string | undefined, patchOrderRequest: trading.PatchOrderRequest) =>
      orders.patchOrderByOrderId({ orderId: String(orderId), patchOrderRequest });
    const second = await patch(first.id, { limitPrice: '19.25', qty: '6', clientOrderId: 'second' });
    expect(second).toMatchObject({ replaces: first.id, qty: '6', limitPrice: '19.25', clientOrderId: 'second' });
    expect(await statusOf(first.id)).toBe('pending_replace');
    await expect(patch(first.id, { qty: '9' })).rejects.toThrow('cannot replace order in pending_replace status');
    await http.post('/sim/advance', { to: at(300) });
    expect([await statusOf(first.id), await statusOf(second.id)]).toEqual(['replaced', 'new']);
    expect(await orders.getOrderByOrderID({ orderId: String(first.id) })).toMatchObject({ replacedBy: second.id });
    await expect(patch(second.id, { qty: '6' })).rejects.toThrow('order parameters are not changed');
    await expect(patch(first.id, { qty: '9' })).rejects.toThrow('order already replaced');
    await expect(patch('b1a57000-0000-5000-8000-000000000000', { qty: '9' })).rejects.toBeInstanceOf(NotFoundError);
  });

  it('orders are found by their client id, listed by filter, and paged by time and by id', async () => {
    const found = await orders.getOrderByClientOrderId({ clientOrderId: 'second' });
    expect(found).toMatchObject({ clientOrderId: 'second', symbol: 'BBB' });
    const all = await orders.getAllOrders({ status: 'all', limit: 500, direction: 'asc' });
    expect(all).toHaveLength(13);
    const list = async (filter: trading.GetAllOrdersRequest) =>
      (await orders.getAllOrders(filter as never)).map(({ id }) => id);
    const ids = all.map(({ id }) => id);
    expect(await list({ status: 'all', direction: 'asc', limit: 5, afterOrderId: String(ids[4]) })).toEqual(
      ids.slice(5, 10),
    );
    expect(await list({ status: 'all', beforeOrderId: String(ids[3]) })).toEqual(ids.slice(0, 3).reverse());
    expect(await list({ status: 'all', until: OPEN })).toEqual([ids[0]]);
    expect(await list({ status: 'closed', after: BEFORE_OPEN, limit: 2 })).toHaveLength(2);
    expect(await list({ status: 'all', symbols: 'AAA,ZZZ' })).toEqual([]);
    expect(await list({ status: 'open', side: 'sell' })).toEqual([]);
    const open = await orders.getAllOrders({ status: 'open', side: 'buy', nested: true });
    expect(new Set(open.map(({ status }) => status as string))).toEqual(new Set(['new']));
    await expect(orders.getAllOrders({ limit: 501 })).rejects.toBeInstanceOf(ValidationError);
  });

  it('one order is canceled, then all of them, and each says what came of it', async () => {
    const [one] = await orders.getAllOrders({ status: 'open' });
    await orders.deleteOrderByOrderID({ orderId: String(one?.id) });
    expect(await statusOf(one?.id)).toBe('pending_cancel');
    await http.post('/sim/advance', { to: at(400) });
    expect(await statusOf(one?.id)).toBe('canceled');
    await expect(orders.deleteOrderByOrderID({ orderId: String(one?.id) })).rejects.toBeInstanceOf(ValidationError);
    const canceled = await orders.deleteAllOrders();
    expect(canceled.map(({ status }) => status)).toEqual(Array(7).fill(200));
    await http.post('/sim/advance', { to: at(500) });
    expect(await orders.getAllOrders({ status: 'open' })).toEqual([]);
  });

  it('positions are read, closed in part, by percentage, short, and all at once', async () => {
    const { positions, assets } = alpaca.trading;
    expect(await positions.getOpenPosition({ symbolOrAssetId: 'BBB' })).toMatchObject({ qty: '8', side: 'long' });
    expect(await assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: 'AAA' })).toMatchObject({
      ...{ symbol: 'AAA', tradable: true, shortable: true },
    });
    expect(await assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: 'BBB' })).toMatchObject({ shortable: false });
    await orders.market({ symbol: 'AAA', qty: 50, side: 'sell', positionIntent: 'sell_to_open' });
    await http.post('/sim/advance', { to: at(600) });
    expect(await positions.getAllOpenPositions()).toMatchObject([
      { symbol: 'AAA', qty: '-50', side: 'short' },
      { symbol: 'BBB', qty: '8' },
    ]);
    expect(await positions.deleteOpenPosition({ symbolOrAssetId: 'BBB', qty: 3 })).toMatchObject({
      side: 'sell',
      qty: '3',
    });
    expect(await positions.deleteOpenPosition({ symbolOrAssetId: 'AAA', percentage: 25 })).toMatchObject({
      ...{ side: 'buy', qty: '12' },
    });
    await http.post('/sim/advance', { to: at(700) });
    await orders.limit({ symbol: 'BBB', qty: 5, side: 'sell', limitPrice: 30 });
    const blocked = await alpaca.trading.positions
      .deleteOpenPosition({ symbolOrAssetId: 'BBB' })
      .catch((error) => error);
    expect(blocked).toBeInstanceOf(PermissionError);
    await http.post('/sim/advance', { to: at(800) });
    const closed = await alpaca.trading.closeAllPositions({ cancelOrders: true });
    // Where a cancel takes its time, what it frees is not free yet: as at Alpaca the answer says so of each.
    expect(closed.map(({ symbol, status }) => [symbol, status])).toEqual([
      ['AAA', 200],
      ['BBB', 403],
    ]);
    await http.post('/sim/advance', { to: at(900) });
    await alpaca.trading.closeAllPositions();
    await http.post('/sim/advance', { to: at(1_000) });
    expect(await positions.getAllOpenPositions()).toEqual([]);
    await expect(positions.getOpenPosition({ symbolOrAssetId: 'BBB' })).rejects.toBeInstanceOf(NotFoundError);
    await expect(positions.deleteOpenPosition({ symbolOrAssetId: 'BBB' })).rejects.toBeInstanceOf(NotFoundError);
  });

  it('the refusals come as what they are', async () => {
    const dear = orders.market({ symbol: 'AAA', qty: 99_999, side: 'buy' });
    await expect(dear).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('insufficient buying power'),
    });
    const short = orders.market({ symbol: 'BBB', qty: 1, side: 'sell' });
    await expect(short).rejects.toThrow('asset "BBB" cannot be sold short');
    const night = orders.stop({ symbol: 'BBB', qty: 1, side: 'buy', stopPrice: 21, extendedHours: true });
    await expect(night).rejects.toThrow('only type="limit" is allowed for extended hours orders');
    const bracket = orders.bracket({
      ...{ symbol: 'BBB', qty: 1, side: 'buy', takeProfit: { limitPrice: 22 }, stopLoss: { stopPrice: 18 } },
    });
    await expect(bracket).rejects.toThrow('take_profit is not simulated by this venue');
    await http.post('/sim/faults', { fault: 'rate-limit' });
    await expect(orders.getAllOrders()).rejects.toBeInstanceOf(RateLimitError);
  });

  it('account, clock, calendar and activities are those of the day', async () => {
    expect((await alpaca.trading.clock.legacyClock()).isOpen).toBe(true);
    await http.post('/sim/advance', { to: CLOSE });
    expect(await alpaca.trading.account.getAccount()).toMatchObject({
      status: 'ACTIVE',
      shortingEnabled: true,
      accruedFees: '0',
    });
    const { isOpen, nextOpen } = await alpaca.trading.clock.legacyClock();
    expect([isOpen, nextOpen?.toISOString()]).toEqual([false, '2017-07-05T13:30:00.000Z']);
    const days = await alpaca.trading.calendar.legacyCalendar({ start: new Date(OPEN), end: new Date(OPEN) });
    expect(days).toMatchObject([{ open: '09:30', close: '13:00' }]);
    const fills = await alpaca.trading.collectActivities({ activityTypes: ['FILL'] });
    const fees = await alpaca.trading.collectActivities({ activityTypes: ['FEE'] });
    expect(fees).toHaveLength(2);
    const paged = await alpaca.trading.collectActivities({ pageSize: 3, direction: 'asc' } as never);
    expect(paged.map(({ id }) => id)).toHaveLength(fills.length + fees.length);
    expect(new Set(paged.map(({ id }) => id)).size).toBe(paged.length);
    const ofDay = await alpaca.trading.accountActivities.getAccountActivitiesByActivityType({
      activityType: 'FILL',
      date: new Date(OPEN),
    });
    expect(ofDay).toHaveLength(fills.length);
  });
});

it('the stream tells everything that happens to an order, and goes on after the venue hung up', async () => {
  const next = { date: '2017-07-05', open: '2017-07-05T13:30:00.000Z', close: '2017-07-05T20:00:00.000Z' };
  await http.post('/sim/market', { ...MARKET, session: next });
  await http.post('/sim/advance', { to: next.open });
  const told: string[] = [];
  let heard: () => void = () => undefined;
  const listen = async () => {
    const stream = alpaca.trading.stream({ url: `${broker.url.replace('http', 'ws')}/stream`, reconnect: false });
    stream.onTradeUpdate(({ event, order, qty, price }) => {
      told.push([order.clientOrderId, event, qty ?? '', price ?? ''].join(' ').trim());
      heard();
    });
    const subscribed = new Promise((resolve) => stream.once('subscription', resolve));
    stream.subscribeTradeUpdates();
    stream.connect();
    await stream.waitForAuthentication();
    await subscribed;
    return stream;
  };
  const until = async (count: number) => {
    while (told.length < count) await new Promise<void>((resolve) => (heard = resolve));
  };
  const stream = await listen();
  const limit = await orders.limit({ symbol: 'BBB', qty: 2, side: 'buy', limitPrice: 19, clientOrderId: 'a' });
  await http.post('/sim/advance', { to: '2017-07-05T13:31:00.000Z' });
  await orders.patchOrderByOrderId({
    ...{ orderId: String(limit.id), patchOrderRequest: { limitPrice: '20', clientOrderId: 'b' } },
  });
  await http.post('/sim/advance', { to: '2017-07-05T13:32:00.000Z' });
  await until(4);
  expect(told).toEqual(['a new', 'a replaced', 'b new', 'b fill 2 20']);
  const gone = new Promise<void>((resolve) => {
    stream.on('state_change', (state: string) => (state === 'disconnected' ? resolve() : undefined));
  });
  await http.post('/sim/faults', { fault: 'stream-disconnect' });
  await orders.market({ symbol: 'BBB', qty: 1, side: 'buy', clientOrderId: 'c' });
  await http.post('/sim/advance', { to: '2017-07-05T13:33:00.000Z' });
  await gone;
  expect(await orders.getOrderByClientOrderId({ clientOrderId: 'c' })).toMatchObject({ status: 'filled' });
  const again = await listen();
  await orders.market({ symbol: 'BBB', qty: 1, side: 'buy', clientOrderId: 'd' });
  await http.post('/sim/advance', { to: '2017-07-05T13:34:00.000Z' });
  await until(6);
  expect(told.slice(4)).toEqual(['d new', 'd fill 1 20']);
  stream.disconnect();
  again.disconnect();
});
