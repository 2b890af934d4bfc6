import { parseArgs } from 'node:util';
import { benchCycles } from './cycle.js';
import { DataBench } from './data.js';
import { median, percentileOf } from './figures.js';
import { machineLimits, startGround, type Ground } from './ground.js';
import { benchGuardrails, type RunTime } from './guardrails.js';
import { benchGraphile, benchHop, type HopRates } from './hop.js';
import { benchOrders, type OrderFigures } from './orders.js';
import { benchTwap } from './twap.js';

const HELP = `npm run bench -- [--sizes 100,1000,10000] [--runs 5] [--rounds 3]
                    [--only hop|twap|cycle|data|orders|guardrails]
                    [--import-symbols 400] [--pack-sizes 1000,10000] [--orders 2000]

Measures one hop (produce, relay, JetStream, consumer's transaction) against graphile-worker
with the same effect row, a schedule of 1,000 slices with its commit, and whole cycles in simulated time at several sizes of universe; then an import against COPY and DuckDB, and packs
of 1,260 sessions; then orders from the verdict to the booked fill, many at once and one at a time; then the guardrails, with the share of each check.
Hops are measured in rounds, each side on a database and a server of its own; the median counts.
The limits of the machine are measured in the same run; all figures are only good beside them.
`;

/** What the design promises: opened to first slices persisted, by symbols, in milliseconds (p95). */
const LIMITS_MS: Readonly<Record<number, number>> = { 100: 1_000, 1_000: 4_000, 10_000: 30_000 };
const HOP_RATIO_MIN = 1.3;
/** Orders from verdict to booked fill, on two cores that the venue shares. */
const ORDERS_PER_SECOND_MIN = 500;
const SINGLE_MS_MAX = 10;
const SINGLE_ORDERS = 100;
/** A schedule of 1,000 slices is planned and committed within this. */
const SCHEDULE_MS_MAX = 20;
const SCHEDULE_RUNS = 41;
/** Packs open from the cache of a process within this, at a thousand symbols. */
const CACHED_MS_MAX = 50;
/** A plan of 1,000 trades is judged against 1,000 positions within this, by every check. */
const JUDGED_MS_MAX = 100;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100,1000,10000' },
    runs: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    'import-symbols': { type: 'string', default: '400' },
    'pack-sizes': { type: 'string', default: '1000,10000' },
    orders: { type: 'string', default: '2000' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  say(HELP);
} else {
  const wanted = (what: string): boolean => values.only === undefined || values.only === what;
  if (wanted('hop')) await hop(Number(values.rounds));
  if (wanted('twap')) await schedules();
  if (wanted('cycle')) {
    for (const size of values.sizes.split(',').map(Number)) await cycles(size, Number(values.runs));
  }
  if (wanted('data')) await data(Number(values['import-symbols']), values['pack-sizes'].split(',').map(Number));
  if (wanted('orders')) await orders(Number(values.orders), Number(values.rounds));
  if (wanted('guardrails')) guardrails();
}

