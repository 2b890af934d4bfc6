import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AlertRaised,
  HaltRaised,
  PlanApproved,
  ReconciliationCompleted,
  SymbolHalted,
  SymbolReleased,
  uuid5,
} from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { Activated } from '@ballast/platform';
import { GatewayBench, MINUTES, trade } from '../test/gateway-bench.js';
import { LookDue } from './messages.js';

const SECOND = 1_000;

const gateway = new GatewayBench();

beforeAll(() =>
  gateway.start({
    EXECUTION_RECONCILE_WORKING_SECONDS: '20',
    EXECUTION_RECONCILE_IDLE_SECONDS: '60',
    EXECUTION_TWAP_SLICES: '2',
    EXECUTION_TWAP_HORIZON_MINUTES: '4',
  }),
);
afterAll(() => gateway.stop());

const after = (ms: number): Promise<void> => gateway.reach(addMilliseconds(gateway.bench.clock.now(), ms));
const looks = () => gateway.tasks('reconcile');
const timers = async (): Promise<number> =>
  (await gateway.tasks('timer')).filter(({ wakes, doneAt }) => wakes === LookDue.type && doneAt === null).length;
const alerts = async (code: string): Promise<number> =>
  (await gateway.bench.said(AlertRaised.execution)).filter(
    (alert) => alert.code === code && alert.numbers['account'] === gateway.account,
  ).length;
const halts = async () =>
  (await gateway.bench.said(SymbolHalted))
    .filter(({ account }) => account === gateway.account)
    .map(({ symbol }) => symbol);

/** The venue has a share of a symbol that nobody here has bought; it cost nothing, so that only the position differs. */
function appear(symbol: string, quantity = 1): void {
  gateway.stub.price = 0;
  gateway.stub.dropsFrames = true;
  gateway.stub.appear(symbol, `${symbol} ${quantity} ${gateway.account}`, quantity);
  gateway.stub.fill(symbol);
  gateway.stub.dropsFrames = false;
  gateway.stub.price = 100;
}

const switchSymbol = (symbol: string, on: boolean, confirm?: string) =>
  gateway.bench.post(
    '/api/v1/halt',
    { account: gateway.account, symbol, on, by: 'ada', reason: 'has looked', ...(confirm ? { confirm } : {}) },
    uuid5(gateway.account, symbol, String(on), String(confirm), gateway.bench.clock.now()),
  );

describe('looks', () => {
  beforeEach(() => gateway.openAccount());

  it('come every minute of a session, every 20 s while an order is open, and one at a time', async () => {
    const before = (await looks()).length;
    await after(5 * MINUTES);
    expect((await looks()).length - before).toBe(5);
    await gateway.execute(trade('AAPL', '1'));
    const working = (await looks()).length;
    await after(2 * MINUTES);
    expect((await looks()).length - working).toBe(6);
    gateway.stub.fill('AAPL');
    await gateway.settle();
    await after(5 * MINUTES);
    expect((await looks()).filter(({ doneAt }) => doneAt === null)).toEqual([]);
    // One is set, and one that another took the place of may still stand.
    expect(await timers()).toBeLessThanOrEqual(2);
  });

  it('do not pile up when the stream breaks again and again', async () => {
    const before = (await looks()).length;
    for (let times = 2; times <= 4; times++) {
      gateway.stub.breakStreams();
      await gateway.streamOpened(times);
    }
    expect((await looks()).length - before).toBe(3);
    await after(MINUTES);
    expect((await looks()).length - before).toBe(4);
  });

  it('say what they find only when it is new, and keep the moment of the last that was green', async () => {
    await after(3 * MINUTES);
    const said = (await gateway.bench.said(ReconciliationCompleted)).filter(
      ({ account }) => account === gateway.account,
    );
    expect(said).toMatchObject([{ status: 'green', cycleId: null }]);
    expect(await gateway.monitored()).toMatchObject({ status: 'green', greenAt: gateway.bench.clock.now() });
  });
});

