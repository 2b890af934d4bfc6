import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CancelRequested,
  OrderFilled,
  OrderSubmitted,
  PlanApproved,
  ReconciliationCompleted,
  ScheduleCompleted,
  SchedulePlanned,
  uuid5,
} from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { GatewayBench, MINUTES, trade } from '../test/gateway-bench.js';
import { HorizonEnded, SlicesDue, VenueEvent } from './messages.js';

const gateway = new GatewayBench();

beforeAll(() => gateway.start());
afterAll(() => gateway.stop());

describe('a plan on its way to the venue', () => {
  it('is sliced, sent, filled, completed and reconciled', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute(trade('AAPL'));
    const [planned] = await gateway.said(SchedulePlanned, cycleId);
    expect(planned!.slices.map(({ quantity, dueAt }) => [quantity, dueAt])).toEqual([
      ['5', gateway.bench.clock.now()],
      ['5', addMilliseconds(gateway.bench.clock.now(), 10 * MINUTES)],
    ]);
    expect(await gateway.states(cycleId)).toEqual(['acknowledged', 'planned']);
    gateway.stub.fill('AAPL', 2);
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['partially_filled', 'planned']);
    gateway.stub.fill('AAPL');
    await gateway.settle();
    await gateway.advance(10 * MINUTES);
    gateway.stub.fill('AAPL');
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['filled', 'filled']);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([
      {
        status: 'filled',
        filledQuantity: '10',
        averagePrice: '100',
        arrivalPrice: '100',
        slippageBp: '0',
        reason: null,
      },
    ]);
    expect(await gateway.said(ReconciliationCompleted, cycleId)).toMatchObject([
      { status: 'green', breaks: [], account: gateway.account },
    ]);
    expect([...gateway.stub.posts.values()].every((posts) => posts === 1)).toBe(true);
  });

  it('counts a fill once however often it is told', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute(trade('AAPL', '1'));
    gateway.stub.fill('AAPL');
    gateway.stub.repeatLastFill();
    await gateway.settle();
    expect(await gateway.said(OrderFilled, cycleId)).toMatchObject([
      { quantity: '1', cumulativeQuantity: '1', leavesQuantity: '0' },
    ]);
  });

  it('believes one message of a batch after another: what one wrote of an order the next one finds', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute(trade('AAPL', '4'));
    const { clientOrderId } = (await gateway.said(OrderSubmitted, cycleId))[0]!;
    const { account } = gateway;
    const at = gateway.bench.clock.now();
    const filled = (executionId: string, quantity: string, total: string): VenueEvent => {
      const what = { venueOrderId: 'at-the-venue', symbol: 'AAPL', side: 'buy' } as const;
      const order = { ...what, clientOrderId, quantity: '2', filledQuantity: total, submittedAt: at } as const;
      const fill = { ...what, executionId, quantity, price: '100', at };
      return { account, update: { event: 'fill', word: 'fill', order: { ...order, status: 'working' }, fill, at } };
    };
    const told = [filled('one', '1', '1'), filled('one', '1', '1'), filled('two', '1', '2')];
    const { bench } = gateway;
    const outcomes = await Promise.all(told.map((each) => bench.tell(VenueEvent, clientOrderId, each)));
    expect(outcomes.map(({ status }) => status)).toEqual(['handled', 'handled', 'handled']);
    expect(await gateway.said(OrderFilled, cycleId)).toMatchObject([
      { cumulativeQuantity: '1', leavesQuantity: '1' },
      { cumulativeQuantity: '2', leavesQuantity: '0' },
    ]);
    expect(await gateway.states(cycleId)).toEqual(['filled', 'planned']);
  });

  it('goes straight to the books where there is nothing to trade', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute();
    expect(await gateway.said(ReconciliationCompleted, cycleId)).toMatchObject([{ status: 'green' }]);
  });

  it('reports what does not agree with the venue', async () => {
    await gateway.openAccount();
    gateway.stub.cash = 99_000;
    const cycleId = await gateway.execute();
    await gateway.advance(2_000);
    expect(await gateway.said(ReconciliationCompleted, cycleId)).toMatchObject([
      { status: 'broken', breaks: [{ kind: 'cash', subject: 'USD', ours: '100000', venue: '99000' }] },
    ]);
  });
});

