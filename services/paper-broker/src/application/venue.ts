import type { Logger } from 'pino';
import { addMilliseconds } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/kernel/calendar';
import type { Decimal } from '@ballast/kernel/money';
import type { MachineClock } from '../adapters/ports.js';
import type { Account, Holding } from '../domain/account.js';
import type { MarketSession } from '../domain/market.js';
import type { Rules } from '../domain/rules.js';
import { pauseAt } from '../domain/luld.js';
import { emptyBook } from '../domain/symbol-book.js';
import type { SymbolBook } from '../domain/symbol-book.js';
import { isClientOrderId } from '../domain/validate.js';
import { luldOf } from '../domain/view.js';
import type { Store } from '../persistence/store.js';
import { nextDueOf, runDue } from './desk.js';
import { UnitOfWork } from './state.js';
import type { Frame, Recordings, VenueState } from './state.js';
import type { Marks } from './valuation.js';

const BATCH_MAX = 100;
const RELOAD_DELAY_MS = 1_000;

interface Job {
  readonly clientOrderIds: readonly (readonly [string, string])[];
  readonly act: (uow: UnitOfWork) => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface VenueOptions {
  readonly store: Store;
  readonly machine: MachineClock;
  readonly clock: 'real' | 'simulated';
  readonly rules: Rules;
  readonly recordings: Recordings;
  readonly log: Logger;
  /** Is handed the frames of a transaction once it has committed, in their order. */
  readonly publish: (frames: readonly Frame[]) => void;
}

/** The venue cannot take or answer anything now; ask again. Answered as HTTP 503. */
export class VenueUnavailable extends Error {
  override readonly name = 'VenueUnavailable';
  readonly statusCode = 503;
}

/**
 * The one queue through which everything changes. Commands run one after another; those that wait are committed
 * together, up to a hundred a transaction, and are answered only when Postgres has them.
 */
export class Venue {
  readonly rules: Rules;
  readonly recordings: Recordings;
  readonly clock: 'real' | 'simulated';
  private state: VenueState | null = null;
  private readonly queue: Job[] = [];
  private draining: Promise<void> | null = null;
  private stopTimer: () => void = () => undefined;
  private closed = false;

  constructor(private readonly options: VenueOptions) {
    this.rules = options.rules;
    this.recordings = options.recordings;
    this.clock = options.clock;
  }

  /** Reads the state, and in real time lets happen what fell due while the process was away. */
  async start(): Promise<void> {
    this.state = await this.options.store.load();
    await this.run(() => undefined);
  }

