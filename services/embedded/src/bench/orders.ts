import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Instant, Trade } from '@ballast/contracts';
import { executionGateway } from '@ballast/execution-gateway';
import { sessionOf } from '@ballast/kernel/calendar';
import {
  createLogger,
  FilePackStore,
  provisionDatabase,
  Secret,
  startService,
  SystemClock,
  type Bus,
  type Clock,
  type RunningService,
  type ServiceDefinition,
} from '@ballast/platform';
import { createSigningKeys } from '@ballast/risk-guardrails';
import pg from 'pg';
import { startBroker, type BrokerProcess } from '../host/broker-process.js';
import { brokerClient, type Client } from '../run/client.js';
import { CpuByPart, type CpuShares } from './cpu.js';
import { median, percentileOf } from './figures.js';
import type { Ground } from './ground.js';
import { Verdicts } from './verdicts.js';

const DATE = '2024-03-04';
/** Ten in the morning in New York: the session is open whatever the hour of the measurement. */
const STARTS_AT: Instant = '2024-03-04T15:00:00.000Z';
const SECRET = 'secret-of-the-benchmark';
const CASH = '1000000000';
/** Connections that the broker is asked over when it is measured alone; as many as the gateway has calls under way. */
const ALONE_PARALLEL = 16;
const ALONE_ORDERS = 1_000;
const ALONE_SINGLES = 200;
const WARM_UP = 200;
const LOOK_AGAIN_MS = 25;

/** What one run of the benchmark measured. Times are milliseconds of this machine. */
export interface OrderFigures {
  readonly alone: { readonly ordersPerSecond: number; readonly oneMs: number };
  readonly together: { readonly ordersPerSecond: number; readonly p50Ms: number; readonly p99Ms: number };
  readonly single: { readonly p50Ms: number; readonly p99Ms: number };
  /** Of the run with many orders: seconds of processor by whoever spent them. */
  readonly cpu: CpuShares;
  readonly seconds: number;
}

/** The machine's clock, moved into a session. */
class SessionClock implements Clock {
  readonly #machine = new SystemClock();
  readonly #shiftMs = Date.parse(STARTS_AT) - Date.parse(this.#machine.now());

  now(): Instant {
    return this.#shifted(this.#machine.now(), this.#shiftMs);
  }

  wakeAt(at: Instant, callback: () => void): () => void {
    return this.#machine.wakeAt(this.#shifted(at, -this.#shiftMs), callback);
  }

  #shifted(at: Instant, byMs: number): Instant {
    return new Date(Date.parse(at) + byMs).toISOString();
  }
}

/**
 * Orders from the verdict to the fill in the gateway's books: the gateway in this process, the paper broker in its own, both
 * on the ground's Postgres. The broker is measured alone first, because the gateway cannot be faster.
 */
export async function benchOrders(ground: Ground, orders: number, singles: number): Promise<OrderFigures> {
  const bench = await OrderBench.on(ground);
  try {
    const alone = await bench.brokerAlone();
    await bench.execute('warm', WARM_UP);
    const cpu = await CpuByPart.start(bench.parts());
    const began = performance.now();
    const times = await bench.execute('together', orders);
    const seconds = (performance.now() - began) / 1_000;
    const spent = await cpu.stop();
    const one: number[] = [];
    for (let n = 0; n < singles; n++) one.push(await bench.executeOne('single'));
    return {
      alone,
      together: { ordersPerSecond: orders / seconds, p50Ms: median(times), p99Ms: percentileOf(times, 99) },
      single: { p50Ms: median(one), p99Ms: percentileOf(one, 99) },
      cpu: spent,
      seconds,
    };
  } finally {
    await bench.end();
  }
}

class OrderBench {
  readonly #undo: (() => Promise<unknown>)[] = [];
  readonly #clock = new SessionClock();
  #broker!: BrokerProcess;
  #gateway!: RunningService;
  #verdicts!: Verdicts;
  #watch!: pg.Client;