describe('a cancel', () => {
  it('ends what has not left at once and asks the venue for the rest', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute(trade('AAPL'));
    gateway.stub.fill('AAPL', 2);
    await gateway.settle();
    const request = {
      requestId: uuid5('cancel', gateway.account),
      portfolioId: gateway.account,
      by: 'trader',
      reason: 'changed my mind',
    };
    await gateway.bench.hear(CancelRequested, { ...request, clientOrderId: null });
    expect(await gateway.states(cycleId)).toEqual(['pending_cancel', 'cancelled']);
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['cancelled', 'cancelled']);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([
      { status: 'partially_filled', filledQuantity: '2' },
    ]);
    expect(await gateway.said(ReconciliationCompleted, cycleId)).toMatchObject([{ status: 'green' }]);
  });

  it('that comes too late leaves the order where the venue says it is', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute(trade('AAPL', '1'));
    const [order] = await gateway.said(OrderSubmitted, cycleId);
    gateway.stub.dropsFrames = true;
    gateway.stub.fill('AAPL');
    const request = {
      requestId: uuid5('cancel', gateway.account),
      portfolioId: gateway.account,
      by: 'trader',
      reason: 'changed my mind',
    };
    await gateway.bench.hear(CancelRequested, { ...request, clientOrderId: order!.clientOrderId });
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['filled']);
  });
});

describe('what can be asked', () => {
  it('shows orders, their fills and every transition with what was compared', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute(trade('AAPL', '1'));
    gateway.stub.fill('AAPL');
    await gateway.settle();
    const list = (await gateway.bench.get(`/api/v1/execution/orders?cycleId=${cycleId}`)).body as {
      items: { clientOrderId: string }[];
    };
    expect(list).toMatchObject({ items: [{ symbol: 'AAPL', state: 'filled' }], next: null });
    const one = await gateway.bench.get(`/api/v1/orders/${list.items[0]!.clientOrderId}`);
    expect(one.body).toMatchObject({
      order: { filledQuantity: '1' },
      fills: [{ quantity: '1', price: '100' }],
      transitions: [
        { event: 'due', from: 'planned', to: 'sending' },
        { event: 'acknowledged', to: 'acknowledged' },
        { event: 'fill', to: 'filled' },
      ],
    });
    expect((await gateway.bench.get(`/api/v1/execution/parents?cycleId=${cycleId}`)).body).toMatchObject({
      items: [{ status: 'filled', filledQuantity: '1', children: 1 }],
    });
  });

  it('compares the books when told to', async () => {
    const asked = await gateway.bench.post(
      '/api/v1/execution/reconcile',
      { account: gateway.account },
      `recon-${gateway.account}`,
    );
    const { reconciliationId } = asked.body as { reconciliationId: string };
    await gateway.settle();
    expect(await gateway.bench.get(`/api/v1/execution/reconciliations/${reconciliationId}`)).toMatchObject({
      status: 200,
      body: { status: 'green', cycleId: null },
    });
  });
});

describe('a plan of thousands', () => {
  it('is scheduled in seconds, with one timer a due instant', async () => {
    await gateway.openAccount();
    const symbols = Array.from({ length: 10_000 }, (_, i) => `S${String(i).padStart(5, '0')}`);
    const data = await gateway.verdict(symbols.map((symbol) => trade(symbol, '12')));
    const began = performance.now();
    await gateway.bench.hear(PlanApproved, data);
    console.info(`10,000 parents with 20,000 children were planned in ${Math.round(performance.now() - began)} ms`);
    expect(await gateway.said(SchedulePlanned, data.cycleId)).toHaveLength(10_000);
    const timers = await gateway.bench.service.dataSource.query(
      `select from task where done_at is null and wakes = any($2) and key = $1`,
      [gateway.account, [SlicesDue.type, HorizonEnded.type]],
    );
    expect(timers).toHaveLength(3);
  }, 60_000);
});

describe('the schema', () => {
  it('is what the entities say', async () => {
    const { upQueries } = await gateway.bench.service.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});
