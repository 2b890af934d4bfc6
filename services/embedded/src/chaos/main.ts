import { rm } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { openGround } from './ground.js';
import { parseOptions, USAGE, type Options } from './options.js';
import type { Proof } from './proofs.js';
import { TWICE_OR_LOST } from './rules.js';
import { runSeed, type SeedResult } from './run-seed.js';
import { proofText, summary, tables, Tally, violationText } from './tally.js';

/** Deaths in the run of a proof, and the seed that it takes: enough for what is wrong to show. */
const PROOF_KILLS = 12;
const PROOF_SEED = 1;

/** One thing that a lane runs. */
interface Job {
  readonly seed: number;
  readonly kills: number;
  readonly proof: Proof | null;
  readonly done: (result: SeedResult) => void;
}

async function main(options: Options): Promise<number> {
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const began = performance.now();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const tally = new Tally(options.seeds, say);
  const proven = new Map<Proof, SeedResult>();
  const jobs: Job[] = [
    ...Array.from({ length: options.seeds }, (_, i) => ({
      seed: options.firstSeed + i,
      kills: options.kills,
      proof: null,
      done: (result: SeedResult) => tally.add(result),
    })),
    ...options.proofs.map((proof) => ({
      seed: PROOF_SEED,
      kills: PROOF_KILLS,
      proof,
      done: (result: SeedResult) => void proven.set(proof, result),
    })),
  ];
  const left = [...jobs];
  const stop = (): void => void left.splice(0);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const isOver = (): boolean => tally.broken.length > 0 && !options.keepGoing;
  const lanes = Array.from({ length: Math.min(options.workers, jobs.length) }, () => runLane(left, isOver, say));
  const ends = await Promise.allSettled(lanes);
  for (const end of ends) if (end.status === 'rejected') say((end.reason as Error).stack ?? String(end.reason));

  for (const result of tally.broken) process.stdout.write(`${violationText(result)}\n`);
  process.stdout.write(`${tables(tally)}\n\n`);
  for (const [proof, result] of proven) process.stdout.write(`${proofText(proof, result, isProven(result))}\n`);
  process.stdout.write(`${summary(tally, performance.now() - began)}\n`);
  const isWhole = tally.results.length === options.seeds && proven.size === options.proofs.length;
  return isWhole && tally.broken.length === 0 && [...proven.values()].every(isProven) ? 0 : 1;
}

/** A proof counts where an order was doubled, lost or wrongly told of; one that only takes too long proves nothing. */
const isProven = ({ violations }: SeedResult): boolean =>
  violations.some(({ checker }) => TWICE_OR_LOST.some((rule) => rule === checker));

/** One ground, and one world after another on it, until no job is left. What a world leaves is kept where a rule was broken. */
async function runLane(left: Job[], isOver: () => boolean, say: (line: string) => void): Promise<void> {
  const ground = await openGround(process.env, say);
  let isFine = true;
  try {
    for (let job = left.shift(); job && !isOver(); job = left.shift()) {
      const { seed, kills, proof, done } = job;
      const result = await runSeed({ seed, kills, proof, ground, env: process.env });
      done(result);
      const asWanted = proof === null ? result.violations.length === 0 : isProven(result);
      if (asWanted) await rm(result.folder, { recursive: true, force: true });
      else isFine = false;
    }
  } catch (error) {
    isFine = false;
    throw error;
  } finally {
    await ground.close(!isFine);
  }
}

try {
  process.exitCode = await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