async function orders(count: number, rounds: number): Promise<void> {
  const runs: OrderFigures[] = [];
  for (let round = 0; round < rounds; round++) {
    await onGround(async (ground) => {
      if (round === 0) {
        say(
          `orders from verdict to booked fill, on ${ground.described}; medians of ${rounds} rounds of ${count} orders`,
        );
        for (const [what, value] of Object.entries(await machineLimits(ground))) say(`  limit: ${what}  ${value}`);
      }
      runs.push(await benchOrders(ground, count, SINGLE_ORDERS));
    });
    progress(`round ${round + 1} of ${rounds}: ${JSON.stringify(runs.at(-1))}`);
  }
  const of = (figure: (run: OrderFigures) => number): number => median(runs.map(figure));
  const ms = (figure: (run: OrderFigures) => number): string => `${of(figure).toFixed(1)} ms`;
  say(`  limit: the broker alone, 16 calls at a time  ${of((run) => run.alone.ordersPerSecond).toFixed(0)} orders/s`);
  say(`  limit: the broker alone, one call            ${ms((run) => run.alone.oneMs)}`);
  const rate = of((run) => run.together.ordersPerSecond);
  say(
    `  at once        ${rate.toFixed(0)} orders/s, ${(rate / of((run) => run.alone.ordersPerSecond)).toFixed(2)} of the broker alone`,
  );
  say(
    `    of an order  p50 ${ms((run) => run.together.p50Ms)}  p99 ${ms((run) => run.together.p99Ms)}, the wait for those before it included`,
  );
  say(`  one at a time  p50 ${ms((run) => run.single.p50Ms)}  p99 ${ms((run) => run.single.p99Ms)}`);
  const { cpu, seconds } = runs.at(-1)!;
  if (cpu === null) say('  who spent the processor is not known: this system has no /proc');
  for (const [part, spent] of Object.entries(cpu ?? {}).sort(([, a], [, b]) => b - a)) {
    say(
      `    ${part.padEnd(28)}  ${((spent * 1e6) / count).toFixed(0)} µs of processor an order, ${(spent / seconds).toFixed(2)} cores`,
    );
  }
  say(`  ${rate >= ORDERS_PER_SECOND_MIN ? 'reached' : 'NOT reached'}: at least ${ORDERS_PER_SECOND_MIN} orders/s`);
  const single = of((run) => run.single.p50Ms);
  say(`  ${single < SINGLE_MS_MAX ? 'reached' : 'NOT reached'}: one order within ${SINGLE_MS_MAX} ms (p50)`);
}

function guardrails(): void {
  const { checks, passing, cut, trims, empty, book, shares } = benchGuardrails();
  const both = ({ ms, cpuMs }: RunTime): string => `${ms.toFixed(1)} ms (processor ${cpuMs.toFixed(1)} ms)`;
  say(`judging 1000 trades against 1000 positions by ${checks} checks, 500 sessions of history`);
  say(`  all pass ${both(passing)}`);
  say(`  ${trims} are cut ${both(cut)}`);
  say(`  limit: an empty loop over the same checks ${both(empty)}; the book without a check ${both(book)}`);
  const reached = Math.max(passing.ms, cut.ms) <= JUDGED_MS_MAX;
  say(`  ${reached ? 'reached' : 'NOT reached'}: at most ${JUDGED_MS_MAX} ms`);
  say(`  processor ms of each alone: ${shares.map(({ check, cpuMs }) => `${check} ${cpuMs.toFixed(1)}`).join(', ')}`);
}

async function data(importSymbols: number, packSizes: readonly number[]): Promise<void> {
  await onGround(async (ground) => {
    const bench = await DataBench.on(ground);
    try {
      // Once for the machine to warm up: the first import pays for the compiler and for empty files.
      await bench.importRates(Math.ceil(importSymbols / 10));
      const { rows, ours, copy, duckdb } = await bench.importRates(importSymbols);
      const rate = (value: number): string => `${Math.round(value)} rows/s`;
      say(`import of ${rows} daily bars: ours ${rate(ours)} (checked, merged, stored by month)`);
      say(`  COPY into a table without index ${rate(copy)}, ratio ${(ours / copy).toFixed(2)}`);
      say(`  DuckDB into memory ${rate(duckdb)}, ratio ${(ours / duckdb).toFixed(2)}`);
      for (const size of packSizes) {
        progress(`importing ${size} symbols for their pack`);
        const pack = await bench.packTimes(size);
        const ms = (value: number): string => `${value < 1 ? value.toFixed(4) : Math.round(value)} ms`;
        say(`pack of ${size} symbols x 1260 sessions, ${Math.round(pack.bytes / 1e6)} MB`);
        say(`  build ${ms(pack.buildMs)}  (to write and hash its bytes alone: ${ms(pack.hashLimitMs)})`);
        say(`  open ${ms(pack.openMs)}  (to read and hash its bytes alone: ${ms(pack.readLimitMs)})`);
        say(`  open from cache ${ms(pack.cachedMs)}`);
        if (size === 1_000) {
          say(`  ${pack.cachedMs < CACHED_MS_MAX ? 'reached' : 'NOT reached'}: from cache within ${CACHED_MS_MAX} ms`);
        }
      }
    } finally {
      await bench.end();
    }
  });
}

