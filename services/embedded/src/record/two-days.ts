import { decimal, type Decimal } from '@ballast/kernel/money';
import { syntheticMarket } from '@ballast/kernel/synthetic-market';
import { createLogger, type PackStore } from '@ballast/platform';
import { Simulation, type Answer } from '@ballast/testing';
import { committed } from '../sim/system.js';
import { SimVenue } from '../sim/venue/sim-venue.js';
import { servicesWith } from './services.js';

/** Decides the order in which services take their turns, and what the venue fills when. */
const SEED = 1;
const BOOK = 'main';
const CASH = '1000000.00';
const STEPS_MAX = 6_000;

/** The market of the two days: as much history as the strategies need, and the day between the two decisions. */
const MARKET = { seed: 7, symbols: 6, sessions: 273, from: '2023-02-01' };
const DAYS = [
  {
    asOf: '2024-03-01',
    sessions: 272,
    at: '2024-03-04T15:30:00.000Z',
    strategies: ['low-volatility', 'mean-reversion', 'momentum'],
  },
  { asOf: '2024-03-04', sessions: 273, at: '2024-03-05T15:30:00.000Z', strategies: ['momentum'] },
] as const;

export interface TwoDaysOptions {
  /** Of the empty schemas of a database of its own. */
  readonly databaseUrl: (service: string) => string;
  readonly packs: PackStore;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs a small book from empty through two days in which nothing fails: two cycles, a
 * policy text, an approval, a halt in the middle of a schedule, an order of a person, the
 * wish to cancel everything, and the closing of what the book then holds. The same every
 * time: one scheduler takes one step at a time on a simulated clock, and nothing draws but
 * from the seed.
 * @throws Error where one of the acts is refused, a cycle does not close, or the book is not flat in the end.
 */
export async function runTwoDays(options: TwoDaysOptions): Promise<void> {
  const book = new RecordedBook(options);
  try {
    await book.run();
  } finally {
    await book.sim.stop();
  }
}

class RecordedBook {
  readonly sim: Simulation;
  readonly #venue: SimVenue;
  readonly #closes = new Map<string, Decimal>();
  #acts = 0;

  constructor({ databaseUrl, packs, env }: TwoDaysOptions) {
    const given: { venue?: SimVenue } = {};
    this.sim = new Simulation({
      seed: SEED,
      definitions: servicesWith(() => given.venue!),
      databaseUrl,
      packs,
      env: () => env,
      logger: (service) => createLogger({ service, level: 'silent' }),
      start: DAYS[0].at,
    });
    const { random, clock, holds } = this.sim;
    this.#venue = new SimVenue(random.fork('venue'), clock, holds, this.#closes, (account, frame) =>
      committed(this.sim, account, frame),
    );
    given.venue = this.#venue;
    this.sim.add(this.#venue);
  }

  async run(): Promise<void> {
    await this.sim.start();
    this.#venue.book.deposit(BOOK, CASH);
    await this.#post('portfolio', '/api/v1/books', { book: BOOK, cash: CASH });
    await this.#first();
    await this.#second();
  }

  /** The plan waits for a person; the account is halted between two slices, and a person buys something besides. */
  async #first(): Promise<void> {
    await this.#reachHistory(DAYS[0]);
    const { at } = DAYS[0];
    const text = { title: 'Statement', body: 'Inflation is high. Rates will rise.', publishedAt: at };
    await this.#post('feeds', '/api/v1/feeds/texts', { sourceId: 'fed', ...text });
    const cycleId = await this.#open(DAYS[0]);
    await this.#until('2024-03-04T15:31:00.000Z');
    await this.#approve(cycleId);
    await this.#until('2024-03-04T15:33:00.000Z');
    await this.#halt(true);
    await this.#until('2024-03-04T15:38:00.000Z');
    await this.#halt(false);
    await this.#until('2024-03-04T15:55:00.000Z');
    const symbol = [...this.#closes.keys()].sort()[0]!;
    const person = { by: 'a person', reason: 'wants to hold more of it' };
    await this.#post('console', '/api/v1/orders', { book: BOOK, symbol, side: 'buy', quantity: '3', ...person });
    await this.#until('2024-03-04T22:30:00.000Z');
    await this.#requireClosed(cycleId);
  }

