import { parseArgs } from 'node:util';
import { faultNamed } from './planted-faults.js';

/** What the command line asks for. */
export interface Options {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly workers: number;
  /** A planted fault that is to be found. */
  readonly fault: string | null;
  /** Shows every step as it is taken. */
  readonly trace: boolean;
  /** Goes on after a violation. */
  readonly keepGoing: boolean;
}

/** Reads the command line. @throws Error naming the option that is wrong. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '100' },
      'first-seed': { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      fault: { type: 'string' },
      trace: { type: 'boolean', default: false },
      'keep-going': { type: 'boolean', default: false },
    },
  });
  const whole = (name: 'seeds' | 'first-seed' | 'workers'): number => {
    const value = Number(values[name]);
    if (Number.isSafeInteger(value) && value >= 1) return value;
    throw new Error(`--${name} ${values[name]}: give a whole number from 1`);
  };
  if (values.fault !== undefined) faultNamed(values.fault);
  return {
    seeds: whole('seeds'),
    firstSeed: whole('first-seed'),
    workers: whole('workers'),
    fault: values.fault ?? null,
    trace: values.trace,
    keepGoing: values['keep-going'],
  };
}
