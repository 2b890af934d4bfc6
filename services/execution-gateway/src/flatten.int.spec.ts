// Goal: on a real schema, a halted account is closed to nothing and stays halted, and only what shrinks it ever leaves.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CancelRequested,
  HaltLifted,
  OrderCancelled,
  OrderSubmitted,
  PlanApproved,
  PlanRefused,
  ReconciliationCompleted,
  ScheduleCompleted,
  SchedulePlanned,
  uuid5,
  type Permit,
  type Trade,
} from '@ballast/contracts';
import { GatewayBench, MINUTES, trade } from '../test/gateway-bench.js';

const gateway = new GatewayBench();
let keys = 0;

beforeAll(() => gateway.start());
afterAll(() => gateway.stop());

/** An account that holds 5 AAPL, with another 5 planned. */
beforeEach(async () => {
  await gateway.openAccount();
  await gateway.execute(trade('AAPL'));
  gateway.stub.fill('AAPL');
  await gateway.settle();
});

const halt = async (on: boolean): Promise<void> => {
  const { account } = gateway;
  const body = { account, on, by: 'trader', reason: 'looks wrong', ...(on ? {} : { confirm: account }) };
  expect(await gateway.bench.post('/api/v1/halt', body, `halt-${++keys}`)).toMatchObject({ status: 200 });
};

const isHalted = async (): Promise<unknown> => {
  const [row] = await gateway.bench.service.dataSource.query<object[]>(
    `select halted, epoch from halt where account = $1`,
    [gateway.account],
  );
  return row;
};

/** Cancels all orders of the account, as a person does. */
const cancelAll = async (): Promise<void> => {
  const { account: portfolioId } = gateway;
  const by = { by: 'trader', reason: 'looks wrong' };
  const requestId = uuid5('spec', 'cancel', ++keys);
  await gateway.bench.hear(CancelRequested, { requestId, portfolioId, clientOrderId: null, ...by });
  await gateway.settle();
};

/** Hears a permit to flatten; returns its cycle. */
const flatten = async (trades: readonly Trade[], signed: Partial<Permit> = {}): Promise<string> => {
  const data = await gateway.verdict(trades, { purpose: 'flatten', haltEpoch: 1, ...signed });
  await gateway.bench.hear(PlanApproved, data);
  await gateway.settle();
  return data.cycleId;
};

const refusals = async (cycleId: string): Promise<string[]> =>
  (await gateway.said(PlanRefused, cycleId)).map(({ code }) => code);

const sell = (quantity: string): Trade => trade('AAPL', quantity, 'sell');

describe('a flatten', () => {
  it('closes a halted account at once and whole, and lifts nothing', async () => {
    await halt(true);
    await cancelAll();
    const cycleId = await flatten([sell('5')]);
    expect(await gateway.said(SchedulePlanned, cycleId)).toMatchObject([
      { algorithm: 'at_once', slices: [{ slice: 0, quantity: '5', dueAt: gateway.bench.clock.now() }] },
    ]);
    expect(await gateway.said(OrderSubmitted, cycleId)).toMatchObject([{ side: 'sell', quantity: '5' }]);
    gateway.stub.fill('AAPL');
    await gateway.settle();
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([{ status: 'filled', filledQuantity: '5' }]);
    const [settled] = await gateway.said(ReconciliationCompleted as never, cycleId);
    expect(settled).toMatchObject({ status: 'green', breaks: [] });
    expect(await isHalted()).toEqual({ halted: true, epoch: 1 });
    expect((await gateway.bench.said(HaltLifted)).filter(({ account }) => account === gateway.account)).toEqual([]);
    expect(await refusals(await flatten([sell('5')]))).toEqual(['NOT_REDUCING']);
  });

  it('lets no trade leave beside it', async () => {
    await halt(true);
    const planned = await gateway.bench.service.dataSource.query<{ cycle_id: string }[]>(
      `select cycle_id from child_order where account = $1 and state = 'planned'`,
      [gateway.account],
    );
    expect(planned).toHaveLength(1);
    const cycleId = await flatten([sell('5')]);
    await gateway.advance(15 * MINUTES);
    expect(await gateway.said(OrderCancelled, planned[0]!.cycle_id)).toMatchObject([
      { reason: 'halted at epoch 1 by trader: looks wrong' },
    ]);
    expect(await gateway.states(cycleId)).toEqual(['acknowledged']);
  });

  it('is refused where the account is not halted, or not under that halt', async () => {
    expect(await refusals(await flatten([sell('5')], { haltEpoch: 0 }))).toEqual(['ACCOUNT_NOT_HALTED']);
    await halt(true);
    await halt(false);
    expect(await refusals(await flatten([sell('5')]))).toEqual(['HALT_EPOCH_OLD']);
    expect(await refusals(await flatten([sell('5')], { haltEpoch: 2 }))).toEqual(['ACCOUNT_NOT_HALTED']);
  });

  it('is refused where it does more than close what is held and not being sold', async () => {
    await halt(true);
    await cancelAll();
    expect(await refusals(await flatten([sell('6')]))).toEqual(['NOT_REDUCING']);
    expect(await refusals(await flatten([trade('AAPL', '1')]))).toEqual(['NOT_REDUCING']);
    expect(await refusals(await flatten([trade('IBM', '1', 'sell')]))).toEqual(['NOT_REDUCING']);
    const first = await flatten([sell('3')]);
    expect(await refusals(await flatten([sell('3')]))).toEqual(['NOT_REDUCING']);
    const rest = await flatten([sell('2')]);
    expect([await gateway.states(first), await gateway.states(rest)]).toEqual([['acknowledged'], ['acknowledged']]);
  });

  it('that waited for the next opening is void once its halt is over', async () => {
    await halt(true);
    await cancelAll();
    await gateway.bench.advanceTo(gateway.bench.clock.now().replace(/T.*/, 'T22:00:00.000Z'));
    await gateway.settle();
    const cycleId = await flatten([sell('5')]);
    expect(await gateway.states(cycleId)).toEqual(['planned']);
    await halt(false);
    await halt(true);
    await gateway.advance(20 * 60 * MINUTES);
    expect(await gateway.states(cycleId)).toEqual(['cancelled']);
    expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([
      { status: 'unfilled', reason: 'HALT_EPOCH_OLD' },
    ]);
  });
});
