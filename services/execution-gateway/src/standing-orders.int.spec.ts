import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlertRaised, CancelRequested, HaltRaised, OrderCancelled, ScheduleCompleted, uuid5 } from '@ballast/contracts';
import { GatewayBench, trade } from '../test/gateway-bench.js';

const gateway = new GatewayBench();

beforeAll(() => gateway.start());
afterAll(() => gateway.stop());

describe('an order that somebody replaces at the venue', () => {
  it('takes no cancel meanwhile, and is cancelled once the venue did not replace it', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute(trade('AAPL', '1'));
    gateway.stub.bring('AAPL', 'pending_replace', 'pending_replace');
    await gateway.advance(1);
    expect(await gateway.states(cycleId)).toEqual(['pending_replace']);
    const request = { requestId: uuid5('cancel', gateway.account), portfolioId: gateway.account, clientOrderId: null };
    await gateway.bench.hear(CancelRequested, { ...request, by: 'trader', reason: 'changed my mind' });
    expect(await gateway.states(cycleId)).toEqual(['pending_replace']);
    await gateway.advance(1);
    gateway.stub.bring('AAPL', 'new', 'order_replace_rejected');
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['cancelled']);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([{ status: 'unfilled' }]);
  });

  it('has ended when it was, a person is told, and what fills in its place halts the account', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute(trade('AAPL', '4'));
    gateway.stub.fill('AAPL', 1);
    gateway.stub.bring('AAPL', 'replaced', 'replaced');
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['replaced', 'planned']);
    expect(await gateway.said(OrderCancelled, cycleId)).toMatchObject([
      { filledQuantity: '1', reason: 'the venue says "replaced"' },
    ]);
    gateway.stub.appear('AAPL', 'by-hand', 1);
    gateway.stub.fill('AAPL', 1);
    await gateway.settle();
    const alerts = await gateway.bench.said(AlertRaised.execution);
    expect(
      alerts.filter(({ numbers }) => numbers['account'] === gateway.account || numbers['to'] === 'replaced'),
    ).toMatchObject([{ code: 'ORDER_STATE_UNEXPECTED', numbers: { event: 'replaced' } }, { code: 'FILL_UNKNOWN' }]);
    expect((await gateway.bench.said(HaltRaised)).at(-1)).toMatchObject({ account: gateway.account, door: 'rule' });
  });

  it('is held while the venue holds it, and heard of again when the stream was lost', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute(trade('AAPL', '1'));
    gateway.stub.bring('AAPL', 'suspended', 'suspended');
    await gateway.advance(1);
    expect(await gateway.states(cycleId)).toEqual(['held']);
    gateway.stub.orders.forEach((order) => (order.status = 'new'));
    gateway.stub.breakStreams();
    await gateway.streamOpened(2);
    expect(await gateway.states(cycleId)).toEqual(['acknowledged']);
  });
});
