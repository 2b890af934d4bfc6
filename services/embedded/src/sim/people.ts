import type { Rng } from '@ballast/kernel/random';
import { later, type SimDatabase, type Simulation, type Step } from '@ballast/testing';
import { AS_OF } from './system.js';

/** A piece of the time in which an account was halted: which orders were sending when it began and when it ended. */
export interface HaltSpan {
  readonly account: string;
  readonly how: string;
  readonly sendingBefore: ReadonlySet<string>;
  sendingAfter?: ReadonlySet<string>;
}

/** Something that a person does, again and again with the same key until it is answered. */
interface Act {
  readonly label: string;
  readonly touches: readonly string[];
  /** Whether it may be done now. */
  readonly when: () => boolean;
  /** When it may be done, where that is a matter of time. */
  readonly due?: () => string;
  /** Returns true once it is done. */
  readonly attempt: () => Promise<boolean>;
}

/** How long a person waits before asking again, and how often. */
const RETRY_MS = 600_000;
const RETRIES_MAX = 60;

const GATEWAY = 'execution-gateway';
export const BOOK = 'main';
/** A halt that came through none of the doors. */
export const AT_THE_DATABASE = 'at the database';

/** The people at the desk: they open cycles, halt and lift, cancel, and ask for orders of their own. */
export class People {
  readonly name = 'people';
  readonly halts: HaltSpan[] = [];
  readonly opened: string[] = [];
  readonly #acts: Act[] = [];
  #healed = false;
  #halted: HaltSpan | null = null;
  #strikes = 0;

  constructor(
    private readonly sim: Simulation,
    private readonly database: SimDatabase,
    private readonly random: Rng,
    symbols: readonly string[],
  ) {
    this.#acts.push(this.#openCycle(1, ['low-volatility', 'mean-reversion', 'momentum']));
    if (random.int(3) === 0) this.#acts.push(this.#openCycle(2, [random.pick(['momentum', 'mean-reversion'])]));
    if (random.int(3) === 0) this.#halting();
    if (random.int(4) === 0) this.#acts.push(this.#cancelAll());
    if (random.int(4) === 0) this.#acts.push(this.#order(random.pick(symbols)));
    if (random.int(3) === 0) this.#acts.push(this.#text());
    if (random.int(2) === 0) this.#strikes = 1;
    sim.watch((service, point) => this.#strike(service, point));
  }

  nextDue(): string | null {
    const now = this.sim.clock.now();
    const due = this.#acts.flatMap((act) => act.due?.() ?? []);
    return due.filter((at) => at > now).sort()[0] ?? null;
  }

  heal(): void {
    this.#healed = true;
  }

  steps(): readonly Step[] {
    return this.#acts
      .filter((act) => act.when())
      .map((act) => ({
        label: act.label,
        // Once nothing goes wrong any more, everything that was begun is brought to its end.
        weight: this.#healed ? 1 : 0.15,
        touches: act.touches,
        take: async () => {
          const done = await act.attempt();
          if (done) this.#acts.splice(this.#acts.indexOf(act), 1);
          return done ? 'done' : 'to be tried again';
        },
      }));
  }

  /** Everybody has done what they wanted, and no cycle is open. */
  get idle(): boolean {
    return this.#acts.length === 0;
  }

  /** With another cycle open, or books that do not agree, the same is asked again later, under another key. */
  #openCycle(number: number, strategies: readonly string[]): Act {
    const request = {
      patternId: 'daily-rebalance',
      asOf: AS_OF,
      trigger: 'operator',
      strategies,
      universe: { size: 4 },
    };
    let refusals = 0;
    let againAt = this.sim.clock.now();
    return {
      label: `a person opens cycle ${number}`,
      touches: ['orchestrator'],
      when: () => this.sim.clock.now() >= againAt,
      due: () => againAt,
      attempt: async () => {
        const key = `cycle-${number}-${refusals}`;
        const data = { idempotencyKey: key, portfolioId: BOOK, request };
        const answer = await this.sim.command('orchestrator', 'command.open-cycle', BOOK, data, key);
        if (answer?.status === 200) {
          this.opened.push((answer.body as { cycleId: string }).cycleId);
          return true;
        }
        if (answer === null || answer.status === 503) return false;
        refusals++;
        againAt = later(this.sim.clock.now(), RETRY_MS);
        return refusals > RETRIES_MAX;
      },
    };
  }

