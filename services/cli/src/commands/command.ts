import type { Command } from 'commander';
import { CliError, EXIT, usageError, type ExitCode } from '../errors.js';
import type { Io } from '../io.js';
import { DEFAULT_BOOK } from '../options/book.js';
import { Faults, name, oneOf } from '../options/values.js';
import { FORMATS, type Format } from '../output/document.js';

/** One run of the command line: what it may touch, and what it will end with. */
export interface Cli {
  readonly io: Io;
  exit: ExitCode;
}

/** Options that every command with data has. */
export interface OutputOption {
  readonly output: string;
}

/** Options that every command has that looks into a book. */
export interface BookOption extends OutputOption {
  readonly book: string;
}

/** Adds a command that looks into a book. */
export const addBookCommand = (
  parent: Command,
  usage: string,
  description: string,
  examples: readonly string[],
): Command =>
  addCommand(parent, usage, description, examples).option(
    '--book <name>',
    'the account with its ledger; where a host runs, its own',
    DEFAULT_BOOK,
  );

/**
 * Adds a command with its examples below the help and with `-o`.
 * @param usage name and arguments, as commander writes them: `get <id>`.
 * @param examples commands as a person would type them.
 */
export function addCommand(parent: Command, usage: string, description: string, examples: readonly string[]): Command {
  return withExamples(
    parent
      .command(usage)
      .description(description)
      .option('-o, --output <format>', `how data is written to standard output: ${FORMATS.join(', ')}`, 'table'),
    examples,
  );
}

/** Adds a noun, whose verbs are commands. */
export function addNoun(parent: Command, name: string, description: string, examples: readonly string[]): Command {
  return withExamples(parent.command(name).description(description), examples);
}

export const withExamples = (command: Command, examples: readonly string[]): Command =>
  command.addHelpText('after', `\nExamples:\n${examples.map((example) => `  ballast ${example}\n`).join('')}`);

/**
 * Checks options before anything is started.
 * @param parse reads what it needs and adds what is wrong; its result counts only where nothing was.
 * @throws CliError USAGE with every fault.
 */
export function checked<T>(
  command: string,
  raw: OutputOption,
  parse: (faults: Faults) => T,
): { readonly format: Format; readonly value: T } {
  const faults = new Faults();
  const format = oneOf(faults, '--output', raw.output, FORMATS) ?? 'table';
  const value = parse(faults);
  if (faults.found.length > 0) throw usageError(command, faults.found);
  return { format, value };
}

/** The same for a command that looks into a book. */
export function checkedBook<T>(
  command: string,
  raw: BookOption,
  parse: (faults: Faults) => T,
): { readonly format: Format; readonly book: string; readonly value: T } {
  const { format, value } = checked(command, raw, (faults) => ({
    book: name(faults, '--book', raw.book) ?? DEFAULT_BOOK,
    parsed: parse(faults),
  }));
  return { format, book: value.book, value: value.parsed };
}

/**
 * Asks a person to type a name before something that cannot be taken back, unless it came as an option.
 * @throws CliError NOT_CONFIRMED (exit 3) where it was not typed, or nobody can be asked.
 */
export async function confirm(
  io: Io,
  what: string,
  expected: string,
  said: string | undefined,
  option: string,
): Promise<void> {
  const typed = said ?? (io.interactive ? await io.ask(`${what}\nType ${expected} to go on: `) : undefined);
  if (typed?.trim() === expected) return;
  throw new CliError({
    code: 'NOT_CONFIRMED',
    what:
      typed === undefined
        ? `${what} Nobody can be asked here.`
        : `"${typed.trim()}" is not "${expected}"; nothing was done.`,
    nextStep: `Run it in a terminal and type ${expected}, or add ${option}.`,
    exit: EXIT.declined,
  });
}
