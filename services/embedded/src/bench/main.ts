import { parseArgs } from 'node:util';
import { benchCycles, type CycleTimes } from './cycle.js';
import { machineLimits, startGround } from './ground.js';
import { benchGraphile, benchHop } from './hop.js';

const HELP = `npm run bench -- [--sizes 100,1000,10000] [--runs 5] [--only hop|cycle]

Measures one hop (produce, relay, JetStream, consumer's transaction) against graphile-worker
with the same effect row, and whole cycles in simulated time at several sizes of universe.
The limits of the machine are measured in the same run; all figures are only good beside them.
`;

/** What the design promises: opened to first slices persisted, by symbols, in milliseconds (p95). */
const LIMITS_MS: Readonly<Record<number, number>> = { 100: 1_000, 1_000: 4_000, 10_000: 30_000 };
const HOP_RATIO_MIN = 1.3;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100,1000,10000' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  say(HELP);
} else {
  if (values.only !== 'cycle') await hop();
  if (values.only !== 'hop')
    for (const size of values.sizes.split(',').map(Number)) await cycles(size, Number(values.runs));
}

async function hop(): Promise<void> {
  const ground = await startGround(progress);
  try {
    say(`one hop, on ${ground.described}`);
    for (const [what, value] of Object.entries(await machineLimits(ground))) say(`  limit: ${what}  ${value}`);
    const ours = await benchHop(ground);
    const rival = await benchGraphile(ground);
    const ratio = ours.batched / rival.batched;
    say(
      `  batched         ours ${ours.batched.toFixed(0)}/s  graphile-worker ${rival.batched.toFixed(0)}/s  ratio ${ratio.toFixed(2)}`,
    );
    say(
      `  one at a time   ours ${ours.oneAtATime.toFixed(0)}/s  graphile-worker ${rival.oneAtATime.toFixed(0)}/s  ` +
        `ratio ${(ours.oneAtATime / rival.oneAtATime).toFixed(2)}`,
    );
    say(
      `  ${ratio >= HOP_RATIO_MIN ? 'reached' : 'NOT reached'}: at least ${HOP_RATIO_MIN} of graphile-worker's best, batched`,
    );
  } finally {
    await ground.end();
  }
}

async function cycles(size: number, runs: number): Promise<void> {
  const times = await benchCycles(size, runs, progress);
  const p95 = percentile(times, ({ openedToFirstSlicesMs }) => openedToFirstSlicesMs);
  const closed = percentile(times, ({ openedToClosedMs }) => openedToClosedMs);
  const limit = LIMITS_MS[size];
  say(`a cycle over ${size} symbols (${runs} cycles, ${times[0]?.trades ?? 0} trades in the first)`);
  say(
    `  opened to first slices persisted  p95 ${p95} ms${limit ? `  ${p95 <= limit ? 'reached' : 'NOT reached'}: at most ${limit} ms` : ''}`,
  );
  say(`  opened to closed                  p95 ${closed} ms`);
}

/** The 95th percentile by nearest rank. */
function percentile(times: readonly CycleTimes[], of: (each: CycleTimes) => number): number {
  const sorted = times.map(of).sort((a, b) => a - b);
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.NaN;
}