  #halting(): void {
    let on = false;
    const send = (raise: boolean): Promise<boolean> => this.#switch(raise);
    const from = 30 + this.random.int(150);
    this.#acts.push({
      label: 'a person halts the account',
      touches: [GATEWAY],
      when: () => this.sim.counts.steps > from || this.#healed,
      attempt: async () => {
        if (this.#halted) return true;
        on = await send(true);
        return on;
      },
    });
    const until = from + 40 + this.random.int(200);
    this.#acts.push({
      label: 'a person lifts the halt',
      touches: [GATEWAY],
      when: () => on && (this.sim.counts.steps > until || this.#healed),
      attempt: () => send(false),
    });
  }

  async #switch(on: boolean): Promise<boolean> {
    const body = { account: BOOK, on, by: 'a person', reason: 'the simulation wants it', confirm: BOOK };
    if (!on) await this.#lifting();
    const answer = await this.sim.request(GATEWAY, 'POST', '/api/v1/halt', body, `halt-${on}-${this.halts.length}`);
    if (answer?.status !== 200) return false;
    if (on) await this.#raised('over HTTP');
    else this.#halted = null;
    return true;
  }

  /** What is sending when a halt has committed was sending before; nothing may join it. */
  async #raised(how: string): Promise<void> {
    this.#halted = { account: BOOK, how, sendingBefore: await this.#sending() };
    this.halts.push(this.#halted);
  }

  async #lifting(): Promise<void> {
    if (this.#halted && !this.#halted.sendingAfter) this.#halted.sendingAfter = await this.#sending();
  }

  /** The orders that have ever committed to sending, as anybody can see now. */
  async #sending(): Promise<ReadonlySet<string>> {
    const rows = await this.database.rows<{ id: string }>(
      GATEWAY,
      `select client_order_id as id from order_transition where to_state = 'sending' order by position`,
    );
    return new Set(rows.map((row) => row.id));
  }

  /** Closes the spans that were never lifted. */
  async end(): Promise<void> {
    for (const halt of this.halts) halt.sendingAfter ??= await this.#sending();
  }

  /**
   * An operator at the database halts the account in the very moment in which the gateway is
   * about to commit orders to sending. The lock on the halt's row makes one wait for the other.
   */
  async #strike(service: string, point: string): Promise<void> {
    if (this.#strikes === 0 || service !== GATEWAY || point !== 'before-commit' || this.#halted) return;
    const now = this.sim.clock.now();
    const [due] = await this.database.rows<{ due: boolean }>(
      GATEWAY,
      `select exists (select from child_order where state = 'planned' and due_at <= $1) as due`,
      [now],
    );
    if (!due!.due) return;
    this.#strikes--;
    if (await this.#haltBySql()) return this.#raised(AT_THE_DATABASE);
    this.sim.trace.add('an operator halts the account at the database, and has to wait');
    this.#acts.push({
      label: 'the operator at the database has waited, and halts the account',
      touches: [GATEWAY],
      when: () => true,
      attempt: async () => {
        const done = this.#halted !== null || (await this.#haltBySql());
        if (done && !this.#halted) await this.#raised(AT_THE_DATABASE);
        if (done) this.#liftLater();
        return done;
      },
    });
  }

  #liftLater(): void {
    const until = this.sim.counts.steps + 20 + this.random.int(150);
    this.#acts.push({
      label: 'a person lifts the halt',
      touches: [GATEWAY],
      when: () => this.sim.counts.steps > until || this.#healed,
      attempt: async () => this.#halted === null || this.#switch(false),
    });
  }

  /** Returns false where somebody else holds the row. */
  async #haltBySql(): Promise<boolean> {
    try {
      const rows = await this.database.rows(
        GATEWAY,
        `with free as (select account from halt where account = $1 for update nowait)
         update halt set halted = true, epoch = epoch + 1, by = 'operator', reason = 'by hand' from free
          where halt.account = free.account returning halt.account`,
        [BOOK],
      );
      return rows.length > 0;
    } catch (error) {
      if ((error as { code?: string }).code === '55P03') return false;
      throw error;
    }
  }

  #cancelAll(): Act {
    const from = 80 + this.random.int(150);
    return {
      label: 'a person cancels all orders',
      touches: ['console'],
      when: () => this.sim.counts.steps > from || this.#healed,
      attempt: async () => {
        const body = { book: BOOK, all: true, by: 'a person', reason: 'the simulation wants it' };
        const answer = await this.sim.request('console', 'POST', '/api/v1/orders/cancel', body, 'cancel-all');
        return answer !== null && answer.status < 500;
      },
    };
  }

  #order(symbol: string): Act {
    const from = 20 + this.random.int(200);
    const quantity = String(1 + this.random.int(5));
    return {
      label: `a person asks for ${quantity} ${symbol}`,
      touches: ['console'],
      when: () => this.sim.counts.steps > from || this.#healed,
      attempt: async () => {
        const body = { book: BOOK, symbol, side: 'buy', quantity, by: 'a person', reason: 'the simulation wants it' };
        const answer = await this.sim.request('console', 'POST', '/api/v1/orders', body, 'order-1');
        return answer !== null && answer.status < 500;
      },
    };
  }

  #text(): Act {
    const from = 10 + this.random.int(100);
    return {
      label: 'a person brings a policy text',
      touches: ['feeds'],
      when: () => this.sim.counts.steps > from || this.#healed,
      attempt: async () => {
        const said = {
          title: 'Statement',
          body: 'Inflation is high. Rates will rise.',
          publishedAt: '2024-03-04T14:00:00.000Z',
        };
        const answer = await this.sim.request(
          'feeds',
          'POST',
          '/api/v1/feeds/texts',
          { sourceId: 'fed', ...said },
          'text-1',
        );
        if (answer && answer.status >= 400 && answer.status < 500) throw new Error(JSON.stringify(answer));
        return answer !== null && answer.status < 500;
      },
    };
  }
}
