import type { Violation } from '@ballast/testing';
import type { Proof } from './proofs.js';
import { LABELS } from './points.js';
import type { SeedResult } from './run-seed.js';

/** Adds up what became of the seeds, and shows how far they are. */
export class Tally {
  readonly results: SeedResult[] = [];
  readonly kills = new Map<string, number>();
  readonly troubles = new Map<string, number>();
  readonly fates = new Map<string, number>();

  constructor(
    readonly wanted: number,
    private readonly say: (line: string) => void,
  ) {}

  add(result: SeedResult): void {
    this.results.push(result);
    for (const [into, from] of [
      [this.kills, result.kills],
      [this.troubles, result.troubles],
      [this.fates, result.fates],
    ] as const) {
      for (const [name, n] of from) into.set(name, (into.get(name) ?? 0) + n);
    }
    const { seed, parents, orders, fills, violations, durationMs } = result;
    this.say(
      `seed ${seed} (${this.results.length} of ${this.wanted}): ${sum(result.kills)} kills, ${parents} parents, ${orders} orders, ` +
        `${fills} fills, ${violations.length} rules broken, ${(durationMs / 1_000).toFixed(0)} s`,
    );
  }

  get broken(): readonly SeedResult[] {
    return this.results.filter(({ violations }) => violations.length > 0);
  }
}

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((all, n) => all + n, 0);

/** How often a gateway died where, what else went wrong, and what became of the orders, as tables of text. */
export function tables({ kills, troubles, fates }: Tally): string {
  const rows = (title: string, names: readonly string[], counts: ReadonlyMap<string, number>): string[] => {
    const width = Math.max(title.length, ...names.map((name) => name.length));
    return [title, ...names.map((name) => `${name.padEnd(width)}  ${String(counts.get(name) ?? 0).padStart(6)}`)];
  };
  return [
    ...rows(`Kills by where they hit`, LABELS, kills),
    '',
    ...rows('What else went wrong', [...troubles.keys()].sort(), troubles),
    '',
    ...rows('What became of the orders', [...fates.keys()].sort(), fates),
  ].join('\n');
}

/** One line about all seeds. */
export function summary(tally: Tally, durationMs: number): string {
  const { results, wanted, kills, broken } = tally;
  const total = (of: (result: SeedResult) => number): number => results.reduce((all, result) => all + of(result), 0);
  const unhit = LABELS.filter((label) => !kills.has(label));
  const where = unhit.length === 0 ? 'every label hit' : `${unhit.length} labels not hit: ${unhit.join(', ')}`;
  return (
    `${results.length < wanted ? `only ${results.length} of ${wanted}` : wanted} seeds, ${sum(kills)} kills, ${where}; ` +
    `${total(({ parents }) => parents)} parents, ${total(({ orders }) => orders)} orders, ${total(({ fills }) => fills)} fills, ` +
    `${broken.length} seeds with broken rules, ${(durationMs / 1_000).toFixed(0)} s`
  );
}

const told = ({ checker, message }: Violation): string => `  ${checker}: ${message}`;

/** What a seed has broken, where its logs are, and the command that runs it again. */
export const violationText = ({ seed, violations, folder, kills }: SeedResult): string =>
  [
    `VIOLATION with seed ${seed}:`,
    ...violations.map(told),
    `The logs are in ${folder}. To run its choices again (the machine decides the timing):`,
    `  npm run chaos -- --first-seed ${seed} --seeds 1 --kills ${sum(kills)} --proof none`,
  ].join('\n');

/** What a proof has broken, or that it has broken nothing. */
export function proofText({ name, told: what }: Proof, { violations, folder }: SeedResult, isProven: boolean): string {
  if (!isProven) return `PROOF FAILED "${name}": ${what} broke no rule. The logs are in ${folder}.`;
  return [`PROOF "${name}": ${what} is seen. It broke:`, ...violations.map(told)].join('\n');
}