  /** A smaller plan that sells, on the prices of another day; what is left of it is cancelled, and the book is closed. */
  async #second(): Promise<void> {
    await this.#until(DAYS[1].at);
    await this.#reachHistory(DAYS[1]);
    const cycleId = await this.#open(DAYS[1]);
    await this.#until('2024-03-05T15:37:00.000Z');
    const person = { by: 'a person', reason: 'has seen enough for today' };
    await this.#post('console', '/api/v1/orders/cancel', { book: BOOK, all: true, ...person });
    await this.#until('2024-03-05T16:00:00.000Z');
    await this.#requireClosed(cycleId);
    await this.#halt(true);
    await this.#until('2024-03-05T16:01:00.000Z');
    await this.#post('console', '/api/v1/flatten', { book: BOOK, by: 'a person', reason: 'wants nothing overnight' });
    await this.#until('2024-03-05T22:30:00.000Z');
    const held = this.#venue.book.positions(BOOK);
    if (held.length > 0) throw new Error(`the book is not flat: ${JSON.stringify(held)}`);
  }

  /** Brings in the history up to a day, and lets the venue trade around its closes. */
  async #reachHistory({ asOf, sessions }: (typeof DAYS)[number]): Promise<void> {
    for (const { date, symbol, close } of syntheticMarket(MARKET).bars) {
      if (date <= asOf) this.#closes.set(symbol, decimal(String(close)));
    }
    const { seed, symbols } = MARKET;
    await this.#post('feeds', '/api/v1/feeds/synthetic', { name: 'synthetic', seed, symbols, sessions, until: asOf });
    await this.#until(this.sim.clock.now());
  }

  async #open({ asOf, strategies }: (typeof DAYS)[number]): Promise<string> {
    const idempotencyKey = `${BOOK}/${asOf}`;
    const universe = { size: MARKET.symbols };
    const request = { patternId: 'daily-rebalance', asOf, trigger: 'operator', strategies, universe };
    const data = { idempotencyKey, portfolioId: BOOK, request };
    const opened = await this.#act(`a person opens the cycle of ${asOf}`, 'orchestrator', () =>
      this.sim.command('orchestrator', 'command.open-cycle', BOOK, data, idempotencyKey),
    );
    return (opened as { cycleId: string }).cycleId;
  }

  async #approve(cycleId: string): Promise<void> {
    const asked = await this.sim.request('console', 'GET', '/api/v1/approvals');
    const { items } = asked!.body as { items: { cycleId: string; approvedHash: string; state: string }[] };
    const approval = items.find((each) => each.cycleId === cycleId && each.state === 'pending');
    if (!approval) throw new Error(`nobody is asked to approve the plan of cycle ${cycleId}`);
    const { approvedHash } = approval;
    const answer = { decision: 'granted', approvedHash, by: 'a person', reason: 'has looked at every trade' };
    await this.#post('console', `/api/v1/approvals/${cycleId}`, answer);
  }

  async #halt(on: boolean): Promise<void> {
    const person = { by: 'a person', reason: 'wants to look at it first', ...(on ? {} : { confirm: BOOK }) };
    await this.#post('execution-gateway', '/api/v1/halt', { account: BOOK, on, ...person });
  }

  #post(service: string, path: string, body: object): Promise<unknown> {
    const key = `act-${++this.#acts}`;
    return this.#act(`POST ${path}`, service, () => this.sim.request(service, 'POST', path, body, key));
  }

  /** Does what a person does, as one step. @throws Error where it is refused. */
  async #act(label: string, service: string, attempt: () => Promise<Answer>): Promise<unknown> {
    let answer: Answer = null;
    await this.sim.take({
      label,
      weight: 1,
      touches: [service],
      take: async () => {
        answer = await attempt();
      },
    });
    const { status, body } = answer ?? { status: 0, body: 'no answer' };
    if (status < 200 || status > 299) throw new Error(`${label}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Lets everything be done that falls due up to a moment. */
  async #until(moment: string): Promise<void> {
    await this.sim.settle(moment, STEPS_MAX, () => Promise.resolve());
    if (moment > this.sim.clock.now()) this.sim.clock.advanceTo(moment);
  }

  async #requireClosed(cycleId: string): Promise<void> {
    const answer = await this.sim.request('orchestrator', 'GET', `/api/v1/cycles/${cycleId}`);
    if ((answer?.body as { status?: string }).status === 'closed') return;
    throw new Error(`cycle ${cycleId} did not close: ${JSON.stringify(answer?.body)}`);
  }
}
