// Goal: wherever in its horizon the gateway is stopped, the same schedule goes on: no slice twice, none lost.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ScheduleCompleted, SchedulePlanned } from '@ballast/contracts';
import { GatewayBench, MINUTES, trade } from '../test/gateway-bench.js';

/** Each run of the law is a horizon with real transactions and restarts of a service. */
const RUNS = 6;
const SLICES = 6;

const gateway = new GatewayBench();
beforeAll(() =>
  gateway.start({
    EXECUTION_TWAP_SLICES: String(SLICES),
    EXECUTION_TWAP_HORIZON_MINUTES: '12',
    EXECUTION_TWAP_JITTER_TIME_RATIO: '0.5',
    EXECUTION_TWAP_JITTER_SIZE_RATIO: '0.3',
    EXECUTION_TWAP_MARKET_CHECKED: 'true',
  }),
);
afterAll(() => gateway.stop());

/** Moves through a minute in steps: timers, then work; and restarts before the steps that are named. */
async function minute(restartsAt: ReadonlySet<number>, first: number): Promise<void> {
  const { bench } = gateway;
  for (let step = 0; step < 4; step++) {
    if (restartsAt.has(first + step)) await gateway.restart();
    const at = new Date(Date.parse(bench.clock.now()) + MINUTES / 4).toISOString();
    if (restartsAt.has(first + step + 0.5)) {
      // Its timers have fired, and what they set going was not done.
      await bench.advanceTo(at);
      await gateway.restart();
    }
    await gateway.reach(at);
    gateway.stub.fill('AAPL');
    await gateway.settle();
  }
}

it('a schedule goes on where it was, through restarts at any point of its horizon', async () => {
  const halves = fc.integer({ min: 0, max: 90 }).map((n) => n / 2);
  const law = fc.asyncProperty(
    fc.uniqueArray(halves, { minLength: 1, maxLength: 4 }),
    fc.integer({ min: SLICES, max: 997 }),
    async (points, quantity) => {
      await gateway.openAccount();
      const cycleId = await gateway.execute(trade('AAPL', String(quantity)));
      const [planned] = await gateway.said(SchedulePlanned, cycleId);
      for (let n = 0; n < 13; n++) await minute(new Set(points), n * 4);
      const children = await gateway.bench.service.dataSource.query<Record<string, unknown>[]>(
        `select slice, quantity, due_at as "dueAt", state, client_order_id as id from child_order
          where cycle_id = $1 order by slice`,
        [cycleId],
      );
      expect(children.map(({ slice, quantity: each, dueAt }) => ({ slice, quantity: each, dueAt }))).toEqual(
        planned!.slices,
      );
      expect(children.map(({ state }) => state)).toEqual(Array.from({ length: SLICES }, () => 'filled'));
      expect(Object.fromEntries(gateway.stub.posts)).toEqual(
        Object.fromEntries(children.map(({ id }) => [id as string, 1])),
      );
      expect(await gateway.said(ScheduleCompleted, cycleId)).toMatchObject([
        { status: 'filled', filledQuantity: String(quantity) },
      ]);
    },
  );
  await fc.assert(law, { numRuns: RUNS, endOnFailure: true });
}, 300_000);
