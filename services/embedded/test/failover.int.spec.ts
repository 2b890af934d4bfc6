// Two gateways of one account, as processes: the active one is killed, then stopped and let go on, in the middle of a schedule.
// What docs/adr/0018 promises must hold at the venue: every slice is sent once, whoever sends it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Trade } from '@ballast/contracts';
import { FilePackStore, JetStreamBus, Provisioner } from '@ballast/platform';
import { createSigningKeys } from '@ballast/risk-guardrails';
import { createTestDatabase, type TestDatabase } from '@ballast/testing';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { natsBinaryForTests, testNats, type TestNats } from '../../../libs/platform/src/nats/nats.fixture.js';
import { Verdicts } from '../src/bench/verdicts.js';
import { ensureAll } from '../src/host/durables.js';
import { CountingProxy } from './counting-proxy.js';

const bin = await natsBinaryForTests();
const GATEWAY = 'execution-gateway';
const ACCOUNT = 'main';
const SECRET = 'secret-of-a-venue';
/** A Monday, ten in the morning in New York: where the programs under test believe to be. */
const SHIFT_MS = Date.parse('2024-03-04T15:00:00.000Z') - Date.now();
const now = (): string => new Date(Date.now() + SHIFT_MS).toISOString();
const SLICES = 6;
const SYMBOLS = ['AAA', 'BBB', 'CCC'];

/** A program of ours, its calendar shifted. */
class Program {
  url = '';
  readonly ended: Promise<unknown>;
  readonly errors: string[] = [];

  private constructor(readonly child: ChildProcess) {
    this.ended = once(child, 'exit');
    child.stderr!.on('data', (bytes: Buffer) => this.errors.push(bytes.toString()));
  }

  static async start(service: string, env: NodeJS.ProcessEnv): Promise<Program> {
    const main = fileURLToPath(new URL(`../../${service}/dist/main.js`, import.meta.url));
    const shift = fileURLToPath(new URL('./shifted-time.mjs', import.meta.url));
    const child = spawn(process.execPath, ['--import', shift, main], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], SHIFT_MS: String(SHIFT_MS), ...env },
    });
    const program = new Program(child);
    const listening = new Promise<string>((found) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('{"listening"')) found((JSON.parse(line) as { listening: string }).listening);
      });
    });
    program.url = await Promise.race([
      listening,
      program.ended.then(() => Promise.reject(new Error(program.errors.join('')))),
    ]);
    return program;
  }

  async state(): Promise<string> {
    const answer = await fetch(`${this.url}/health/ready`);
    return ((await answer.json()) as { state: string }).state;
  }

  /** Ends it whatever it does, also where it is stopped. */
  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.ended;
  }
}

const until = async (found: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await found())) await pause(50);
};

