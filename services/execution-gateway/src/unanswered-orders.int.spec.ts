import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  OrderAcknowledged,
  OrderFilled,
  OrderRejected,
  OrderSubmitted,
  OrderUnknown,
  PlanApproved,
  ReconciliationCompleted,
  ScheduleCompleted,
} from '@ballast/contracts';
import { GatewayBench, SETTLE_MS, trade } from '../test/gateway-bench.js';

const gateway = new GatewayBench();

beforeAll(() => gateway.start());
afterAll(() => gateway.stop());

describe('an order without a clear answer', () => {
  it.each(['lose-answer', 'fail-after', 'not-unique'] as const)('is found at the venue after "%s"', async (mood) => {
    const cycleId = await gateway.executeWith('MSFT', mood);
    expect(await gateway.states(cycleId)).toEqual(['unknown']);
    expect(await gateway.said(OrderUnknown, cycleId)).toHaveLength(1);
    await gateway.advance(SETTLE_MS);
    expect(await gateway.states(cycleId)).toEqual(['acknowledged']);
    gateway.stub.fill('MSFT');
    await gateway.settle();
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([{ status: 'filled' }]);
    expect(await gateway.said(ReconciliationCompleted, cycleId)).toMatchObject([{ status: 'green' }]);
  });

  it('brings the fills along that it had while nobody listened', async () => {
    await gateway.openAccount();
    gateway.stub.moods.set('MSFT', 'lose-answer');
    gateway.stub.dropsFrames = true;
    const cycleId = await gateway.execute(trade('MSFT', '1'));
    gateway.stub.fill('MSFT');
    await gateway.advance(SETTLE_MS);
    expect(await gateway.states(cycleId)).toEqual(['filled']);
    expect(await gateway.said(ReconciliationCompleted, cycleId)).toMatchObject([{ status: 'green' }]);
  });

  it('is given up only when the venue has twice not known it', async () => {
    const cycleId = await gateway.executeWith('MSFT', 'lose-request');
    await gateway.advance(SETTLE_MS);
    expect(await gateway.states(cycleId)).toEqual(['unknown']);
    expect(await gateway.said(OrderRejected, cycleId)).toEqual([]);
    await gateway.advance(SETTLE_MS);
    expect(await gateway.said(OrderRejected, cycleId)).toMatchObject([{ code: 'NOT_AT_VENUE', filledQuantity: '0' }]);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([
      { status: 'unfilled', reason: 'NOT_AT_VENUE' },
    ]);
  });

  it('is believed when it appears after it was given up', async () => {
    const cycleId = await gateway.executeWith('MSFT', 'lose-request');
    await gateway.advance(SETTLE_MS);
    await gateway.advance(SETTLE_MS);
    const [order] = await gateway.said(OrderSubmitted, cycleId);
    gateway.stub.appear('MSFT', order!.clientOrderId, 1);
    gateway.stub.fill('MSFT');
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['filled']);
  });

  it('is acknowledged by a fill that overtakes the answer', async () => {
    const cycleId = await gateway.executeWith('MSFT', 'fill-first');
    expect(await gateway.states(cycleId)).toEqual(['filled']);
    expect(await gateway.said(OrderAcknowledged, cycleId)).toHaveLength(1);
    const facts = (await gateway.bench.saidAll())
      .filter((fact) => fact.correlationid === cycleId)
      .map((fact) => fact.type);
    expect(facts.indexOf(OrderAcknowledged.type)).toBeLessThan(facts.indexOf(OrderFilled.type));
  });
});

describe('an order that the venue does not take', () => {
  it('is rejected with the venue’s own reason', async () => {
    const cycleId = await gateway.executeWith('IBM', 'refuse');
    expect(await gateway.said(OrderRejected, cycleId)).toMatchObject([
      { code: 'INSUFFICIENT_BUYING_POWER', reason: 'insufficient buying power (403, 40310000)' },
    ]);
  });

  it('is tried again under another id where it was certainly not taken', async () => {
    const cycleId = await gateway.executeWith('IBM', 'rate-limit');
    expect(await gateway.states(cycleId)).toEqual(['cancelled', 'planned']);
    gateway.stub.moods.clear();
    await gateway.advance(30_000);
    gateway.stub.fill('IBM');
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['cancelled', 'filled']);
    expect(await gateway.said(OrderSubmitted, cycleId)).toMatchObject([{ attempt: 0 }, { attempt: 1 }]);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([{ status: 'filled', filledQuantity: '1' }]);
  });
});

describe('the stream', () => {
  it('is caught up with after it broke', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute(trade('AAPL', '1'));
    gateway.stub.breakStreams();
    gateway.stub.dropsFrames = true;
    gateway.stub.fill('AAPL');
    await gateway.streamOpened(2);
    expect(await gateway.states(cycleId)).toEqual(['filled']);
    expect(await gateway.said(ReconciliationCompleted, cycleId)).toMatchObject([{ status: 'green' }]);
  });

  it('is authorised before anything is sent', async () => {
    gateway.stub.authorises = false;
    await gateway.nameAccount();
    await gateway.settle();
    const data = await gateway.verdict([trade('AAPL', '1')]);
    await gateway.bench.hear(PlanApproved, data);
    await gateway.bench.advanceTo(gateway.bench.clock.now());
    const before = gateway.stub.posts.size;
    await gateway.bench.work();
    expect([await gateway.states(data.cycleId), gateway.stub.posts.size - before]).toEqual([
      ['cancelled', 'planned'],
      0,
    ]);
    gateway.stub.authorises = true;
    expect(await gateway.stream.ready(gateway.account, 10_000)).toBe(true);
    await gateway.advance(5_000);
    expect(await gateway.states(data.cycleId)).toEqual(['cancelled', 'acknowledged']);
  });
});

describe('a fill that a broken stream hid', () => {
  it('is fetched when a frame that the venue counted does not come', async () => {
    await gateway.openAccount();
    const cycleId = await gateway.execute(trade('AAPL', '1'));
    gateway.stub.dropsFrames = true;
    gateway.stub.fill('AAPL');
    gateway.stub.frame++;
    await gateway.settle();
    expect(await gateway.states(cycleId)).toEqual(['filled']);
    expect(await gateway.said(ReconciliationCompleted, cycleId)).toMatchObject([{ status: 'green' }]);
  });
});
