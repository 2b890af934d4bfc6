import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AccountOpened,
  approvedHashOf,
  keyOf,
  permitText,
  PlanApproved,
  sha256,
  uuid5,
  type DataOf,
  type Envelope,
  type EventType,
  type Family,
  type Permit,
  type Trade,
} from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { decimal } from '@ballast/kernel/money';
import { planTwap } from '@ballast/kernel/twap';
import { executionGateway } from '@ballast/execution-gateway';
import {
  createLogger,
  FilePackStore,
  LocalBus,
  packRows,
  provisionDatabase,
  Secret,
  SimulatedClock,
  startService,
  type Incoming,
  type RunningService,
  type ServiceDefinition,
} from '@ballast/platform';
import pg from 'pg';
import type { Ground } from './ground.js';

const ACCOUNT = 'bench';
const SLICES = 1_000;
const HORIZON_MINUTES = 360;
const OPEN = '2024-03-04T14:30:00.000Z';
const CLOSE = '2024-03-04T21:00:00.000Z';
/** Runs that are not counted: the first pay for the compiler and for empty tables. */
const WARM_RUNS = 5;

/** How long a schedule of 1,000 slices took, in milliseconds of this machine, one figure a run. */
export interface TwapTimes {
  /** The kernel alone: quantities and due times. */
  readonly planMs: readonly number[];
  /** A verdict of one trade taken in and committed: checked, cut, 1,000 children with their timers, one fact. */
  readonly committedMs: readonly number[];
  /** The limit: a commit of 1,000 rows in the table of children alone, with its indexes, by one statement in the server. */
  readonly rowsMs: readonly number[];
  /** The same with its 1,000 timers. */
  readonly rowsAndTimersMs: readonly number[];
}

/** Takes in `runs` verdicts of one trade each, cut into 1,000 slices, beside what the machine needs for their rows alone. */
export async function benchTwap(ground: Ground, runs: number): Promise<TwapTimes> {
  const adminUrl = await provisionDatabase({
    adminUrl: ground.adminUrl,
    database: 'bench_twap',
    services: [executionGateway.name],
    password: () => 'bench-password',
  });
  const bench = await TwapBench.on(ground, adminUrl);
  try {
    const times = {
      planMs: [] as number[],
      committedMs: [] as number[],
      rowsMs: [] as number[],
      rowsAndTimersMs: [] as number[],
    };
    for (let run = -WARM_RUNS; run < runs; run++) {
      const planMs = timed(() => void bench.plan());
      const message = await bench.verdict(run + WARM_RUNS);
      const committedMs = await timedAsync(() => bench.take(message));
      const rowsMs = await timedAsync(() => bench.copyChildren(false));
      await bench.emptyCopies();
      const rowsAndTimersMs = await timedAsync(() => bench.copyChildren(true));
      await bench.emptyCopies();
      if (run < 0) continue;
      times.planMs.push(planMs);
      times.committedMs.push(committedMs);
      times.rowsMs.push(rowsMs);
      times.rowsAndTimersMs.push(rowsAndTimersMs);
    }
    return times;
  } finally {
    await bench.end();
  }
}

class TwapBench {
  readonly #keys = generateKeyPairSync('ed25519');
  readonly #sequences = new Map<string, number>();
  #service!: RunningService;
  #client!: pg.Client;
  #packs!: FilePackStore;
  #cycleId = '';

  static async on(ground: Ground, adminUrl: (service: string) => string): Promise<TwapBench> {
    const bench = new TwapBench();
    await bench.#start(await mkdtemp(join(ground.folder, 'twap-')), adminUrl);
    return bench;
  }

