import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addMilliseconds, nextSession, sessionOf, sessionsBetween } from '@ballast/kernel/calendar';
import { SimulatedClock } from '@ballast/platform';
import { setTimeout as pause } from 'node:timers/promises';
import { startSystem, type System } from '../host/system.js';
import { brokerClient, systemClient, type Client } from '../run/client.js';
import { SimulatedTime } from '../run/simulated-time.js';

/** The history of the benchmark: long enough for every strategy's window. */
const FROM = '2023-01-03';
const AS_OF = '2024-03-01';
const BOOK = 'bench';
const LOOK_AGAIN_MS = 5;

/** How long one cycle took, in milliseconds of this machine. */
export interface CycleTimes {
  readonly symbols: number;
  readonly trades: number;
  readonly openedToFirstSlicesMs: number;
  readonly openedToClosedMs: number;
}

/**
 * Runs whole cycles over a synthetic market of `symbols` names, every name traded, in
 * simulated time: how long from opening to the slices standing in execution's tables,
 * and to the cycle's close.
 */
export async function benchCycles(symbols: number, runs: number, log: (line: string) => void): Promise<CycleTimes[]> {
  const home = await mkdtemp(join(tmpdir(), 'ballast-bench-'));
  await chmod(home, 0o755);
  const clock = new SimulatedClock('1998-01-02T00:00:00.000Z');
  const env = {
    ...process.env,
    BALLAST_HOME: home,
    // Every name is held by each strategy, so that the plan is as long as the universe.
    ALLOCATOR_NAMES_PER_STRATEGY: String(symbols),
    ALLOCATOR_TRADE_NOTIONAL_USD_MIN: '0',
    RISK_LIMIT_SECTOR_GROSS: '1',
    FEEDS_PACK_SESSIONS_MAX: '280',
  };
  const system = await startSystem({ home, book: BOOK, clock: () => clock, env, port: 0, host: '127.0.0.1', log });
  try {
    const cycles = new BenchCycles(system, clock);
    await cycles.prepare(symbols);
    const times: CycleTimes[] = [];
    for (let run = 0, asOf = AS_OF; run < runs; run++, asOf = nextSession(asOf).date) {
      times.push({ symbols, ...(await cycles.run(asOf)) });
      log(`${symbols} symbols, cycle ${run + 1} of ${runs}: ${JSON.stringify(times.at(-1))}`);
    }
    return times;
  } finally {
    await system.stop();
    await rm(home, { recursive: true, force: true });
  }
}

class BenchCycles {
  readonly #client: Client;
  readonly #venue: Client;
  readonly #time: SimulatedTime;

  constructor(
    private readonly system: System,
    clock: SimulatedClock,
  ) {
    const { secrets, logs } = system.home;
    this.#client = systemClient(system.url, system.token, logs);
    this.#venue = brokerClient(system.broker.url, BOOK, secrets.venue, logs);
    this.#time = new SimulatedTime(system, clock, this.#venue);
  }

  async prepare(symbols: number): Promise<void> {
    const until = nextSession(nextSession(nextSession(nextSession(AS_OF).date).date).date).date;
    const body = { name: 'synthetic', seed: 1, symbols, sessions: sessionsBetween(FROM, until).length, until };
    const { importId } = await this.#client.post<{ importId: string }>('/api/v1/feeds/synthetic', body, 'bench');
    const path = `/api/v1/feeds/imports/${importId}`;
    while ((await this.#client.get<{ status: string }>(path)).status === 'running') await pause(100);
    await this.#time.moveTo(sessionOf(AS_OF)!.close);
    await this.#venue.post('/sim/accounts', { account: BOOK, cash: '1000000000' });
    await this.#client.post('/api/v1/books', { book: BOOK, cash: '1000000000' }, 'open');
    await this.#time.settle();
  }

  async run(asOf: string): Promise<Omit<CycleTimes, 'symbols'>> {
    const session = nextSession(asOf);
    const decideAt = addMilliseconds(sessionOf(asOf)!.close, 15 * 60_000);
    if (decideAt > this.#time.now()) await this.#time.moveTo(decideAt);
    await this.#setMarket(session);
    const opened = performance.now();
    const { cycleId } = await this.#client.post<{ cycleId: string }>(
      '/v1/execute',
      { patternId: 'daily-rebalance', asOf, trigger: 'operator', portfolioId: BOOK },
      `bench/${asOf}`,
    );
    const trades = await this.#slicesPersisted(cycleId);
    const openedToFirstSlicesMs = Math.round(performance.now() - opened);
    await this.#time.runUntil(addMilliseconds(session.close, 60 * 60_000), async () => {
      const { status } = await this.#client.get<{ status: string }>(`/api/v1/cycles/${cycleId}`);
      return status === 'closed' || status === 'aborted';
    });
    return { trades, openedToFirstSlicesMs, openedToClosedMs: Math.round(performance.now() - opened) };
  }

  async #setMarket({ date, open, close }: { date: string; open: string; close: string }): Promise<void> {
    const day = await this.#client.get<{ bars: Record<string, unknown>[] }>(`/api/v1/feeds/bars?date=${date}`);
    const bars = day.bars.map((bar) => ({
      symbol: bar['symbol'],
      open: bar['open'],
      high: bar['high'],
      low: bar['low'],
      close: bar['close'],
    }));
    await this.#venue.post('/sim/market', {
      session: { date, open, close },
      source: 'bench',
      synthetic: true,
      seed: 'bench',
      bars,
    });
  }

  /** Waits until the cycle's slices are committed. Returns how many parents they belong to. */
  async #slicesPersisted(cycleId: string): Promise<number> {
    const execution = this.system.services.find(({ name }) => name === 'execution-gateway')!;
    for (;;) {
      const [row] = await execution.dataSource.query<{ parents: number }[]>(
        `select count(*) as parents from parent_order where cycle_id = $1`,
        [cycleId],
      );
      if (row!.parents > 0) return row!.parents;
      await pause(LOOK_AGAIN_MS);
    }
  }
}
