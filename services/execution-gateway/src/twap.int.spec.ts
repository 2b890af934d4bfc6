// Goal: on a real schema, a schedule ends by its rule, waits for a market that is as it must be, and reports what it came to.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CancelRequested, OrderSubmitted, ScheduleCompleted, uuid5 } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { GatewayBench, MINUTES, trade } from '../test/gateway-bench.js';

const QUARTER = MINUTES / 4;

/** A gateway with such settings for the tests of a group; each test has an account of its own. */
function gatewayWith(env: Readonly<Record<string, string>>): GatewayBench {
  const gateway = new GatewayBench();
  beforeAll(() => gateway.start(env));
  afterAll(() => gateway.stop());
  beforeEach(() => gateway.openAccount());
  return gateway;
}

/** Lets so much time pass, and does everything that falls due on the way at its time. */
const pass = (gateway: GatewayBench, ms: number): Promise<void> =>
  gateway.reach(addMilliseconds(gateway.bench.clock.now(), ms));

const rows = <T>(gateway: GatewayBench, cycleId: string): Promise<T[]> =>
  gateway.bench.service.dataSource.query<T[]>(
    `select slice, quantity, state, code from child_order where cycle_id = $1 order by slice, attempt`,
    [cycleId],
  );
const quantities = async (gateway: GatewayBench, cycleId: string): Promise<unknown[]> =>
  (await rows<{ slice: number; quantity: string; state: string; code: string | null }>(gateway, cycleId)).map(
    ({ slice, quantity, state, code }) => [slice, quantity, state, code],
  );
const cancelAll = (gateway: GatewayBench): Promise<unknown> =>
  gateway.bench.hear(CancelRequested, {
    requestId: uuid5('cancel', gateway.account),
    portfolioId: gateway.account,
    clientOrderId: null,
    by: 'trader',
    reason: 'changed my mind',
  });

describe('a horizon that ends', () => {
  const gateway = gatewayWith({});

  it('has what is unfilled cancelled, and says so', async () => {
    const cycleId = await gateway.execute(trade('AAPL'));
    gateway.stub.fill('AAPL', 2);
    await pass(gateway, 10 * MINUTES);
    gateway.stub.fill('AAPL', 1);
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['partially_filled', 'partially_filled']);
    await pass(gateway, 10 * MINUTES);
    expect(await gateway.states(cycleId)).toEqual(['cancelled', 'cancelled']);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([
      { status: 'partially_filled', filledQuantity: '4', reason: 'VENUE_CANCELLED' },
    ]);
  });

  it('leaves alone what is filled, and reports it beside the market', async () => {
    const cycleId = await gateway.execute(trade('AAPL'));
    gateway.stub.fill('AAPL');
    await gateway.settle();
    await pass(gateway, 10 * MINUTES);
    gateway.stub.price = 101;
    gateway.stub.barsPerPage = 3;
    gateway.stub.fill('AAPL');
    await gateway.settle();
    const [completed] = await gateway.said(ScheduleCompleted, cycleId);
    expect(completed).toMatchObject({ averagePrice: '100.5', arrivalPrice: '100', slippageBp: '50' });
    expect(completed!.report).toMatchObject({
      marketTwap: '101',
      marketVwap: '101',
      marketVolume: '10000',
      lastPrice: '101',
      marketReason: null,
      shortfallBp: '50',
      participation: '0.001',
      lateness: { orders: 2, p50Ms: 0, maxMs: 0, overOneSecond: 0 },
    });
    const parents = await gateway.bench.get(`/api/v1/execution/parents?cycleId=${cycleId}`);
    expect(parents.body).toMatchObject({ items: [{ algorithm: 'twap', report: completed!.report }] });
    const metrics = (await gateway.bench.get('/metrics')).body as string;
    expect(metrics).toMatch(/ballast_slice_lateness_seconds_count\{service="execution-gateway"\} [1-9]/);
  });

  it('is reported without the market where the venue tells nothing of it', async () => {
    gateway.stub.volumePerMinute = null;
    const cycleId = await gateway.execute(trade('AAPL', '1'));
    gateway.stub.fill('AAPL');
    await gateway.settle();
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([
      {
        report: {
          marketTwap: null,
          participation: null,
          marketReason: 'the venue has no minute of it',
          shortfallBp: '0',
        },
      },
    ]);
  });
});

