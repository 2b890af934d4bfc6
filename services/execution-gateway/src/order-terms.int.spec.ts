import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  HaltRaised,
  OrderFilled,
  OrderRejected,
  OrderSubmitted,
  parentOrderIdOf,
  ScheduleCompleted,
  type OrderTerms,
} from '@ballast/contracts';
import { GatewayBench, MINUTES, trade } from '../test/gateway-bench.js';

const gateway = new GatewayBench();

beforeAll(() => gateway.start());
afterAll(() => gateway.stop());

/** Asks for ten shares under terms; gives back what the venue was sent. */
async function ask(terms: OrderTerms, quantity = '10'): Promise<{ cycleId: string; sent: Record<string, unknown>[] }> {
  await gateway.openAccount();
  const cycleId = await gateway.execute({ ...trade('AAPL', quantity), terms });
  return { cycleId, sent: [...gateway.stub.bodies.values()] };
}

describe('an order with terms', () => {
  it.each<[OrderTerms, object]>([
    [{ type: 'market', timeInForce: 'fok' }, {}],
    [{ type: 'limit', timeInForce: 'gtc', limitPrice: '99.5' }, { limit_price: '99.5' }],
    [{ type: 'limit', timeInForce: 'ioc', limitPrice: '99.5' }, { limit_price: '99.5' }],
    [
      { type: 'limit', timeInForce: 'day', limitPrice: '99.5', extendedHours: true },
      { limit_price: '99.5', extended_hours: true },
    ],
    [{ type: 'limit', timeInForce: 'cls', limitPrice: '99.5' }, { limit_price: '99.5' }],
    [{ type: 'stop', timeInForce: 'gtc', stopPrice: '105' }, { stop_price: '105' }],
    [
      { type: 'stop_limit', timeInForce: 'day', stopPrice: '105', limitPrice: '106' },
      { stop_price: '105', limit_price: '106' },
    ],
    [{ type: 'trailing_stop', timeInForce: 'gtc', trailPrice: '2.5' }, { trail_price: '2.5' }],
    [{ type: 'trailing_stop', timeInForce: 'day', trailPercent: '1.5' }, { trail_percent: '1.5' }],
  ])('reaches the venue whole, on the wire: %j', async (terms, more) => {
    const { cycleId, sent } = await ask(terms);
    const [order] = await gateway.said(OrderSubmitted, cycleId);
    expect(order).toMatchObject({ quantity: '10', terms, limitPrice: terms.limitPrice ?? null });
    expect(sent).toEqual([
      {
        ...{ symbol: 'AAPL', qty: '10', side: 'buy', client_order_id: order!.clientOrderId },
        ...{ type: terms.type, time_in_force: terms.timeInForce },
        ...more,
      },
    ]);
    expect(await gateway.states(cycleId)).toEqual(['acknowledged']);
  });

  it('keeps them when the venue puts it off', async () => {
    const terms: OrderTerms = { type: 'limit', timeInForce: 'gtc', limitPrice: '99.5' };
    await gateway.openAccount();
    gateway.stub.moods.set('AAPL', 'rate-limit');
    const cycleId = await gateway.execute({ ...trade('AAPL'), terms });
    gateway.stub.moods.clear();
    await gateway.advance(MINUTES);
    expect(await gateway.states(cycleId)).toEqual(['cancelled', 'acknowledged']);
    expect([...gateway.stub.bodies.values()]).toMatchObject([{ limit_price: '99.5' }, { limit_price: '99.5' }]);
  });

  it.each<[OrderTerms, string, string, RegExp]>([
    [
      { type: 'limit', timeInForce: 'day', limitPrice: '290.123' },
      ...(['10', 'PRICE_INCREMENT', /"invalid limit_price 290.123. sub-penny increment/] as const),
    ],
    [
      { type: 'limit', timeInForce: 'gtc', limitPrice: '99.5' },
      ...(['0.5', 'FRACTIONAL_TIME_IN_FORCE', /"fractional orders must be DAY orders"/] as const),
    ],
    [
      {
        ...{ type: 'market', timeInForce: 'day', orderClass: 'bracket' },
        ...{ takeProfit: { limitPrice: '110' }, stopLoss: { stopPrice: '95' } },
      },
      ...(['10', 'ORDER_CLASS_NOT_WORKED', /exits are not followed here yet/] as const),
    ],
  ])('is refused before anything is sent: %j of %s', async (terms, quantity, code, words) => {
    const { cycleId, sent } = await ask(terms, quantity);
    expect(sent).toEqual([]);
    expect(await gateway.said(OrderSubmitted, cycleId)).toEqual([]);
    expect(await gateway.said(OrderRejected, cycleId)).toMatchObject([
      { code, filledQuantity: '0', reason: expect.stringMatching(words) },
    ]);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([{ status: 'unfilled', reason: code }]);
  });
});

describe('an order for an amount of money', () => {
  const terms: OrderTerms = { type: 'market', timeInForce: 'day', notional: '500' };

  /** What is told of the only order of a cycle. */
  async function orderOf(cycleId: string): Promise<Record<string, unknown>> {
    const id = parentOrderIdOf({ cycleId, account: gateway.account, symbol: 'AAPL', side: 'buy' });
    const { body } = await gateway.bench.get(`/api/v1/orders/${id}`);
    return (body as { order: Record<string, unknown> }).order;
  }

  it('is sent as the amount, and is for as many shares as the venue fills', async () => {
    const { cycleId, sent } = await ask(terms, '5');
    expect(sent).toMatchObject([
      { symbol: 'AAPL', notional: '500', side: 'buy', type: 'market', time_in_force: 'day' },
    ]);
    expect(sent[0]).not.toHaveProperty('qty');
    gateway.stub.price = 96;
    gateway.stub.fill('AAPL', 2);
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['partially_filled']);
    expect(await orderOf(cycleId)).toMatchObject({ status: 'active', quantity: '5.208333334', filledQuantity: '2' });
    gateway.stub.fill('AAPL');
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['filled']);
    expect(await gateway.said(OrderFilled, cycleId)).toMatchObject([
      { quantity: '2', leavesQuantity: '3.208333334' },
      { quantity: '3.208333333', cumulativeQuantity: '5.208333333', leavesQuantity: '0' },
    ]);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([
      { status: 'filled', quantity: '5.208333333', filledQuantity: '5.208333333', averagePrice: '96' },
    ]);
    expect(await orderOf(cycleId)).toMatchObject({ outcome: 'filled', terms, remaining: '0' });
    expect((await gateway.bench.said(HaltRaised)).filter(({ account }) => account === gateway.account)).toEqual([]);
    gateway.stub.price = 100;
  });

  it('is followed where what the stream told was lost', async () => {
    const { cycleId } = await ask(terms, '5');
    gateway.stub.dropsFrames = true;
    gateway.stub.fill('AAPL');
    gateway.stub.dropsFrames = false;
    gateway.stub.breakStreams();
    await gateway.streamOpened(2);
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['filled']);
    expect(await orderOf(cycleId)).toMatchObject({ outcome: 'filled', filledQuantity: '5' });
  });

  it.each<[Partial<OrderTerms>, string, RegExp]>([
    [{ notional: '0.99' }, 'NOTIONAL_TOO_SMALL', /"notional must be >= 1.00"/],
    [{ timeInForce: 'gtc' }, 'FRACTIONAL_TIME_IN_FORCE', /"fractional orders must be DAY orders"/],
    [{ type: 'trailing_stop', trailPercent: '1' }, 'FRACTIONAL_TYPE', /"fractional orders must be market, limit/],
  ])('is refused with the venue’s reason: %j', async (more, code, words) => {
    const { cycleId, sent } = await ask({ ...terms, ...more }, '5');
    expect(sent).toEqual([]);
    expect(await gateway.said(OrderRejected, cycleId)).toMatchObject([{ code, reason: expect.stringMatching(words) }]);
  });
});