  private constructor(private readonly ground: Ground) {}

  static async on(ground: Ground): Promise<OrderBench> {
    const bench = new OrderBench(ground);
    try {
      await bench.#start();
      return bench;
    } catch (error) {
      await bench.end();
      throw error;
    }
  }

  /** Places orders straight at the broker: as many at once as the gateway does, then one after another. */
  async brokerAlone(): Promise<OrderFigures['alone']> {
    const client = await this.#open('alone', ALONE_ORDERS + ALONE_SINGLES);
    let next = 0;
    const place = (): Promise<unknown> => {
      const n = next++;
      const body = { symbol: symbolOf(n), qty: '1', side: 'buy', type: 'market', time_in_force: 'day' };
      return client.post('/v2/orders', { ...body, client_order_id: `alone-${n}` });
    };
    const began = performance.now();
    await Promise.all(
      Array.from({ length: ALONE_PARALLEL }, async () => {
        while (next < ALONE_ORDERS) await place();
      }),
    );
    const ordersPerSecond = (next * 1_000) / (performance.now() - began);
    const times: number[] = [];
    for (let n = 0; n < ALONE_SINGLES; n++) {
      const from = performance.now();
      await place();
      times.push(performance.now() - from);
    }
    return { ordersPerSecond, oneMs: median(times) };
  }

