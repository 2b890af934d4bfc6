import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Json, Query } from '../client.js';
import { CliError, EXIT } from '../errors.js';
import type { Io } from '../io.js';
import { DEFAULT_BOOK } from '../options/book.js';
import { date, name, oneOf, symbols as symbolsOf, type Faults } from '../options/values.js';
import { print } from '../output/document.js';
import { cell, columnsOf } from '../output/record.js';
import { renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, checkedBook, withExamples, type BookOption, type Cli } from './command.js';

const WHATS = ['bars', 'reference', 'facts'] as const;
const FORMATS = ['csv', 'json'] as const;
/** Kinds of reference facts, as feeds names them. */
export const KINDS = [
  ...(['listing', 'instrument', 'sector', 'earnings', 'lot_size', 'tick_size', 'index_member'] as const),
] as const;
export const MARKETS = ['US', 'NSE'] as const;
/** Kinds of facts, as feeds names them. */
export const FACT_KINDS = [
  ...(['flow', 'deal', 'filing', 'meeting', 'headline', 'macro', 'text', 'option_chain', 'holiday'] as const),
] as const;

interface ExportFlags {
  readonly what: string;
  readonly source?: string;
  readonly symbols?: string;
  readonly from?: string;
  readonly to?: string;
  readonly kind?: string;
  readonly market?: string;
  readonly knownOn?: string;
  readonly knownAt?: string;
  readonly format: string;
  readonly out?: string;
  readonly book: string;
}

const yesNo = (member: string) => (row: Json) => (row[member] === true ? 'yes' : 'no');

const RIGHTS_COLUMNS = [
  ...columnsOf({ SOURCE: 'source' }),
  { title: 'EXPORT', of: yesNo('export') },
  { title: 'PASS ON', of: yesNo('redistribute') },
  {
    title: 'KEPT',
    of: (row: Json) => (row['retentionDays'] === null ? 'no limit' : `${cell(row['retentionDays'])} d`),
  },
  { title: 'OWN', of: yesNo('own') },
  ...columnsOf({ ATTRIBUTION: 'attribution', BASIS: 'basis' }),
];

/** `ballast data export|rights` */
export function exportCommands(noun: Command, { io }: Cli): void {
  const command = noun
    .command('export')
    .description(
      'Write bars, reference facts or facts to a file, with watermark and attributions, where the rights permit it.',
    )
    .option('--what <data>', WHATS.join(', '), 'bars')
    .option('--source <name>', 'the history of bars (the one that cycles read, unless told), or who said the facts')
    .option('--symbols <list>', 'only these, separated by commas; all of the source without it')
    .option('--from <date>', 'the first day')
    .option('--to <date>', 'the last day')
    .option('--kind <kind>', `of reference facts: ${KINDS.join(', ')}; of facts: ${FACT_KINDS.join(', ')}`)
    .option('--market <market>', `the market of reference facts: ${MARKETS.join(', ')}`)
    .option('--known-on <date>', 'leave out reference facts that became known later')
    .option('--known-at <instant>', 'facts as they were known then; now without it')
    .option('--format <format>', FORMATS.join(' or '), 'csv')
    .option('--out <file>', 'the file to make; standard output without it')
    .option('--book <name>', 'the account with its ledger; where a host runs, its own', DEFAULT_BOOK)
    .action(async (raw: ExportFlags) => {
      const { book, value } = checkedBook('data export', { ...raw, output: 'table' }, (faults) => parse(faults, raw));
      const out = raw.out === undefined ? null : resolve(io.cwd, raw.out);
      if (out !== null && existsSync(out)) throw fileExists(out);
      await withSession(io, { book }, async ({ client }) => {
        const pieces = client.pieces('/api/v1/feeds/export', value);
        const rows = out === null ? await toOutput(io, pieces) : await toFile(out, pieces);
        io.err(`${rows} rows exported${out === null ? '' : ` to ${out}`}\n`);
      });
    });
  withExamples(command, [
    'data export --what bars --symbols AAPL,MSFT --from 2017-01-03 --to 2017-06-30 --format csv --out bars.csv',
    'data export --what reference --kind sector --format json',
    'data export --what facts --kind filing --source sec --from 2026-11-01 --out filings.csv',
  ]);
  addBookCommand(noun, 'rights', 'List what may be done with the data of each source, and why.', [
    'data rights',
    'data rights -o json',
  ]).action(async (raw: BookOption) => {
    const { format, book } = checkedBook('data rights', raw, () => null);
    const rules = await withSession(io, { book }, ({ client }) => client.list('/api/v1/feeds/rights'));
    print(io, format, rules, () => renderTable(RIGHTS_COLUMNS, rules));
  });
}

