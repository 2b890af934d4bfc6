import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '@ballast/platform';
import { parseOptions, type Options } from './options.js';
import type { SeedResult } from './run-seed.js';
import { summary, Tally, violationText } from './tally.js';

/** A fresh worker after so many seeds: what services leave behind in a process adds up. */
const SEEDS_A_WORKER = 150;
const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));

/**
 * `npm run sim -- --seeds 1000 --first-seed 1 --workers 2 [--fault NAME] [--trace] [--keep-going]`: runs seeds in
 * worker processes, each on a Postgres of its own. Exit code 1 on a violation, 2 on wrong usage.
 */
async function main(options: Options): Promise<number> {
  const began = performance.now();
  const tally = new Tally(options.seeds, process.stderr.isTTY);
  const left = Array.from({ length: options.seeds }, (_, i) => options.firstSeed + i);
  const workers = Math.min(options.workers, options.seeds);
  const lanes = Array.from({ length: workers }, () => runLane(options, left, tally));
  const ends = await Promise.allSettled(lanes);
  for (const end of ends) {
    if (end.status === 'rejected') process.stderr.write(`${(end.reason as Error).message}\n`);
  }
  for (const result of tally.violations) process.stdout.write(`${violationText(result, options.fault)}\n`);
  process.stdout.write(`${summary(tally, performance.now() - began)}\n`);
  return tally.violations.length > 0 || ends.some((end) => end.status === 'rejected') ? 1 : 0;
}

/** One Postgres, and one worker after another on it, until no seed is left. */
async function runLane(options: Options, left: number[], tally: Tally): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'ballast-sim-postgres-'));
  // As root, Postgres runs as another user, who must get through to its folder.
  await chmod(home, 0o755);
  const password = randomBytes(16).toString('hex');
  const postgres = await startPostgres({ home: join(home, 'postgres'), password, durable: false });
  const interrupted = (): void => left.splice(0).forEach(() => undefined);
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    while (left.length > 0) await runWorker(postgres.url, options, left, tally);
  } finally {
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function runWorker(adminUrl: string, options: Options, left: number[], tally: Tally): Promise<void> {
  const child = fork(WORKER, [adminUrl, options.fault ?? '-', options.trace ? 'trace' : '-']);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const answers = messagesOf(child);
  const dead = ended.then((code) => {
    throw new Error(`a worker ended with code ${code}`);
  });
  dead.catch(() => undefined);
  await Promise.race([answers(), dead]);
  for (let i = 0; i < SEEDS_A_WORKER && left.length > 0; i++) {
    child.send({ seed: left.shift()! });
    const result = (await Promise.race([answers(), dead])) as SeedResult;
    tally.add(result);
    if (result.violation && !options.keepGoing) left.length = 0;
  }
  child.send('end');
  await ended;
}

/** Gives the messages of a child one after another. */
function messagesOf(child: ChildProcess): () => Promise<unknown> {
  const come: unknown[] = [];
  const waiting: ((message: unknown) => void)[] = [];
  child.on('message', (message) => {
    const waiter = waiting.shift();
    if (waiter) waiter(message);
    else come.push(message);
  });
  return () => (come.length > 0 ? Promise.resolve(come.shift()) : new Promise((resolve) => waiting.push(resolve)));
}

try {
  process.exitCode = await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
