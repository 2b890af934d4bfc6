import { performance } from 'node:perf_hooks';
import { decimal } from '@ballast/kernel/money';
import { syntheticMarket } from '@ballast/kernel/synthetic-market';
import { chaosOf, checkRelays, Violation, type Simulation } from '@ballast/testing';
import { check, type Reached } from './check.js';
import { LateWriter } from './late-writer.js';
import { BOOK, People } from './people.js';
import { AS_OF, committed, HORIZON, SESSION_CLOSE, systemOf, type Bench } from './system.js';
import { SimVenue, venueChaosOf } from './venue/sim-venue.js';

/** What became of one seed. */
export interface SeedResult {
  readonly seed: number;
  readonly steps: number;
  readonly crashes: number;
  readonly setBacks: number;
  readonly digest: string;
  readonly durationMs: number;
  readonly reached?: Reached;
  readonly violation?: { readonly checker: string; readonly message: string; readonly lastSteps: readonly string[] };
}

/** The market that cycles look at: a few names, and as much history as the strategies need. */
const MARKET = { seed: 7, symbols: 5, sessions: 80, from: '2023-11-06' };
const OPENING_CASH = '1000000.00';

/** Steps with faults, and steps without them in which everything has to come to rest. */
const STEPS_WITH_FAULTS = 900;
const STEPS_TO_SETTLE = 2_500;
const STEPS_TO_PREPARE = 400;
const LAST_STEPS = 60;
/** One run of so many is replayed as well: it takes as long as the run. */
const REPLAY_EVERY = 10;

const last = new Map(syntheticMarket(MARKET).bars.map(({ symbol, close }) => [symbol, decimal(String(close))]));

/** Runs one seed on an emptied database, and looks at what it has left. */
export async function runSeed(seed: number, bench: Bench, live?: (line: string) => void): Promise<SeedResult> {
  const began = performance.now();
  await bench.database.empty();
  const { sim, venue } = systemOf(
    seed,
    bench,
    (made) =>
      new SimVenue(made.random.fork('venue'), made.clock, made.holds, last, (account, frame) =>
        committed(made, account, frame),
      ),
    live,
  );
  const late = new LateWriter(sim, bench.database.url, sim.random.fork('late writer'));
  const result = (): Omit<SeedResult, 'violation' | 'reached'> => ({
    seed,
    ...sim.counts,
    digest: sim.trace.digest(),
    durationMs: Math.round(performance.now() - began),
  });
  try {
    await prepare(sim, venue);
    const people = new People(sim, bench.database, sim.random.fork('people'), [...last.keys()]);
    sim.add(people);
    sim.add(late);
    await goWrong(sim, venue, people);
    await sim.heal();
    const names = sim.services.map((service) => service.name);
    await sim.settle(HORIZON, STEPS_TO_SETTLE, () => checkRelays(bench.database, names, sim.bus));
    const reached = await check(sim, bench, venue, people, seed % REPLAY_EVERY === 0);
    return { ...result(), reached };
  } catch (error) {
    const { checker, message } =
      error instanceof Violation ? error : { checker: 'nothing is thrown', message: String((error as Error).stack) };
    return { ...result(), violation: { checker, message, lastSteps: sim.trace.last(LAST_STEPS) } };
  } finally {
    await late.close();
    await sim.stop();
  }
}

/** While nothing goes wrong yet: a book with cash, and a history. */
async function prepare(sim: Simulation, venue: SimVenue): Promise<void> {
  await sim.start();
  venue.book.deposit(BOOK, OPENING_CASH);
  const book = await sim.request('portfolio', 'POST', '/api/v1/books', { book: BOOK, cash: OPENING_CASH }, 'book-1');
  const market = { seed: MARKET.seed, symbols: MARKET.symbols, sessions: MARKET.sessions, until: AS_OF };
  const history = await sim.request('feeds', 'POST', '/api/v1/feeds/synthetic', market, 'history-1');
  if (book?.status !== 200 || history?.status !== 202) {
    throw new Error(`the run cannot be prepared: ${JSON.stringify([book, history])}`);
  }
  for (const service of sim.services) await service.look();
  await sim.settle(sim.clock.now(), STEPS_TO_PREPARE, () => Promise.resolve());
}

/** Everything goes wrong that the seed says, until the people have what they wanted or the steps are used up. */
async function goWrong(sim: Simulation, venue: SimVenue, people: People): Promise<void> {
  sim.unleash(chaosOf(sim.random.fork('chaos')));
  venue.chaos = venueChaosOf(sim.random.fork('venue chaos'));
  const until = sim.counts.steps + STEPS_WITH_FAULTS;
  while (sim.counts.steps < until) {
    if (people.idle && sim.clock.now() >= SESSION_CLOSE) return;
    if (!(await sim.step())) return;
  }
}