describe('a horizon that is crossed', () => {
  const gateway = gatewayWith({ EXECUTION_TWAP_END: 'cross' });

  it('has the rest sent as one last order, and never more than the parent', async () => {
    const cycleId = await gateway.execute(trade('AAPL'));
    gateway.stub.fill('AAPL', 2);
    await pass(gateway, 10 * MINUTES);
    gateway.stub.fill('AAPL', 1);
    await pass(gateway, 10 * MINUTES);
    expect(await quantities(gateway, cycleId)).toEqual([
      [0, '5', 'cancelled', 'VENUE_CANCELLED'],
      [1, '5', 'cancelled', 'VENUE_CANCELLED'],
      [2, '6', 'acknowledged', null],
    ]);
    gateway.stub.fill('AAPL');
    await gateway.settle();
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([{ status: 'filled', filledQuantity: '10' }]);
    expect([...gateway.stub.posts.values()]).toEqual([1, 1, 1]);
  });

  it('never sends again what a person cancelled, a halt voided or the venue refused', async () => {
    const cancelled = await gateway.execute(trade('AAPL'));
    await cancelAll(gateway);
    await gateway.settle();
    expect(await gateway.said(ScheduleCompleted, cancelled)).toMatchObject([{ status: 'unfilled' }]);
    gateway.stub.moods.set('IBM', 'refuse');
    const refused = await gateway.execute(trade('IBM'));
    await pass(gateway, 20 * MINUTES);
    expect(await quantities(gateway, refused)).toEqual([
      [0, '5', 'rejected', 'INSUFFICIENT_BUYING_POWER'],
      [1, '5', 'rejected', 'INSUFFICIENT_BUYING_POWER'],
    ]);
    expect(await gateway.said(ScheduleCompleted, refused)).toMatchObject([{ status: 'unfilled' }]);
  });

  it('leaves alone what a person cancelled after its horizon had, and what the venue refused meanwhile', async () => {
    gateway.stub.moods.set('IBM', 'refuse');
    const cycleId = await gateway.execute(trade('AAPL', '4'), trade('IBM', '2'));
    await pass(gateway, 19 * MINUTES);
    await gateway.bench.advanceTo(addMilliseconds(gateway.bench.clock.now(), MINUTES));
    // The cancels of the horizon have not reached the venue yet.
    await cancelAll(gateway);
    await gateway.settle();
    const completed = await gateway.said(ScheduleCompleted, cycleId);
    expect(completed.map(({ symbol, status }) => `${symbol} ${status}`).sort()).toEqual([
      'AAPL unfilled',
      'IBM unfilled',
    ]);
    expect([...gateway.stub.posts.values()]).toEqual([1, 1, 1, 1]);
  });

  it('waits for its end where a slice was late and found no room', async () => {
    const cycleId = await gateway.execute(trade('AAPL'));
    gateway.stub.fill('AAPL');
    await gateway.settle();
    // Nobody looks at the second slice until after the horizon has ended.
    const later = Date.parse(gateway.bench.clock.now()) + 30 * MINUTES;
    gateway.bench.clock.advanceTo(new Date(later).toISOString());
    await gateway.settle();
    gateway.stub.fill('AAPL');
    await gateway.settle();
    expect(await quantities(gateway, cycleId)).toEqual([
      [0, '5', 'filled', null],
      [1, '5', 'cancelled', expect.stringMatching(/^(LATE|HORIZON_ENDED)$/)],
      [2, '5', 'filled', null],
    ]);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([{ status: 'filled' }]);
  });
});

describe('a horizon that is extended', () => {
  const gateway = gatewayWith({ EXECUTION_TWAP_END: 'extend', EXECUTION_TWAP_LATE_RATIO_MAX: '0' });

  it('goes on at its own pace, by slices no larger than the planned ones', async () => {
    const cycleId = await gateway.execute(trade('AAPL', '12'));
    await pass(gateway, 20 * MINUTES);
    const open = [
      [0, '6', 'cancelled', 'VENUE_CANCELLED'],
      [1, '6', 'cancelled', 'VENUE_CANCELLED'],
    ];
    expect(await quantities(gateway, cycleId)).toEqual([
      ...open,
      [2, '6', 'acknowledged', null],
      [3, '6', 'planned', null],
    ]);
    gateway.stub.fill('AAPL');
    await pass(gateway, 10 * MINUTES);
    gateway.stub.fill('AAPL');
    await gateway.settle();
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([{ status: 'filled', filledQuantity: '12' }]);
  });
});

