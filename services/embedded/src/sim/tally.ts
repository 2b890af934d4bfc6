import { hashOf } from '@ballast/contracts';
import type { SeedResult } from './run-seed.js';

/** Adds up what became of the seeds, and shows how far they are. */
export class Tally {
  readonly violations: SeedResult[] = [];
  readonly #digests = new Map<number, string>();
  readonly totals = {
    seeds: 0,
    steps: 0,
    crashes: 0,
    setBacks: 0,
    closed: 0,
    aborted: 0,
    orders: 0,
    fills: 0,
    halts: 0,
  };

  constructor(
    readonly wanted: number,
    private readonly terminal: boolean,
  ) {}

  add(result: SeedResult): void {
    const { totals } = this;
    const { steps, crashes, setBacks, reached, violation } = result;
    totals.seeds++;
    totals.steps += steps;
    totals.crashes += crashes;
    totals.setBacks += setBacks;
    for (const name of ['closed', 'aborted', 'orders', 'fills', 'halts'] as const) totals[name] += reached?.[name] ?? 0;
    if (violation) this.violations.push(result);
    this.#digests.set(result.seed, result.digest);
    this.#show();
  }

  /** Names all that happened in all seeds: the same seeds give the same name, in whatever order they ran. */
  get digest(): string {
    return hashOf([...this.#digests].sort(([a], [b]) => a - b)).slice(0, 16);
  }

  #show(): void {
    const { seeds } = this.totals;
    const text = `${seeds} of ${this.wanted} seeds, ${this.violations.length} violations`;
    if (this.terminal) process.stderr.write(`\r${text}`);
    else if (seeds % 25 === 0 || seeds === this.wanted) process.stderr.write(`${text}\n`);
  }
}

/** One line about all seeds. */
export function summary({ totals, violations, wanted, digest }: Tally, durationMs: number): string {
  const { seeds, steps, crashes, setBacks, closed, aborted, orders, fills, halts } = totals;
  return (
    `${seeds < wanted ? `only ${seeds} of ${wanted}` : seeds} seeds, ${steps} steps, ${crashes} crashes, ${setBacks} damages to the stream, ${closed} cycles closed, ` +
    `${aborted} aborted, ${orders} orders, ${fills} fills, ${halts} halts, ${violations.length} violations, ` +
    `run ${digest}, ${(durationMs / 1_000).toFixed(1)} s`
  );
}

/** A violation with its last steps, and the command that shows it again. */
export function violationText({ seed, violation, digest }: SeedResult, fault: string | null): string {
  const { checker, message, lastSteps } = violation!;
  return [
    `VIOLATION of "${checker}" with seed ${seed}: ${message}`,
    'The last steps:',
    ...lastSteps,
    `The run is ${digest.slice(0, 16)}. To see it again:`,
    `  npm run sim -- --first-seed ${seed} --seeds 1${fault ? ` --fault ${fault}` : ''}`,
  ].join('\n');
}
