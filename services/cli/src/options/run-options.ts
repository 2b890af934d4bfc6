import type { RunOptions } from '@ballast/embedded';
import { usageError } from '../errors.js';
import type { Io } from '../io.js';
import { DEFAULT_BOOK } from './book.js';
import {
  amount,
  Faults,
  name,
  names,
  person,
  readableFile,
  reason,
  sessionDate,
  symbols,
  wholeNumber,
} from './values.js';

/** The options of `cycle run` as they were typed. */
export interface RawRunOptions {
  readonly data?: string;
  readonly sectors?: string;
  readonly asOf?: string;
  readonly symbols?: string;
  readonly universe?: string;
  readonly strategies?: string;
  readonly cash?: string;
  readonly book?: string;
  readonly fresh?: boolean;
  readonly workers?: string;
  readonly days?: string;
  readonly override?: string;
  readonly by?: string;
}

/** What `cycle run` was asked for: the run itself, and how many calls to the venue its host may have under way. */
export interface RunRequest extends RunOptions {
  readonly workers?: number;
}

const DAYS_MAX = 2_520;
const WORKERS_MAX = 64;
const UNIVERSE_MAX = 10_000;

/** What is to be done with each option that was given; those that were not stay out. */
const given = <T>(text: string | undefined, parse: (text: string) => T | undefined): T | undefined =>
  text === undefined ? undefined : parse(text);

/**
 * Checks the options of `cycle run` before anything is started.
 * @param io where paths are relative to, and who runs the command.
 * @throws CliError USAGE with every faulty option.
 */
export function parseRunOptions(raw: RawRunOptions, { cwd, user }: Pick<Io, 'cwd' | 'user'>): RunRequest {
  const faults = new Faults();
  const data = given(raw.data, (path) => readableFile(faults, '--data', path, cwd));
  const sectors = given(raw.sectors, (path) => readableFile(faults, '--sectors', path, cwd));
  const asOf = given(raw.asOf, (text) => sessionDate(faults, '--as-of', text));
  const chosen = given(raw.symbols, (text) => symbols(faults, '--symbols', text));
  const universe = given(raw.universe, (text) => wholeNumber(faults, '--universe', text, 1, UNIVERSE_MAX));
  const strategies = given(raw.strategies, (text) => names(faults, '--strategies', text));
  const cash = given(raw.cash, (text) => amount(faults, '--cash', text));
  const book = name(faults, '--book', raw.book ?? DEFAULT_BOOK) ?? DEFAULT_BOOK;
  const workers = given(raw.workers, (text) => wholeNumber(faults, '--workers', text, 1, WORKERS_MAX));
  const days = given(raw.days, (text) => wholeNumber(faults, '--days', text, 1, DAYS_MAX)) ?? 1;
  const because = given(raw.override, (text) => reason(faults, '--override', text));
  const by = person(faults, '--by', raw.by ?? user);
  if (raw.by !== undefined && raw.override === undefined) faults.add('--by', 'goes with --override REASON only');
  if (raw.symbols !== undefined && raw.universe !== undefined) {
    faults.add('--universe', 'cannot go with --symbols; give the symbols, or how many of the most liquid, not both');
  }
  if (raw.sectors !== undefined && raw.data === undefined) {
    faults.add('--sectors', 'goes with --data FILE only; the synthetic market has its own sectors');
  }
  if (faults.found.length > 0) throw usageError('cycle run', faults.found);
  const override = because === undefined ? undefined : { by: by!, reason: because };
  const chosenOnly = present({ data, sectors, asOf, symbols: chosen, universe, strategies, cash, workers, override });
  return { ...chosenOnly, book, fresh: raw.fresh === true, days };
}

/** Leaves out what is undefined: an option that was not given is not there at all. */
const present = <T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** Which options only a host of this command's own can carry out, because they change its clock or its data. */
export const ownHostOptions = (raw: RawRunOptions): string[] =>
  [
    raw.data !== undefined ? '--data' : null,
    raw.sectors !== undefined ? '--sectors' : null,
    raw.days !== undefined ? '--days' : null,
    raw.fresh === true ? '--fresh' : null,
    raw.workers !== undefined ? '--workers' : null,
  ].filter((option) => option !== null);
