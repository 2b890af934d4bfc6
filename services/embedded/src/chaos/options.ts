import { parseArgs } from 'node:util';
import { PROOFS, type Proof } from './proofs.js';

/** What the command line asks for. */
export interface Options {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly workers: number;
  /** Deaths of the gateway a seed. */
  readonly kills: number;
  /** The runs behind the seeds that must find something. */
  readonly proofs: readonly Proof[];
  /** Goes on after a violation. */
  readonly keepGoing: boolean;
  readonly help: boolean;
}

export const USAGE = `npm run chaos -- [options]

Trades with the built gateway as a process of its own, against a paper broker, a Postgres and a nats-server that are
processes too, while all of them fail; then holds what is left against the rules. docs/concepts/chaos.md tells how.

  --seeds N        worlds, one a seed (25)
  --first-seed N   the first of them (1)
  --workers N      worlds at once, each on a Postgres of its own (2)
  --kills N        deaths of the gateway a seed (42)
  --proof NAME     a run that must fail, behind the seeds: all, none, ${PROOFS.map(({ name }) => name).join(', ')} (all)
  --keep-going     goes on after a violation
  --help           shows this

Exit code 0: no rule was broken, and each proof broke one. 1: a rule was broken, or a proof broke none. 2: wrong usage.
`;

/** Reads the command line. @throws Error naming the option that is wrong. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '25' },
      'first-seed': { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      kills: { type: 'string', default: '42' },
      proof: { type: 'string', default: 'all' },
      'keep-going': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const whole = (name: 'seeds' | 'first-seed' | 'workers' | 'kills'): number => {
    const value = Number(values[name]);
    if (Number.isSafeInteger(value) && value >= 1) return value;
    throw new Error(`--${name} ${values[name]}: give a whole number from 1`);
  };
  return {
    seeds: whole('seeds'),
    firstSeed: whole('first-seed'),
    workers: whole('workers'),
    kills: whole('kills'),
    proofs: proofsNamed(values.proof),
    keepGoing: values['keep-going'],
    help: values.help,
  };
}

function proofsNamed(name: string): readonly Proof[] {
  if (name === 'all') return PROOFS;
  if (name === 'none') return [];
  const found = PROOFS.find((proof) => proof.name === name);
  if (found) return [found];
  throw new Error(`--proof ${name}: there are all, none, ${PROOFS.map((proof) => proof.name).join(', ')}`);
}