  async #start(folder: string, databaseUrl: (service: string) => string): Promise<void> {
    const keyFile = join(folder, 'risk.pub.pem');
    await writeFile(keyFile, this.#keys.publicKey.export({ type: 'spki', format: 'pem' }));
    this.#packs = new FilePackStore(join(folder, 'packs'));
    this.#service = await startService(executionGateway as unknown as ServiceDefinition, {
      clock: new SimulatedClock(OPEN),
      bus: new LocalBus(),
      packs: this.#packs,
      env: () => ({
        // Nothing is ever sent: the steps that would are not taken.
        EXECUTION_VENUE_URL: 'http://127.0.0.1:9',
        EXECUTION_VENUE_SECRET: 'secret-of-no-venue',
        EXECUTION_RISK_PUBLIC_KEY_FILE: keyFile,
        EXECUTION_TWAP_SLICES: String(SLICES),
        EXECUTION_TWAP_HORIZON_MINUTES: String(HORIZON_MINUTES),
      }),
      databaseUrl,
      token: new Secret('token-of-the-benchmark'),
      logger: (service) => createLogger({ service, level: 'silent' }),
      drive: 'stepped',
    });
    await this.#service.activate();
    this.#client = new pg.Client({ connectionString: databaseUrl(executionGateway.name) });
    await this.#client.connect();
    await this.#client.query(`create table bench_child (like child_order including all)`);
    await this.#client.query(`create table bench_task (like task including all)`);
    const opened = { portfolioId: ACCOUNT, account: ACCOUNT, mode: 'paper', currency: 'USD', cash: '1000000' } as const;
    await this.take(this.#message(AccountOpened, { ...opened, openedAt: OPEN }, 'open'));
    // There is no venue whose books could be compared; nothing is sent, so it stands in for that comparison.
    await this.#client.query(`update account_watch set ready_at = $1, status = 'green'`, [OPEN]);
  }

  plan(): unknown {
    const horizonMs = HORIZON_MINUTES * 60_000;
    return planTwap({ qty: decimal('100000'), slices: SLICES, horizonMs, startAt: OPEN, sessionClose: CLOSE });
  }

  async verdict(run: number): Promise<Incoming> {
    const cycleId = uuid5('bench-twap', String(run));
    this.#cycleId = cycleId;
    const trades: Trade[] = [
      {
        ...{ symbol: 'AAPL', exchange: 'XNYS', side: 'buy', quantity: '100000', referencePrice: '100' },
        ...{ notional: '10000000', contributors: [] },
      },
    ];
    const permit: Permit = {
      planHash: 'a'.repeat(64),
      approvedHash: approvedHashOf({ cycleId, account: ACCOUNT, trades }),
      ...{ account: ACCOUNT, limitsVersion: '1', haltEpoch: 0, purpose: 'trade' },
      expiresAt: addMilliseconds(OPEN, 5 * 60_000),
    };
    const none = (await packRows(this.#packs, [])) as never;
    const { publicKey, privateKey } = this.#keys;
    const data: DataOf<typeof PlanApproved> = {
      ...permit,
      ...{ cycleId, portfolioId: ACCOUNT, origin: 'plan', checks: none, trims: none, judgedAt: OPEN },
      trades: (await packRows(this.#packs, trades)) as never,
      keyId: sha256(publicKey.export({ type: 'spki', format: 'der' })).slice(0, 16),
      signature: sign(null, Buffer.from(permitText(permit)), privateKey).toString('base64'),
    };
    return this.#message(PlanApproved, data, cycleId);
  }

  async take(message: Incoming): Promise<void> {
    const [received] = await this.#service.inbox.receive([message]);
    if (received?.status !== 'handled') throw new Error(`the verdict was not handled: ${JSON.stringify(received)}`);
  }

  /** Writes the children of the last verdict once more, in a transaction of their own, and their timers where wanted. */
  async copyChildren(withTimers: boolean): Promise<void> {
    await this.#client.query('begin');
    const { rowCount } = await this.#client.query({
      name: 'children',
      text: `insert into bench_child select * from child_order where cycle_id = $1`,
      values: [this.#cycleId],
    });
    if (rowCount !== SLICES) throw new Error(`a schedule has ${rowCount} slices, not ${SLICES}`);
    if (withTimers) {
      const text = `insert into bench_task select * from task where correlation_id = $1`;
      await this.#client.query({ name: 'timers', text, values: [this.#cycleId] });
    }
    await this.#client.query('commit');
  }

  /** Throws the copies away. */
  async emptyCopies(): Promise<void> {
    await this.#client.query('truncate bench_child, bench_task');
  }

  async end(): Promise<void> {
    await this.#client.end();
    await this.#service.stop();
  }

  #message<F extends Family, D>(type: EventType<F, D>, data: D, name: string): Incoming {
    const noun = `${type.family}.${type.noun}`;
    const key = keyOf(type, data);
    const keySeq = (this.#sequences.get(`${noun} ${key}`) ?? 0) + 1;
    this.#sequences.set(`${noun} ${key}`, keySeq);
    const id = uuid5('bench-message', type.type, name);
    const body: Envelope = {
      ...{ specversion: '1.0', id, source: `/ballast/${type.family}`, type: type.type, subject: key, time: OPEN },
      ...{ datacontenttype: 'application/json', correlationid: id, causationid: id, keyseq: keySeq, data },
    };
    return {
      ...{ eventId: id, source: 'bus', type: type.type, noun, key, keySeq, correlationId: id, body, headers: {} },
      streamSequence: null,
    };
  }
}

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

async function timedAsync(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
