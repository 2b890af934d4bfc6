import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Alpaca, NotFoundError, trading, ValidationError } from '@alpacahq/alpaca-trade-api';
import { startPaperBroker } from '../src/index.js';
import type { RunningPaperBroker } from '../src/index.js';
import { configOf, freshDatabase, Http, MARKET, SECRET, startDatabase } from './harness.js';
import type { Database } from './harness.js';
import { OPEN } from './times.js';

const keys = { keyId: 'official', secret: SECRET };

let database: Database;
let broker: RunningPaperBroker;
let alpaca: Alpaca;

beforeAll(async () => {
  database = await startDatabase();
  broker = await startPaperBroker(configOf(await freshDatabase(database)));
  const http = new Http(broker.url, 'official');
  await http.post('/sim/advance', { to: OPEN });
  await http.post('/sim/accounts', { account: 'official', cash: '10000.00' });
  await http.post('/sim/market', MARKET);
  // The client's time limit is off: its timers outlive the answers and would keep the test run waiting.
  alpaca = new Alpaca({ ...keys, retry: false, rateLimit: false, timeoutMs: 0, fetchApi: toBroker });
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

it('the official Alpaca client places, reads, cancels and streams', async () => {
  const updates: { event: string; clientOrderId: string | undefined }[] = [];
  const stream = alpaca.trading.stream({ url: `${broker.url.replace('http', 'ws')}/stream`, reconnect: false });
  let heard: () => void = () => undefined;
  stream.onTradeUpdate((update) => {
    updates.push({ event: String(update.event), clientOrderId: update.order.clientOrderId });
    heard();
  });
  const subscribed = new Promise((resolve) => stream.once('subscription', resolve));
  stream.subscribeTradeUpdates();
  stream.connect();
  expect(await stream.waitForAuthentication()).toBe(true);
  await subscribed;

  const bought = await alpaca.trading.orders.market({ symbol: 'BBB', qty: 3, side: 'buy', clientOrderId: 'client-1' });
  expect(bought).toMatchObject({ clientOrderId: 'client-1', status: 'accepted', qty: '3', assetClass: 'us_equity' });
  const resting = await alpaca.trading.orders.limit({
    symbol: 'BBB',
    qty: '1.5',
    side: 'buy',
    limitPrice: 19.5,
    clientOrderId: 'client-2',
  });

  const filled = await alpaca.trading.orders.getOrderByClientOrderId({ clientOrderId: 'client-1' });
  expect(filled).toMatchObject({ status: 'filled', filledAvgPrice: '20', filledQty: '3' });
  expect(filled.filledAt?.toISOString()).toBe(OPEN);
  const open = await alpaca.trading.orders.getAllOrders();
  expect(open.map(({ id }) => id)).toEqual([resting.id]);
  const restingId = String(resting.id);
  await alpaca.trading.orders.deleteOrderByOrderID({ orderId: restingId });
  expect(await alpaca.trading.orders.getOrderByOrderID({ orderId: restingId })).toMatchObject({ status: 'canceled' });

  const all = ['client-1 new', 'client-1 fill', 'client-2 new', 'client-2 canceled'];
  while (updates.length < all.length) await new Promise<void>((resolve) => (heard = resolve));
  expect(updates.map(({ event, clientOrderId }) => `${clientOrderId} ${event}`)).toEqual(all);
  stream.disconnect();

  expect(await alpaca.trading.account.getAccount()).toMatchObject({ cash: '9940', equity: '10000', status: 'ACTIVE' });
  const positions = await alpaca.trading.positions.getAllOpenPositions();
  expect(positions).toMatchObject([{ symbol: 'BBB', qty: '3', avgEntryPrice: '20' }]);
  const fills = await alpaca.trading.collectActivities({ activityTypes: ['FILL'] });
  expect(fills).toMatchObject([{ symbol: 'BBB', qty: '3', price: '20', orderId: bought.id }]);
  expect((await alpaca.trading.clock.legacyClock()).isOpen).toBe(true);
  const days = await alpaca.trading.calendar.legacyCalendar({ start: new Date(OPEN), end: new Date('2017-07-05') });
  expect(days.map(({ open: from, close: to }) => [from, to])).toEqual([
    ['09:30', '13:00'],
    ['09:30', '16:00'],
  ]);
});

it('the official client understands the errors', async () => {
  const again = alpaca.trading.orders.market({ symbol: 'BBB', qty: 1, side: 'buy', clientOrderId: 'client-1' });
  await expect(again).rejects.toBeInstanceOf(ValidationError);
  const unknown = alpaca.trading.orders.getOrderByClientOrderId({ clientOrderId: 'nobody' });
  await expect(unknown).rejects.toBeInstanceOf(NotFoundError);
  const stranger = new trading.AccountsApi(
    new trading.Configuration({ ...keys, secret: 'wrong', timeoutMs: 0, basePath: broker.url }),
  );
  await expect(stranger.getAccount()).rejects.toMatchObject({ status: 401 });
});