function parse(faults: Faults, raw: ExportFlags): Query {
  const what = oneOf(faults, '--what', raw.what, WHATS);
  const kind = kindOf(faults, what, raw.kind);
  requireFitting(faults, what, raw);
  const from = raw.from === undefined ? undefined : date(faults, '--from', raw.from);
  const to = raw.to === undefined ? undefined : date(faults, '--to', raw.to);
  if (from !== undefined && to !== undefined && to < from) faults.add('--to', `${to} lies before --from ${from}`);
  return {
    ...{ what, kind, from, to, format: oneOf(faults, '--format', raw.format, FORMATS) },
    source: raw.source === undefined ? undefined : name(faults, '--source', raw.source),
    symbols: raw.symbols === undefined ? undefined : symbolsOf(faults, '--symbols', raw.symbols)?.join(','),
    market: raw.market === undefined ? undefined : oneOf(faults, '--market', raw.market, MARKETS),
    knownOn: raw.knownOn === undefined ? undefined : date(faults, '--known-on', raw.knownOn),
    knownAt: raw.knownAt,
  };
}

/** What is of one kind of data only is not passed over in silence where it is asked of another. */
function requireFitting(faults: Faults, what: string | undefined, { knownOn, market, knownAt }: ExportFlags): void {
  if (what !== 'reference' && knownOn !== undefined) faults.add('--known-on', 'is of --what reference');
  if (what !== 'reference' && market !== undefined) faults.add('--market', 'is of --what reference');
  if (what !== 'facts' && knownAt !== undefined) faults.add('--known-at', 'is of --what facts');
}

function kindOf(
  faults: Faults,
  what: (typeof WHATS)[number] | undefined,
  kind: string | undefined,
): string | undefined {
  if (what === undefined) return undefined;
  if (what === 'bars') {
    return kind === undefined ? undefined : faults.add('--kind', 'is of --what reference and --what facts');
  }
  const kinds: readonly string[] = what === 'reference' ? KINDS : FACT_KINDS;
  if (kind === undefined) return faults.add('--kind', `is needed: one of ${kinds.join(', ')}`);
  return oneOf(faults, '--kind', kind, kinds);
}

/** The end of a whole export, in either format: the number of its rows. */
const END = /(?:# rows: |"rows":)(\d+)\}?\n$/;
/** Characters that hold the end. */
const END_LENGTH = 64;

/** Hands pieces on and returns how many rows they held. @throws CliError EXPORT_CUT_OFF where the end is missing. */
async function copy(pieces: AsyncIterable<string>, write: (piece: string) => unknown): Promise<string> {
  let tail = '';
  for await (const piece of pieces) {
    await write(piece);
    tail = (tail + piece).slice(-END_LENGTH);
  }
  const [, rows] = END.exec(tail) ?? [];
  if (rows !== undefined) return rows;
  throw new CliError({
    code: 'EXPORT_CUT_OFF',
    what: 'The export ended before its last row: the history may have changed meanwhile, or the host was stopped.',
    nextStep: 'Run the same command again.',
    exit: EXIT.unavailable,
  });
}

const toOutput = (io: Io, pieces: AsyncIterable<string>): Promise<string> => copy(pieces, (piece) => io.out(piece));

/** The file appears under its name once it is whole. */
async function toFile(path: string, pieces: AsyncIterable<string>): Promise<string> {
  const part = `${path}.part`;
  const file = await open(part, 'w').catch((error: unknown) => {
    throw notWritable(path, error);
  });
  try {
    const rows = await copy(pieces, (piece) => file.appendFile(piece)).finally(() => file.close());
    await rename(part, path);
    return rows;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

const fileExists = (path: string): CliError =>
  new CliError({
    code: 'FILE_EXISTS',
    what: `There is a file ${path}; nothing was written.`,
    nextStep: 'Give another name with --out, or remove the file.',
    exit: EXIT.usage,
  });

const notWritable = (path: string, cause: unknown): CliError =>
  new CliError(
    {
      code: 'FILE_NOT_WRITABLE',
      what: `${path} cannot be written (${cause instanceof Error ? cause.message : String(cause)}).`,
      nextStep: 'Give a file in a folder that is there and that you may write to.',
      exit: EXIT.usage,
    },
    { cause },
  );
