import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AlertRaised, OrderCancelled } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { GatewayBench, MINUTES, trade } from '../test/gateway-bench.js';

const SECOND = 1_000;

const gateway = new GatewayBench();

/** One slice a parent, and looks every 20 s while an order is open. */
beforeAll(() => gateway.start({ EXECUTION_RECONCILE_WORKING_SECONDS: '20', EXECUTION_TWAP_SLICES: '1' }));
afterAll(() => gateway.stop());
beforeEach(() => gateway.openAccount());

const after = (ms: number): Promise<void> => gateway.reach(addMilliseconds(gateway.bench.clock.now(), ms));

describe('what the venue says of an account', () => {
  it('is kept and shown', async () => {
    expect(await gateway.monitored()).toMatchObject({
      ...{ ready: true, status: 'green', factsAt: gateway.bench.clock.now() },
      facts: { cash: '100000', buyingPower: '100000', multiplier: '2', active: true, patternDayTrader: null },
    });
    expect((await gateway.bench.get('/health/ready')).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['that trading is blocked', { trading_blocked: true }, 'ACCOUNT_BLOCKED'],
    ['nothing of whether it is blocked', { account_blocked: undefined }, 'ACCOUNT_BLOCKED'],
    ['a buying power that does not suffice', { buying_power: '99.99' }, 'BUYING_POWER'],
  ])('%s: the order does not leave', async (_, said, code) => {
    await after(2 * MINUTES + SECOND);
    gateway.stub.said = said;
    const cycleId = await gateway.execute(trade('AAPL', '1'));
    expect(await gateway.states(cycleId)).toEqual(['cancelled']);
    expect(await gateway.codes(cycleId)).toEqual([code]);
    expect([...gateway.stub.posts.values()]).toEqual([]);
  });

  it('stops a sale of what is not held where shorting is off, and lets what is held go', async () => {
    const bought = await gateway.execute(trade('AAPL', '2'));
    gateway.stub.fill('AAPL');
    await gateway.settle();
    expect(await gateway.states(bought)).toEqual(['filled']);
    gateway.stub.said = { shorting_enabled: false };
    await after(2 * MINUTES + SECOND);
    const short = await gateway.execute(trade('AAPL', '3', 'sell'));
    expect(await gateway.codes(short)).toEqual(['SHORTING_DISABLED']);
    const sold = await gateway.execute(trade('AAPL', '2', 'sell'));
    expect(await gateway.states(sold)).toEqual(['acknowledged']);
  });

  it('is asked for again before it stands in the way: what was sold pays for what is bought', async () => {
    gateway.stub.cash = 100_000;
    await gateway.execute(trade('OLD', '900'));
    gateway.stub.fill('OLD');
    await gateway.settle();
    await after(MINUTES);
    const cycleId = await gateway.execute(trade('OLD', '900', 'sell'), trade('NEW', '500'));
    gateway.stub.fill('OLD');
    await gateway.settle();
    await after(2 * SECOND);
    expect(await gateway.states(cycleId)).toEqual(['acknowledged', 'filled']);
  });

  it('that is old is asked for before an order leaves, and an order waits while it cannot be had', async () => {
    await after(10 * MINUTES);
    gateway.stub.away = true;
    const cycleId = await gateway.execute(trade('AAPL', '1'));
    await after(SECOND);
    expect(await gateway.states(cycleId)).toEqual(['planned']);
    gateway.stub.away = false;
    await after(MINUTES);
    expect(await gateway.states(cycleId)).toEqual(['acknowledged']);
    expect((await gateway.monitored())['factsAt']).not.toBeNull();
  });

  it('warns before the fourth day trade, where the venue counts them', async () => {
    gateway.stub.said = { daytrade_count: 3, pattern_day_trader: false };
    await gateway.execute(trade('AAPL', '1'));
    await after(MINUTES);
    const warned = (await gateway.bench.said(AlertRaised.execution)).filter(
      ({ code, numbers }) => code === 'DAY_TRADES' && numbers['account'] === gateway.account,
    );
    expect(warned).toHaveLength(1);
  });
});

describe('an order at the market that nobody fills', () => {
  it('is cancelled a quarter of an hour after its slice was due', async () => {
    const cycleId = await gateway.execute(trade('AAPL', '1'));
    await after(15 * MINUTES);
    expect(await gateway.states(cycleId)).toEqual(['acknowledged']);
    await after(20 * SECOND);
    expect(await gateway.states(cycleId)).toEqual(['cancelled']);
    expect(await gateway.said(OrderCancelled, cycleId)).toMatchObject([{ filledQuantity: '0' }]);
  });
});
