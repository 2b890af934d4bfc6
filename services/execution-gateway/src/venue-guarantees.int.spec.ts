import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlertRaised, OrderCancelled, OrderRejected, OrderSubmitted, ScheduleCompleted } from '@ballast/contracts';
import { GatewayBench, MINUTES, SETTLE_MS, trade } from '../test/gateway-bench.js';
import { VENUE, type VenueGuarantees } from './adapters/ports.js';

const gateway = new GatewayBench();
/** The window that is set, once longer for what this venue does not promise. */
const WINDOW_MS = 2 * SETTLE_MS;

beforeAll(async () => {
  await gateway.start();
  const guarantees: VenueGuarantees = { dedupesClientOrderId: true, lookupByClientId: false, replaysFills: true };
  Object.assign(gateway.bench.service.app.get(VENUE), { guarantees });
});
afterAll(() => gateway.stop());

describe('at a venue that cannot be asked for an order by our name', () => {
  it('an unanswered order is looked for in the list of open ones, a longer window later', async () => {
    const cycleId = await gateway.executeWith('MSFT', 'lose-answer');
    await gateway.advance(WINDOW_MS - 1);
    expect(await gateway.states(cycleId)).toEqual(['unknown']);
    await gateway.advance(1);
    expect(await gateway.states(cycleId)).toEqual(['acknowledged']);
  });

  it('one that is not listed stays unknown however often it is asked for, and a person is told', async () => {
    const cycleId = await gateway.executeWith('MSFT', 'lose-request');
    for (let i = 0; i < 4; i++) await gateway.advance(WINDOW_MS);
    expect(await gateway.states(cycleId)).toEqual(['unknown']);
    expect(await gateway.said(OrderRejected, cycleId)).toEqual([]);
    const [order] = await gateway.said(OrderSubmitted, cycleId);
    const { clientOrderId } = order!;
    const alerts = (await gateway.bench.said(AlertRaised.execution)).filter(({ code }) => code === 'ORDER_UNPROVEN');
    expect(alerts[0]).toMatchObject({ severity: 'critical', numbers: { clientOrderId, state: 'unknown' } });
    gateway.stub.appear('MSFT', clientOrderId, 1);
    await gateway.advance(WINDOW_MS);
    expect(await gateway.states(cycleId)).toEqual(['acknowledged']);
    expect(gateway.stub.posts.get(clientOrderId)).toBe(1);
  });

  it('one that it put off is not sent again', async () => {
    await gateway.openAccount();
    gateway.stub.moods.set('MSFT', 'rate-limit');
    const cycleId = await gateway.execute(trade('MSFT', '1'));
    gateway.stub.moods.clear();
    await gateway.advance(MINUTES);
    expect(await gateway.states(cycleId)).toEqual(['cancelled']);
    expect(await gateway.said(OrderCancelled, cycleId)).toMatchObject([{ reason: 'rate limited by the venue' }]);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([{ status: 'unfilled', reason: 'DEFERRED' }]);
    expect([...gateway.stub.posts.values()]).toEqual([1]);
  });
});