  /**
   * Runs a command in a transaction. Out: what `act` returned, after the commit. Rejects where the database failed; then
   * nobody knows whether it was done, as with any venue, and the state is read anew before the next command.
   * @param clientOrderIds the (account, client order id) pairs that the command may take.
   */
  run<T>(act: (uow: UnitOfWork) => T, clientOrderIds: Job['clientOrderIds'] = []): Promise<T> {
    if (this.closed) return Promise.reject(new VenueUnavailable('the venue is shutting down'));
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ clientOrderIds, act, resolve: (result) => resolve(result as T), reject });
      this.draining ??= this.drain();
    });
  }

  /** The venue's time: the simulated clock, or the machine's. */
  now(): Instant {
    return this.clock === 'simulated' ? this.committed().now : this.options.machine.now();
  }

  get session(): MarketSession | null {
    return this.committed().session;
  }

  account(name: string): Account | undefined {
    return this.committed().accounts.get(name);
  }

  accounts(): Account[] {
    return [...this.committed().accounts.values()];
  }

  /** Shares of a symbol that can be borrowed in all, lent ones too; null where the venue refuses short sales. */
  lendable(symbol: string): Decimal | null {
    const { shorts } = this.rules;
    return shorts && (this.committed().lendables.get(symbol)?.shares ?? shorts.shares);
  }

  /** Whether a halt or a pause keeps a symbol from trading now. */
  stands(symbol: string): boolean {
    const { books, session } = this.committed();
    if (books.get(symbol)?.haltedAt) return true;
    const luld = session && luldOf(session, symbol, this.rules);
    return luld !== null && pauseAt(luld, this.now()) !== null;
  }

  /** What the venue keeps of a symbol beside its quotes. */
  book(symbol: string): SymbolBook {
    return this.committed().books.get(symbol) ?? emptyBook(symbol);
  }

  /** What valuation reads: the committed state as it is now. */
  marks(): Marks {
    const state = this.committed();
    return {
      session: state.session,
      lastClose: (symbol) => state.lastCloses.get(symbol),
      holdingsOf: (account): Holding[] =>
        [...state.holdings.values()].filter((holding) => holding.account === account && !holding.qty.isZero()),
    };
  }

  /** Finishes what is queued and takes nothing more. */
  async close(): Promise<void> {
    this.closed = true;
    this.stopTimer();
    await this.draining;
    await nextTurn();
  }

  private committed(): VenueState {
    if (!this.state) throw new VenueUnavailable('the venue is reading its state from the database; ask again');
    return this.state;
  }

  private async drain(): Promise<void> {
    // The commands that arrive in the same turn of the event loop go into the same transaction.
    await nextTurn();
    while (this.queue.length > 0) await this.runBatch(this.queue.splice(0, BATCH_MAX));
    this.draining = null;
    this.planTimer();
  }

  private async runBatch(batch: readonly Job[]): Promise<void> {
    const { store, log } = this.options;
    const answers: (() => void)[] = [];
    try {
      const state = this.state && store.isConnected ? this.state : await store.load();
      this.state = state;
      const uow = await this.begin(state, batch);
      for (const job of batch) {
        try {
          const result = job.act(uow);
          answers.push(() => job.resolve(result));
        } catch (error) {
          log.error({ err: error }, 'a command failed');
          answers.push(() => job.reject(error));
        }
      }
      await store.commit(uow.changes());
      uow.fold();
      for (const answer of answers) answer();
      // The answers leave first, as they usually do at Alpaca; nothing may rely on it.
      if (uow.frames.length > 0) setImmediate(() => this.options.publish(uow.frames));
    } catch (error) {
      log.error({ err: error, commands: batch.length }, 'a transaction failed; its outcome is unknown');
      this.state = null;
      for (const job of batch)
        job.reject(new VenueUnavailable('the outcome is unknown: the database failed', { cause: error }));
    }
  }

  private async begin(state: VenueState, batch: readonly Job[]): Promise<UnitOfWork> {
    const arriving = [...state.lateOrders.values()].flatMap((late) => clientOrderIdIn(late.account, late.body));
    const taken = await this.options.store.takenClientOrderIds([
      ...batch.flatMap((job) => job.clientOrderIds),
      ...arriving,
    ]);
    const uow = new UnitOfWork(state, taken);
    if (this.clock === 'real') {
      const now = this.options.machine.now();
      runDue(uow, now, this.rules);
      if (now > uow.now) uow.now = now;
    }
    return uow;
  }

  /** Plans the next look of the venue at itself: when something falls due in real time, or to read a lost state anew. */
  private planTimer(): void {
    this.stopTimer();
    const at = this.state ? this.dueOf(this.state) : addMilliseconds(this.options.machine.now(), RELOAD_DELAY_MS);
    if (at === null || this.closed) return;
    this.stopTimer = this.options.machine.callAt(at, () => {
      this.run(() => undefined).catch((error: unknown) => this.options.log.error({ err: error }, 'the timer failed'));
    });
  }

  /** A simulated clock stands still between the moves of its host. */
  private dueOf(state: VenueState): Instant | null {
    return this.clock === 'simulated' ? null : nextDueOf(new UnitOfWork(state, new Set()));
  }
}

/** The next turn of the event loop: what was waiting to be read has been, and published frames have left. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The client order id in the body of an order request, where there is one. */
export function clientOrderIdIn(account: string, body: unknown): [string, string][] {
  const id = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['client_order_id'] : null;
  return isClientOrderId(id) ? [[account, id]] : [];
}
