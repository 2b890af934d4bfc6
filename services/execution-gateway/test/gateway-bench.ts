import {
  AccountOpened,
  approvedHashOf,
  permitText,
  PlanApproved,
  uuid5,
  type DataOf,
  type EventType,
  type Mode,
  type Permit,
  type Trade,
} from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { packRows } from '@ballast/platform';
import { benchOf, type Bench } from '@ballast/testing';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyIdOf } from '../src/adapters/risk-keys.js';
import { VenueStream } from '../src/adapters/venue-stream.js';
import { executionGateway } from '../src/module.js';
import { AlpacaStub, type Mood } from './alpaca-stub.js';

/** A Monday, ten in the morning in New York. */
const OPEN = '2024-03-04T15:00:00.000Z';
/** The settle window of the gateway under test; two slices over twenty minutes are its schedule. */
export const SETTLE_MS = 1_000;
export const MINUTES = 60_000;

/** One trade of a plan, at a reference price of 100. */
export const trade = (symbol: string, quantity = '10', side: 'buy' | 'sell' = 'buy'): Trade => ({
  symbol,
  exchange: 'XNYS',
  side,
  quantity,
  referencePrice: '100',
  notional: '1000',
  contributors: [],
});

/** The gateway on a real schema, with a stand-in for Alpaca on the wire and risk's signature at hand. */
export class GatewayBench {
  readonly #keys = generateKeyPairSync('ed25519');
  readonly #folder = mkdtempSync(join(tmpdir(), 'ballast-execution-'));
  readonly haltFile = join(this.#folder, 'halt');
  bench!: Bench;
  stub!: AlpacaStub;
  /** The account of the test that runs. */
  account = '';
  #accounts = 0;
  #cycles = 0;

  /** Starts the gateway; `env` is over what the bench sets. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const keyFile = join(this.#folder, 'risk.pub.pem');
    writeFileSync(keyFile, this.#keys.publicKey.export({ type: 'spki', format: 'pem' }));
    this.stub = await AlpacaStub.start(() => this.bench.clock.now());
    this.bench = await benchOf(executionGateway as never, {
      now: OPEN,
      env: {
        EXECUTION_VENUE_URL: this.stub.url,
        EXECUTION_VENUE_SECRET: 'secret',
        EXECUTION_RISK_PUBLIC_KEY_FILE: keyFile,
        EXECUTION_VENUE_DEADLINE_MS: '800',
        EXECUTION_VENUE_CALLS_PER_MINUTE: '0',
        EXECUTION_VENUE_TIMEOUT_MS: '100',
        EXECUTION_SETTLE_WINDOW_MS: String(SETTLE_MS),
        EXECUTION_TWAP_SLICES: '2',
        EXECUTION_TWAP_HORIZON_MINUTES: '20',
        EXECUTION_HALT_FILE: this.haltFile,
        // Looks come with orders and not by the minute, unless a test is about them.
        EXECUTION_RECONCILE_WORKING_SECONDS: '3600',
        EXECUTION_RECONCILE_IDLE_SECONDS: '0',
        ...env,
      },
    });
  }

  async stop(): Promise<void> {
    await this.bench?.close();
    await this.stub?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Ends the gateway between two of its transactions and starts it anew; what the venue tells meanwhile has to be asked for. */
  async restart(): Promise<void> {
    await this.bench.restart();
    this.stub.frame = 0;
    await this.stream.ready(this.account, 10_000);
  }

  get stream(): VenueStream {
    return this.bench.service.app.get(VenueStream);
  }

  /** Lets everything happen that is due now, what the venue tells included. */
  async settle(): Promise<void> {
    do {
      await this.stream.heard(this.account, this.stub.frame);
      await this.bench.advanceTo(this.bench.clock.now());
    } while ((await this.bench.work()) > 0 || this.stream.lastFrame(this.account) < this.stub.frame);
  }

  async advance(ms: number): Promise<void> {
    await this.bench.advanceTo(addMilliseconds(this.bench.clock.now(), ms));
    await this.settle();
  }

  /** Moves to a moment, and does everything that falls due on the way at its time. */
  async reach(at: string): Promise<void> {
    for (let due = await this.#nextDue(at); due !== null; due = await this.#nextDue(at)) {
      await this.bench.advanceTo(due);
      await this.settle();
    }
    await this.bench.advanceTo(at);
    await this.settle();
  }

  async #nextDue(until: string): Promise<string | null> {
    const due = await this.bench.service.tasks.nextDue();
    return due !== null && due <= until ? due : null;
  }

