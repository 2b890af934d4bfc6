import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addMilliseconds, millisecondsBetween, type Instant } from '@ballast/kernel/calendar';
import { rng } from '@ballast/kernel/random';
import { GatewayBench, trade } from '../test/gateway-bench.js';

/** Orders that work at the same time, and how often; each loses the message of its one fill. */
const SYMBOLS = Array.from({ length: 20 }, (_, i) => `S${i}`);
const CYCLES = 5;
/** An order fills up to this long after it was acknowledged. */
const FILLS_WITHIN_MS = 90_000;
const DETECTED_WITHIN_MS = 60_000;

const gateway = new GatewayBench();

beforeAll(() => gateway.start({ EXECUTION_RECONCILE_WORKING_SECONDS: '20', EXECUTION_RECONCILE_IDLE_SECONDS: '60' }));
afterAll(() => gateway.stop());

async function booked(): Promise<{ symbol: string; quantity: string; filledAt: Instant; recordedAt: Instant }[]> {
  return gateway.bench.service.dataSource.query(
    `select symbol, quantity, filled_at as "filledAt", recorded_at as "recordedAt" from fill where account = $1`,
    [gateway.account],
  );
}

describe('a fill that a healthy stream dropped', () => {
  const trials = SYMBOLS.length * CYCLES;

  it(`is found and booked once, within a minute of simulated time, in ${trials} trials`, async () => {
    const random = rng(20_260_304);
    await gateway.openAccount();
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      await gateway.execute(...SYMBOLS.map((symbol) => trade(symbol, '1')));
      const began = gateway.bench.clock.now();
      const fills = SYMBOLS.map((symbol) => ({ symbol, at: addMilliseconds(began, random.int(FILLS_WITHIN_MS)) }));
      for (const { symbol, at } of fills.sort((a, b) => (a.at < b.at ? -1 : 1))) {
        await gateway.reach(at);
        gateway.stub.dropsFrames = true;
        gateway.stub.fill(symbol);
        gateway.stub.dropsFrames = false;
      }
      await gateway.reach(addMilliseconds(gateway.bench.clock.now(), DETECTED_WITHIN_MS));
    }
    const all = await booked();
    expect(all.map(({ quantity }) => quantity)).toEqual(Array.from({ length: trials }, () => '1'));
    const took = all.map(({ filledAt, recordedAt }) => millisecondsBetween(filledAt, recordedAt)).sort((a, b) => a - b);
    const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
    console.info(
      `${trials} dropped fills were booked ${seconds(took[trials / 2]!)} s later in the middle and ${seconds(took.at(-1)!)} s at the most, in simulated time`,
    );
    expect(took.at(-1)).toBeLessThanOrEqual(DETECTED_WITHIN_MS);
    expect(await gateway.monitored()).toMatchObject({ status: 'green', breaks: [], haltedSymbols: [], ready: true });
  }, 240_000);
});
