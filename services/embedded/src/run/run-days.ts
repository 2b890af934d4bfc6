import { addMilliseconds, nextSession, previousSession, sessionOf } from '@ballast/kernel/calendar';
import { Fault, type SimulatedClock } from '@ballast/platform';
import type { System } from '../host/system.js';
import { AnsweredProblem, brokerClient, systemClient, type Client } from './client.js';
import { ensureHistory, reachTo, type History } from './history.js';
import { setMarket } from './market.js';
import type { Progress, RunOptions, Stage } from './options.js';
import { all } from './pages.js';
import { SimulatedTime } from './simulated-time.js';
import { summarise, type CycleSummary } from './summary.js';
import { StageWatch } from './stage-watch.js';
import { Stopwatch } from './stopwatch.js';

/** The first cash of a book that is opened without saying how much. */
const CASH = '1000000';
/** A decision is made on the closes of the day, once they are in. */
const AFTER_CLOSE_MS = 15 * 60_000;
/** The session's close must have passed for the last order to expire; the cycle's own deadline comes later. */
const AFTER_TRADING_MS = 60 * 60_000;

interface CycleRow {
  readonly cycleId: string;
  readonly asOf: string;
  readonly status: string;
}

/**
 * Runs simulated days: decide on the close of each day, trade in the next session on a
 * seeded path inside that day's bar. A cycle that a killed run left open is finished first.
 */
export class DayRunner {
  readonly #time: SimulatedTime;
  readonly #client: Client;
  readonly #venue: Client;

  constructor(
    private readonly system: System,
    clock: SimulatedClock,
    private readonly options: RunOptions,
    private readonly report: (progress: Progress) => void,
  ) {
    const { logs, secrets } = system.home;
    this.#client = systemClient(system.url, system.token, logs);
    this.#venue = brokerClient(system.broker.url, options.book, secrets.venue, logs);
    this.#time = new SimulatedTime(system, clock, this.#venue);
  }

  async run(): Promise<CycleSummary[]> {
    const { days } = this.options;
    let history = await this.#history();
    const dates = await this.#dates(history);
    const summaries: CycleSummary[] = [];
    for (const [i, asOf] of dates.entries()) {
      const say = this.#sayer(i + 1 + days - dates.length, asOf);
      history = await reachTo(this.#client, history, nextSession(asOf).date, (detail) => say('importing', detail));
      summaries.push(await this.#day(asOf, history, say));
    }
    return summaries;
  }

  #sayer(day: number, asOf: string): (stage: Stage, detail: string) => void {
    return (stage, detail) => this.report({ day, days: this.options.days, asOf, stage, detail });
  }

  async #history(): Promise<History> {
    const say = this.#sayer(1, this.options.asOf ?? '');
    // The past of a new book is as long as anybody's; today is only where a synthetic market ends.
    const today = new Date().toISOString().slice(0, 10);
    return ensureHistory(this.#client, this.options, today, (detail) => say('importing', detail));
  }

  /** The days to decide on: from `--as-of`, from where the book stands, or the last day that has a next one to trade in. */
  async #dates(history: History): Promise<string[]> {
    const { asOf, days, book } = this.options;
    const cycles = await this.#cycles();
    const open = cycles.find(({ status }) => status !== 'closed' && status !== 'aborted');
    const head = cycles
      .map((cycle) => cycle.asOf)
      .sort()
      .at(-1);
    const first = asOf ?? open?.asOf ?? (head ? nextSession(head).date : previousSession(history.to).date);
    const dates: string[] = [first];
    while (dates.length < days) dates.push(nextSession(dates.at(-1)!).date);
    if (open) return dates.includes(open.asOf) ? dates.slice(dates.indexOf(open.asOf)) : [open.asOf, ...dates];
    if (head !== undefined && first <= head) {
      throw new Fault(
        'ASOF_BEFORE_LEDGER',
        `the ledger of book "${book}" stands at ${head}, and time does not go back. Begin it anew with --fresh, take another --book, or leave --as-of out to go on.`,
      );
    }
    return dates;
  }

  async #cycles(): Promise<CycleRow[]> {
    if (!(await this.#isOpened())) return [];
    const { items } = await this.#client.get<{ items: CycleRow[] }>(
      `/api/v1/cycles?book=${this.options.book}&limit=200`,
    );
    return items;
  }

  async #day(asOf: string, history: History, say: (stage: Stage, detail: string) => void): Promise<CycleSummary> {
    const watch = new Stopwatch();
    const session = sessionOf(asOf);
    if (session === null) {
      const before = previousSession(asOf).date;
      throw new Fault('INVALID_ASOF_DATE', `${asOf} is not a session of the exchange; the one before is ${before}`);
    }
    say('opening', `book ${this.options.book}`);
    const decideAt = addMilliseconds(session.close, AFTER_CLOSE_MS);
    if (decideAt > this.#time.now()) await this.#time.moveTo(decideAt);
    await this.#openBook();
    await setMarket(this.#client, this.#venue, nextSession(asOf), history);
    watch.lap('opening');
    say('pricing', history.synthetic ? 'synthetic market' : history.source);
    const stages = new StageWatch(this.system, this.#client, watch, (stage) => say(stage, this.#time.now()));
    const { cycleId } = await this.#open(asOf);
    const following = stages.follow(cycleId, (line) => say('executing', line));
    const end = addMilliseconds(nextSession(asOf).close, AFTER_TRADING_MS);
    try {
      await this.#time.runUntil(end, async () => {
        const stage = await stages.look(cycleId);
        say(stage, this.#time.now());
        return stage === 'closed' || stage === 'aborted';
      });
    } finally {
      await following.stop();
    }
    const about = { cycleId, book: this.options.book, source: history, durationMs: watch.total() };
    return summarise(this.#client, this.#venue, about);
  }

  async #isOpened(): Promise<boolean> {
    const books = await all<{ book: string }>(this.#client, '/api/v1/books?limit=500');
    return books.some(({ book }) => book === this.options.book);
  }

  async #openBook(): Promise<void> {
    const { book, cash } = this.options;
    if (!(await this.#isOpened())) {
      await this.#venue.post('/sim/accounts', { account: book, cash: cash ?? CASH });
      await this.#client.post('/api/v1/books', { book, cash: cash ?? CASH }, `open-${book}`);
    } else if (cash !== undefined) {
      await this.#client.post('/api/v1/books', { book, cash }, `open-${book}-${cash}`);
    }
    await this.#time.settle();
  }

  /**
   * Opens the cycle of a day. Its key names book and day, so that two runs from empty give
   * the same ids. A refusal is kept under its key for good, so a day that was refused
   * before is asked for again under a key of its own.
   */
  async #open(asOf: string): Promise<{ cycleId: string }> {
    const { book, symbols, universe, strategies, override } = this.options;
    const request = {
      patternId: 'daily-rebalance',
      asOf,
      trigger: 'operator',
      portfolioId: book,
      ...(symbols !== undefined ? { universe: { symbols: [...symbols] } } : {}),
      ...(symbols === undefined && universe !== undefined ? { universe: { size: universe } } : {}),
      ...(strategies === undefined ? {} : { strategies: [...strategies] }),
      ...(override === undefined ? {} : { override }),
    };
    const key = `${book}/${asOf}`;
    try {
      return await this.#client.post('/v1/execute', request, key);
    } catch (error) {
      if (!(error instanceof AnsweredProblem) || error.status < 409) throw error;
      return this.#client.post('/v1/execute', request, `${key}/again-${performance.timeOrigin + performance.now()}`);
    }
  }
}