  /** Waits until the stream of the account has been opened so many times and what it missed was asked for. */
  async streamOpened(times: number): Promise<void> {
    for (let opens = 0; opens < times; await this.settle()) {
      const [row] = await this.bench.service.dataSource.query<{ stream_opens: number }[]>(
        `select stream_opens from venue_account where account = $1`,
        [this.account],
      );
      opens = row!.stream_opens;
      await this.stream.ready(this.account, 10_000);
    }
  }

  /** Gives each test an account of its own, so that halts and books do not mix. */
  async openAccount(): Promise<void> {
    await this.nameAccount();
    await this.streamOpened(1);
  }

  /** The same, without waiting for its stream. */
  async nameAccount(mode: Mode = 'paper'): Promise<void> {
    this.account = `book${++this.#accounts}`;
    this.stub.serve(this.account, 100_000);
    const { account } = this;
    await this.bench.hear(AccountOpened, {
      portfolioId: account,
      account,
      mode,
      currency: 'USD',
      cash: '100000',
      openedAt: this.bench.clock.now(),
    });
  }

  /** A verdict as risk would sign it. */
  async verdict(trades: readonly Trade[], signed: Partial<Permit> = {}): Promise<DataOf<typeof PlanApproved>> {
    const { account, bench } = this;
    const cycleId = uuid5('test-cycle', account, ++this.#cycles);
    const permit: Permit = {
      planHash: 'a'.repeat(64),
      approvedHash: approvedHashOf({ cycleId, account, trades }),
      account,
      limitsVersion: '1',
      expiresAt: addMilliseconds(bench.clock.now(), 5 * MINUTES),
      haltEpoch: 0,
      purpose: 'trade',
      ...signed,
    };
    return {
      ...permit,
      cycleId,
      portfolioId: account,
      origin: permit.purpose === 'flatten' ? 'flatten' : 'plan',
      checks: (await packRows(bench.packs, [])) as never,
      trims: (await packRows(bench.packs, [])) as never,
      judgedAt: bench.clock.now(),
      trades: (await packRows(bench.packs, trades)) as never,
      keyId: keyIdOf(this.#keys.publicKey),
      signature: this.sign(permit),
    };
  }

  sign(permit: Permit): string {
    return sign(null, Buffer.from(permitText(permit)), this.#keys.privateKey).toString('base64');
  }

  /** Executes these trades in a cycle of their own; returns its id. */
  async execute(...trades: Trade[]): Promise<string> {
    const data = await this.verdict(trades);
    await this.bench.hear(PlanApproved, data);
    await this.settle();
    return data.cycleId;
  }

  /** Executes one share of a symbol towards a venue in such a mood. */
  async executeWith(symbol: string, mood: Mood): Promise<string> {
    await this.openAccount();
    this.stub.moods.set(symbol, mood);
    return this.execute(trade(symbol, '1'));
  }

  /** What was said of a type about a cycle, oldest first. */
  async said<D extends object>(type: EventType<'execution', D>, cycleId: string): Promise<D[]> {
    return (await this.bench.said(type)).filter((data) => 'cycleId' in data && data.cycleId === cycleId) as D[];
  }

  /** The tasks of a kind that the account of the test has or had, oldest first. */
  tasks(kind: string): Promise<{ wakes: string | null; dueAt: string; doneAt: string | null }[]> {
    return this.bench.service.dataSource.query(
      `select wakes, due_at as "dueAt", done_at as "doneAt" from task where kind = $1 and key = $2 order by due_at`,
      [kind, this.account],
    );
  }

  /** Why orders of a cycle ended without being filled, each reason once. */
  async codes(cycleId: string): Promise<string[]> {
    const rows = await this.bench.service.dataSource.query<{ code: string }[]>(
      `select distinct code from child_order where cycle_id = $1 and code is not null order by code`,
      [cycleId],
    );
    return rows.map(({ code }) => code);
  }

  /** What the account monitor shows of the account. */
  async monitored(): Promise<Record<string, unknown>> {
    const { items } = (await this.bench.get('/api/v1/execution/accounts')).body as { items: { account: string }[] };
    return items.find(({ account }) => account === this.account)!;
  }

  /** Where the orders of a cycle stand, by slice and attempt. */
  async states(cycleId: string): Promise<string[]> {
    const rows = await this.bench.service.dataSource.query<{ state: string }[]>(
      `select state from child_order where cycle_id = $1 order by symbol, slice, attempt`,
      [cycleId],
    );
    return rows.map((row) => row.state);
  }
}