describe('a break', () => {
  beforeEach(() => gateway.openAccount());

  it('of a position halts its symbol, and the rest of the book trades on', async () => {
    appear('ODD');
    await after(MINUTES + 2 * SECOND);
    expect(await halts()).toEqual(['ODD']);
    expect(await alerts('RECONCILIATION_BROKEN')).toBe(1);
    expect(await gateway.monitored()).toMatchObject({
      status: 'broken',
      breaks: [{ kind: 'position', subject: 'ODD', ours: '0', venue: '1', acceptedBy: null }],
      haltedSymbols: [{ symbol: 'ODD', by: 'execution-gateway', door: 'rule' }],
    });
    const cycleId = await gateway.execute(trade('ODD', '2'), trade('AAPL', '2'));
    await after(3 * MINUTES);
    expect(await gateway.states(cycleId)).toEqual(['acknowledged', 'acknowledged', 'cancelled', 'cancelled']);
    expect(await gateway.codes(cycleId)).toEqual(['SYMBOL_HALTED']);
    expect((await gateway.bench.said(HaltRaised)).filter(({ account }) => account === gateway.account)).toEqual([]);
  });

  it('stays halted when it is gone, until a person types the name of the symbol', async () => {
    appear('ODD');
    await after(MINUTES + 2 * SECOND);
    gateway.stub.fills.pop();
    await after(2 * MINUTES);
    expect(await gateway.monitored()).toMatchObject({
      status: 'green',
      breaks: [],
      haltedSymbols: [{ symbol: 'ODD' }],
    });
    expect(await switchSymbol('ODD', false)).toMatchObject({ status: 422, body: { code: 'CONFIRMATION_REQUIRED' } });
    expect(await switchSymbol('ODD', false, 'ODD')).toMatchObject({ status: 200, body: { halted: false, epoch: 2 } });
    expect(await gateway.monitored()).toMatchObject({ haltedSymbols: [] });
    const released = (await gateway.bench.said(SymbolReleased)).filter(({ account }) => account === gateway.account);
    expect(released).toMatchObject([{ symbol: 'ODD', by: 'ada', door: 'http' }]);
  });

  it('that a person has accepted halts no more, unless it grows', async () => {
    appear('ODD');
    await after(MINUTES + 2 * SECOND);
    await switchSymbol('ODD', false, 'ODD');
    await after(3 * MINUTES);
    expect(await gateway.monitored()).toMatchObject({
      breaks: [{ subject: 'ODD', acceptedBy: 'ada' }],
      haltedSymbols: [],
    });
    appear('ODD', 2);
    await after(MINUTES + 2 * SECOND);
    expect(await gateway.monitored()).toMatchObject({
      breaks: [{ subject: 'ODD', venue: '3', acceptedBy: null }],
      haltedSymbols: [{ symbol: 'ODD', epoch: 3 }],
    });
  });

  it('of cash halts the account: nobody knows which orders it can pay', async () => {
    gateway.stub.cash -= 5;
    await after(MINUTES + 2 * SECOND);
    const raised = (await gateway.bench.said(HaltRaised)).filter(({ account }) => account === gateway.account);
    expect(raised).toMatchObject([{ by: 'execution-gateway', door: 'rule' }]);
    expect(raised[0]!.reason).toBe('a break of cash: cash USD is 100000 here and 99995 at the venue');
  });

  it('that was only on its way is none', async () => {
    await gateway.execute(trade('AAPL', '1'));
    gateway.stub.dropsFrames = true;
    gateway.stub.fill('AAPL');
    await after(MINUTES);
    expect(await gateway.monitored()).toMatchObject({ status: 'green', breaks: [], haltedSymbols: [] });
    expect(await alerts('RECONCILIATION_BROKEN')).toBe(0);
  });

  it('of an order that nobody here has sent is named, and halts its symbol', async () => {
    gateway.stub.appear('ODD', 'somebody-else', 3);
    await after(MINUTES + 2 * SECOND);
    expect(await alerts('EXTERNAL_ORDER')).toBe(1);
    expect(await gateway.monitored()).toMatchObject({
      breaks: [{ kind: 'order', subject: 'somebody-else', symbol: 'ODD', ours: null, venue: 'working' }],
      haltedSymbols: [{ symbol: 'ODD' }],
    });
    await after(2 * MINUTES);
    expect(await alerts('EXTERNAL_ORDER')).toBe(1);
  });
});

describe('after the gateway has begun anew', () => {
  let epoch = 1_000;

  const beginAnew = () => gateway.bench.tell(Activated, 'execution-gateway', { epoch: ++epoch });

  beforeEach(() => gateway.openAccount());

  it('nothing leaves before the books were found to agree: slices and verdicts wait, and go on', async () => {
    const cycleId = await gateway.execute(trade('AAPL', '2'));
    gateway.stub.fill('AAPL');
    await gateway.settle();
    gateway.stub.away = true;
    await beginAnew();
    await after(2 * MINUTES);
    expect(await gateway.monitored()).toMatchObject({ ready: false });
    const data = await gateway.verdict([trade('IBM', '1')]);
    await gateway.bench.hear(PlanApproved, data);
    expect(await gateway.states(cycleId)).toEqual(['filled', 'planned']);
    expect(await gateway.states(data.cycleId)).toEqual([]);
    gateway.stub.away = false;
    await after(MINUTES);
    expect(await gateway.monitored()).toMatchObject({ ready: true, status: 'green' });
    expect(await gateway.states(cycleId)).toEqual(['filled', 'acknowledged']);
    expect(await gateway.states(data.cycleId)).toEqual(['acknowledged']);
  });

  it('books that do not agree keep everything waiting until a person has seen what is broken', async () => {
    appear('ODD');
    await beginAnew();
    await after(5 * SECOND);
    expect(await gateway.monitored()).toMatchObject({
      ready: false,
      status: 'broken',
      haltedSymbols: [{ symbol: 'ODD' }],
    });
    const data = await gateway.verdict([trade('IBM', '1')]);
    await gateway.bench.hear(PlanApproved, data);
    await after(MINUTES);
    expect(await gateway.states(data.cycleId)).toEqual([]);
    await switchSymbol('ODD', false, 'ODD');
    await after(5 * SECOND);
    expect(await gateway.monitored()).toMatchObject({ ready: true, status: 'broken' });
    expect(await gateway.states(data.cycleId)).toEqual(['acknowledged']);
  });

  it('what waits past the end of its horizon is void, and ends', async () => {
    await gateway.bench.advanceTo('2024-03-04T20:50:00.000Z');
    await gateway.settle();
    const cycleId = await gateway.execute(trade('AAPL', '2'));
    gateway.stub.fill('AAPL');
    await gateway.settle();
    gateway.stub.away = true;
    await beginAnew();
    await gateway.reach('2024-03-04T21:10:00.000Z');
    expect(await gateway.states(cycleId)).toEqual(['filled', 'cancelled']);
    expect(await gateway.codes(cycleId)).toEqual(['HORIZON_ENDED']);
  }, 120_000);
});