(bin === null ? describe.skip : describe)('two gateways of one account', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-failover-'));
  const closing: (() => Promise<unknown>)[] = [];
  let database: TestDatabase;
  let admin: pg.Client;
  let nats: TestNats;
  let proxy: CountingProxy;
  let verdicts: Verdicts;
  let startGateway: () => Promise<Program>;

  beforeAll(async () => {
    database = await createTestDatabase([GATEWAY, 'paper-broker']);
    closing.push(() => database.drop());
    admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    closing.push(() => admin.end());
    nats = await testNats(bin!);
    closing.push(() => nats.remove());
    const connection = await connect({ servers: nats.url });
    closing.push(() => connection.close());
    const provisioner = await Provisioner.over(connection);
    await ensureAll(provisioner);
    const bus = await JetStreamBus.connect({ servers: nats.url, name: 'spec' });
    closing.push(() => bus.close());

    const broker = await Program.start('paper-broker', {
      DATABASE_URL: database.url('paper-broker'),
      PAPER_BROKER_SECRET: SECRET,
    });
    closing.push(() => broker.end());
    await tell(broker.url, '/sim/accounts', { account: ACCOUNT, cash: '1000000' });
    await tell(broker.url, '/sim/market', {
      session: { date: '2024-03-04', open: '2024-03-04T14:30:00.000Z', close: '2024-03-04T21:00:00.000Z' },
      ...{ source: 'failover', synthetic: true, seed: 1 },
      bars: SYMBOLS.map((symbol) => ({ symbol, open: '100', high: '101', low: '99', close: '100' })),
    });
    proxy = await CountingProxy.before(broker.url);
    closing.push(() => proxy.close());

    const keys = await createSigningKeys(folder);
    verdicts = new Verdicts(bus, new FilePackStore(join(folder, 'packs')), keys.privateKeyFile);
    startGateway = async () => {
      const gateway = await Program.start(GATEWAY, {
        DATABASE_URL: database.url(GATEWAY),
        NATS_URL: nats.url,
        API_TOKEN: 'token-of-the-failover-spec',
        PACKS_DIR: join(folder, 'packs'),
        LOG_LEVEL: 'warn',
        EXECUTION_VENUE_URL: proxy.url,
        EXECUTION_VENUE_SECRET: SECRET,
        EXECUTION_RISK_PUBLIC_KEY_FILE: keys.publicKeyFile,
        EXECUTION_TWAP_SLICES: String(SLICES),
        EXECUTION_TWAP_HORIZON_MINUTES: '1',
      });
      closing.push(() => gateway.end());
      return gateway;
    };
  }, 60_000);
  afterAll(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const tell = async (url: string, path: string, body: unknown): Promise<void> => {
    const headers = { 'content-type': 'application/json', 'APCA-API-KEY-ID': ACCOUNT, 'APCA-API-SECRET-KEY': SECRET };
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  const rows = async <T extends pg.QueryResultRow>(sql: string): Promise<T[]> => (await admin.query<T>(sql)).rows;
  /** When each epoch began; the schema's own clock. */
  const epoch = async (): Promise<number> =>
    Number((await rows<{ epoch: string }>(`select epoch from execution_gateway.instance_lease`))[0]!.epoch);

  /** Waits until another instance works, and prints how long that took. */
  const takenOver = async (by: Program, from: number, what: string): Promise<void> => {
    const began = performance.now();
    await until(async () => (await epoch()) > from && (await by.state()) === 'ready');
    console.info(`after ${what} the standby was active within ${Math.round(performance.now() - began)} ms`);
  };

  it('send every slice once though the active one is killed, and the next one stopped and let go on', async () => {
    const first = await startGateway();
    await until(async () => (await first.state()) === 'ready');
    const second = await startGateway();
    await until(async () => (await second.state()) === 'standby');
    await verdicts.openAccount(ACCOUNT, '1000000', now());
    const trades = SYMBOLS.map((symbol): Trade => {
      const order = { symbol, exchange: 'XNYS', side: 'buy', quantity: '60', referencePrice: '100' } as const;
      return { ...order, notional: '6000', contributors: [] };
    });
    await verdicts.approve(ACCOUNT, trades, now());

    await until(() => proxy.posts.size >= SYMBOLS.length);
    first.child.kill('SIGKILL');
    await takenOver(second, 1, 'SIGKILL');

    const third = await startGateway();
    await until(async () => (await third.state()) === 'standby');
    // Stopped while the venue has its call in hand: it has claimed more than it has sent.
    const before = proxy.posts.size;
    const held = new Promise<void>((release) => {
      proxy.atPost = async () => {
        proxy.atPost = () => undefined;
        second.child.kill('SIGSTOP');
        await pause(0);
        release();
      };
    });
    await held;
    expect(proxy.posts.size).toBeGreaterThan(before);
    await takenOver(third, 2, 'SIGSTOP');
    const sent = proxy.posts.size;
    second.child.kill('SIGCONT');
    await second.ended;
    expect(second.child.exitCode).toBe(1);
    expect(second.errors.join('')).toMatch(/the epoch 2 of this instance is over/);
    console.info(`stopped with ${sent} orders sent; the schedule goes on`);

    await until(async () => {
      const [open] = await rows<{ n: string }>(
        `select count(*) as n from execution_gateway.child_order where state not in ('filled', 'cancelled', 'rejected')`,
      );
      return Number(open!.n) === 0;
    });
    // Nothing twice at the venue, nothing there that we do not know, and all of it filled.
    expect([...proxy.posts].filter(([, posts]) => posts !== 1)).toEqual([]);
    const theirs = await rows<{ id: string; filled: string }>(
      `select client_order_id as id, filled_qty as filled from paper_broker."order" order by 1`,
    );
    const ours = await rows<{ id: string; filled: string }>(
      `select client_order_id as id, filled_quantity as filled from execution_gateway.child_order
        where filled_quantity > 0 order by 1`,
    );
    expect(theirs.map(({ id, filled }) => [id, Number(filled)])).toEqual(
      ours.map(({ id, filled }) => [id, Number(filled)]),
    );
    // What the stopped one had claimed and not sent is given up, and not sent by another: the rest of each parent is filled.
    const ends = await rows<{ symbol: string; id: string; state: string; code: string | null; quantity: string }>(
      `select symbol, client_order_id as id, state, code, quantity from execution_gateway.child_order`,
    );
    const given = ends.filter(({ code }) => code === 'NOT_AT_VENUE');
    expect(given.filter(({ id }) => proxy.posts.has(id))).toEqual([]);
    for (const symbol of SYMBOLS) {
      const worked = ends.filter((each) => each.symbol === symbol && (each.state === 'filled' || given.includes(each)));
      expect(worked.reduce((total, { quantity }) => total + Number(quantity), 0)).toBe(60);
    }
    console.info(`${proxy.posts.size} orders were sent once, ${given.length} were claimed and never sent`);
    // Each slice carries the epoch of the instance that committed it to leaving, and they rise.
    const epochs = await rows<{ epoch: string }>(
      `select sending_epoch as epoch from execution_gateway.child_order where sending_epoch is not null order by submitted_at`,
    );
    const numbers = epochs.map((row) => Number(row.epoch));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers)).toEqual(new Set([1, 2, 3]));
  }, 240_000);
});