describe('slices that wait for the market', () => {
  const gateway = gatewayWith({ EXECUTION_TWAP_MARKET_CHECKED: 'true', EXECUTION_TWAP_PRICE_LIMIT_BP: '50' });

  it('leave by a limit order into an open market, and know what they arrived at', async () => {
    const cycleId = await gateway.execute(trade('AAPL'));
    expect(await gateway.states(cycleId)).toEqual(['acknowledged', 'planned']);
    const [order] = await gateway.said(OrderSubmitted, cycleId);
    expect(order).toMatchObject({ orderType: 'limit', limitPrice: '100.5' });
    expect(gateway.stub.bodies.get(order!.clientOrderId)).toMatchObject({ type: 'limit', limit_price: '100.5' });
    const parents = await gateway.bench.get(`/api/v1/execution/parents?cycleId=${cycleId}`);
    expect(parents.body).toMatchObject({ items: [{ arrivalPrice: '100' }] });
  });

  it('wait out a pause, and leave when it is over', async () => {
    gateway.stub.quoteCondition = 'Z';
    const cycleId = await gateway.execute(trade('AAPL'));
    await pass(gateway, 5 * MINUTES);
    expect(await quantities(gateway, cycleId)).toEqual([
      [0, '5', 'planned', 'MARKET_HALTED'],
      [1, '5', 'planned', null],
    ]);
    expect(gateway.stub.posts.size).toBe(0);
    gateway.stub.quoteCondition = 'R';
    await pass(gateway, QUARTER);
    expect(await gateway.states(cycleId)).toEqual(['acknowledged', 'planned']);
  });

  it('are void by the code of what they waited for, and nothing was sent', async () => {
    gateway.stub.quoteAgeMs = 60_000;
    const cycleId = await gateway.execute(trade('AAPL'));
    await pass(gateway, 20 * MINUTES);
    expect(await quantities(gateway, cycleId)).toEqual([
      [0, '5', 'cancelled', 'QUOTE_STALE'],
      [1, '7', 'cancelled', 'QUOTE_STALE'],
    ]);
    expect(gateway.stub.posts.size).toBe(0);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([
      { status: 'unfilled', reason: 'QUOTE_STALE', report: { from: null, marketReason: 'nothing of it left' } },
    ]);
  });

  it('do not follow a price beyond the limit', async () => {
    const cycleId = await gateway.execute(trade('AAPL'));
    gateway.stub.fill('AAPL');
    await gateway.settle();
    gateway.stub.price = 100.6;
    await pass(gateway, 10 * MINUTES);
    expect(await quantities(gateway, cycleId)).toEqual([
      [0, '5', 'filled', null],
      [1, '5', 'planned', 'PRICE_LIMIT'],
    ]);
    gateway.stub.price = 100.4;
    await pass(gateway, QUARTER);
    expect(await gateway.states(cycleId)).toEqual(['filled', 'acknowledged']);
  });

  it('are void at once under a halt of the account', async () => {
    gateway.stub.quoteCondition = 'Z';
    const cycleId = await gateway.execute(trade('AAPL'));
    const body = { account: gateway.account, on: true, by: 'trader', reason: 'looks wrong' };
    await gateway.bench.post('/api/v1/halt', body, `halt-${gateway.account}`);
    await pass(gateway, QUARTER);
    expect(await quantities(gateway, cycleId)).toEqual([
      [0, '5', 'cancelled', 'HALTED'],
      [1, '5', 'planned', null],
    ]);
  });
});

describe('slices that keep to a part of the volume', () => {
  const gateway = gatewayWith({ EXECUTION_TWAP_PARTICIPATION_RATIO_MAX: '0.1' });

  it('leave as far as it goes, and hand the rest on', async () => {
    gateway.stub.volumePerMinute = 4;
    const cycleId = await gateway.execute(trade('AAPL'));
    // Ten minutes before the first slice traded 40 shares.
    expect(await quantities(gateway, cycleId)).toEqual([
      [0, '4', 'acknowledged', null],
      [1, '6', 'planned', null],
    ]);
    await pass(gateway, 10 * MINUTES);
    expect(await quantities(gateway, cycleId)).toEqual([
      [0, '4', 'acknowledged', null],
      [1, '4', 'acknowledged', null],
    ]);
  });

  it('do not leave where the venue does not tell the volume', async () => {
    gateway.stub.volumePerMinute = null;
    const cycleId = await gateway.execute(trade('AAPL'));
    await pass(gateway, 20 * MINUTES);
    expect(gateway.stub.posts.size).toBe(0);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([
      { status: 'unfilled', reason: 'VOLUME_UNKNOWN' },
    ]);
  });
});