  /** Approves so many orders of an account at once. Resolves with the time of each from the verdict to its booked fill. */
  async execute(account: string, orders: number): Promise<number[]> {
    await this.#openBook(account, orders);
    const said = this.#clock.now();
    const trades = Array.from({ length: orders }, (_, n) => tradeOf(n));
    await this.#verdicts.approve(account, trades, said);
    while ((await this.#booked(account)) < orders) await pause(LOOK_AGAIN_MS);
    const { rows } = await this.#watch.query<{ ms: string }>(
      `select extract(epoch from recorded_at - $2::timestamptz) * 1000 as ms from execution_gateway.fill where account = $1`,
      [account, said],
    );
    return rows.map(({ ms }) => Number(ms));
  }

  /** One order, from the moment before its verdict is said to the moment at which its fill is seen in the books, in ms. */
  async executeOne(account: string): Promise<number> {
    await this.#openBook(account, 1);
    const before = await this.#booked(account);
    const began = performance.now();
    await this.#verdicts.approve(account, [tradeOf(0)], this.#clock.now());
    while ((await this.#booked(account)) === before) await pause(1);
    return performance.now() - began;
  }

  /** Who spends processor time: by process, Postgres's also by whom it worked for. */
  parts(): { processes: Record<string, number>; postgres: () => Promise<{ name: string; pid: number }[]> } {
    const postgres = async (): Promise<{ name: string; pid: number }[]> => {
      const { rows } = await this.#watch.query<{ usename: string | null; pid: number }>(
        `select usename, pid from pg_stat_activity`,
      );
      const names: Readonly<Record<string, string>> = {
        execution_gateway: 'Postgres for the gateway',
        paper_broker: 'Postgres for the broker',
      };
      return rows.map(({ usename, pid }) => ({ name: names[usename ?? ''] ?? 'Postgres itself, and looking', pid }));
    };
    const { nats } = this.ground.pids;
    return { processes: { gateway: process.pid, broker: this.#broker.pid, nats }, postgres };
  }

  async end(): Promise<void> {
    for (const each of this.#undo.splice(0).reverse()) await each();
  }

  async #start(): Promise<void> {
    const { ground } = this;
    const url = await provisionDatabase({
      adminUrl: ground.adminUrl,
      database: 'bench_orders',
      services: [executionGateway.name, 'paper-broker'],
      password: () => 'bench-password',
    });
    await mkdir(join(ground.folder, 'logs'), { recursive: true });
    this.#broker = await startBroker({
      databaseUrl: url('paper-broker'),
      secret: SECRET,
      simulatedClock: true,
      logFile: join(ground.folder, 'logs', 'paper-broker.log'),
      env: { PATH: process.env['PATH'], PAPER_BROKER_LOG_LEVEL: 'error' },
      say: (line) => void process.stderr.write(`${line}\n`),
    });
    this.#undo.push(() => this.#broker.stop());
    // Under a role of its own, so that looking is not counted as the gateway's work.
    const watched = new URL(ground.adminUrl);
    watched.pathname = '/bench_orders';
    this.#watch = new pg.Client({ connectionString: watched.href });
    await this.#watch.connect();
    this.#undo.push(() => this.#watch.end());
    const { bus, close } = await ground.openBus();
    this.#undo.push(close);
    await this.#startGateway(url, bus);
  }

  async #startGateway(url: (service: string) => string, bus: Bus): Promise<void> {
    const { folder } = this.ground;
    const keys = await createSigningKeys(join(folder, 'keys'));
    const packs = new FilePackStore(join(folder, 'packs'));
    const env = {
      EXECUTION_VENUE_URL: this.#broker.url,
      EXECUTION_VENUE_SECRET: SECRET,
      EXECUTION_VENUE_CALLS_PER_MINUTE: '0',
      EXECUTION_RISK_PUBLIC_KEY_FILE: keys.publicKeyFile,
      EXECUTION_TWAP_SLICES: '1',
    };
    this.#gateway = await startService(executionGateway as unknown as ServiceDefinition, {
      clock: this.#clock,
      bus,
      packs,
      env: () => env,
      databaseUrl: url,
      token: new Secret('token-of-the-benchmark'),
      logger: (service) => createLogger({ service, level: 'error' }),
      drive: 'loops',
    });
    this.#undo.push(() => this.#gateway.stop());
    await this.#gateway.activate();
    this.#verdicts = new Verdicts(bus, packs, keys.privateKeyFile);
  }

  readonly #opened = new Set<string>();

  /** Opens an account at the venue and in the gateway's books, once, and waits until its stream is heard. */
  async #openBook(account: string, symbols: number): Promise<void> {
    if (this.#opened.has(account)) return;
    this.#opened.add(account);
    await this.#open(account, symbols);
    await this.#verdicts.openAccount(account, CASH, this.#clock.now());
    for (let opens = 0; opens === 0; await pause(20)) {
      const { rows } = await this.#watch.query<{ stream_opens: number }>(
        `select stream_opens from execution_gateway.venue_account where account = $1`,
        [account],
      );
      opens = rows[0]?.stream_opens ?? 0;
    }
  }

  /** Opens an account at the venue, and a market of so many symbols in an open session. */
  async #open(account: string, symbols: number): Promise<Client> {
    const client = brokerClient(this.#broker.url, account, SECRET, this.ground.folder);
    await client.post('/sim/accounts', { account, cash: CASH });
    const { open, close } = sessionOf(DATE)!;
    await client.post('/sim/market', {
      ...{ session: { date: DATE, open, close }, source: 'bench', synthetic: true, seed: 1 },
      bars: Array.from({ length: symbols }, (_, n) => {
        return { symbol: symbolOf(n), open: '100', high: '101', low: '99', close: '100' };
      }),
    });
    await client.post('/sim/advance', { to: STARTS_AT });
    return client;
  }

  async #booked(account: string): Promise<number> {
    const { rows } = await this.#watch.query<{ n: string }>({
      name: 'booked',
      text: `select count(*) as n from execution_gateway.fill where account = $1`,
      values: [account],
    });
    return Number(rows[0]!.n);
  }
}

const symbolOf = (n: number): string => `S${String(n).padStart(5, '0')}`;

const tradeOf = (n: number): Trade => {
  const order = { symbol: symbolOf(n), exchange: 'XNYS', side: 'buy', quantity: '1', referencePrice: '100' } as const;
  return { ...order, notional: '100', contributors: [] };
};
