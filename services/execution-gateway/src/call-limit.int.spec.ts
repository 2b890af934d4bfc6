import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OrderCancelled } from '@ballast/contracts';
import { GatewayBench, trade } from '../test/gateway-bench.js';

const gateway = new GatewayBench();

/** Four calls at once, one of which is kept for cancels; a gateway that has just started believes in that one only. */
beforeAll(() =>
  gateway.start({
    EXECUTION_VENUE_CALLS_PER_MINUTE: '40',
    // The bench has its own time, and a look for every hour of it would take all the room that there is.
    EXECUTION_ACCOUNT_AGE_SECONDS_MAX: '3600',
    // While it waits for room in real time, many minutes of the bench pass: its horizon must not end meanwhile.
    EXECUTION_TWAP_HORIZON_MINUTES: '390',
  }),
);
afterAll(() => gateway.stop());

it('an order beyond the limit of calls does not reach the venue, and is planned again for when there is room', async () => {
  await gateway.openAccount();
  const cycleId = await gateway.execute(trade('MSFT', '1'));
  expect([...gateway.stub.posts.values()]).toEqual([]);
  expect(await gateway.states(cycleId)).toEqual(['cancelled', 'planned']);
  expect(await gateway.said(OrderCancelled, cycleId)).toMatchObject([
    { reason: 'kept back so that the venue gets no more calls a minute than it takes', filledQuantity: '0' },
  ]);
  // The limit runs in real time, the bench in its own: the order comes back again and again until there is room.
  while (gateway.stub.posts.size === 0) await gateway.advance(1_000);
  expect([...gateway.stub.posts.values()]).toEqual([1]);
});