/** Who goes first alternates, and each has a database and a server of its own, so that neither has the warmer machine. */
async function hop(rounds: number): Promise<void> {
  await onGround(async (ground) => {
    say(`one hop, on ${ground.described}`);
    for (const [what, value] of Object.entries(await machineLimits(ground))) say(`  limit: ${what}  ${value}`);
  });
  const ours: HopRates[] = [];
  const rival: HopRates[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 1) rival.push(await onGround(benchGraphile));
    ours.push(await onGround(benchHop));
    if (round % 2 === 0) rival.push(await onGround(benchGraphile));
    progress(`round ${round + 1} of ${rounds}: ${line('batched', ours.at(-1)!.batched, rival.at(-1)!.batched)}`);
  }
  const [batched, oneAtATime] = (['batched', 'oneAtATime'] as const).map(
    (of) => [median(ours.map((each) => each[of])), median(rival.map((each) => each[of]))] as const,
  );
  say(`  ${line('batched', ...batched!)}`);
  say(`  ${line('one at a time', ...oneAtATime!)}`);
  const reached = batched![0] / batched![1] >= HOP_RATIO_MIN;
  say(`  ${reached ? 'reached' : 'NOT reached'}: at least ${HOP_RATIO_MIN} of graphile-worker's best, batched`);
}

async function schedules(): Promise<void> {
  const times = await onGround((ground) => benchTwap(ground, SCHEDULE_RUNS));
  const ms = (values: readonly number[]): string => `${median(values).toFixed(1)} ms`;
  say(`a schedule of 1,000 slices (median of ${SCHEDULE_RUNS} runs)`);
  say(`  planned and committed  ${ms(times.committedMs)}  (the plan alone ${ms(times.planMs)})`);
  say(
    `  limit: its rows alone, written in the server and committed  ${ms(times.rowsMs)}, with its timers ${ms(times.rowsAndTimersMs)}`,
  );
  const ratio = median(times.committedMs) / median(times.rowsAndTimersMs);
  const reached = median(times.committedMs) <= SCHEDULE_MS_MAX;
  say(`  ${reached ? 'reached' : 'NOT reached'}: within ${SCHEDULE_MS_MAX} ms; ${ratio.toFixed(2)} times the limit`);
}

async function onGround<T>(measure: (ground: Ground) => Promise<T>): Promise<T> {
  const ground = await startGround(progress);
  try {
    return await measure(ground);
  } finally {
    await ground.end();
  }
}

function line(what: string, ours: number, rival: number): string {
  const ratio = (ours / rival).toFixed(2);
  return `${what.padEnd(13)}  ours ${ours.toFixed(0)}/s  graphile-worker ${rival.toFixed(0)}/s  ratio ${ratio}`;
}

async function cycles(size: number, runs: number): Promise<void> {
  const times = await benchCycles(size, runs, progress);
  const p95 = percentileOf(
    times.map(({ openedToFirstSlicesMs }) => openedToFirstSlicesMs),
    95,
  );
  const closed = percentileOf(
    times.map(({ openedToClosedMs }) => openedToClosedMs),
    95,
  );
  const limit = LIMITS_MS[size];
  say(`a cycle over ${size} symbols (${runs} cycles, ${times[0]?.trades ?? 0} trades in the first)`);
  say(
    `  opened to first slices persisted  p95 ${p95} ms${limit ? `  ${p95 <= limit ? 'reached' : 'NOT reached'}: at most ${limit} ms` : ''}`,
  );
  say(`  opened to closed                  p95 ${closed} ms`);
}
