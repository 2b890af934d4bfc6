import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Client, Json } from '../client.js';
import { answeredReport, CliError, EXIT } from '../errors.js';
import type { Io } from '../io.js';
import { date, lastClosedSession, name, oneOf, readableFile, symbols as symbolsOf } from '../options/values.js';
import { print } from '../output/document.js';
import { cell, columnsOf, objectsOf } from '../output/record.js';
import { renderPairs, renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, checkedBook, type BookOption, type Cli } from './command.js';

const BASES = ['split-adjusted', 'raw'] as const;
const LOOK_AGAIN_MS = 200;
/** Refused rows that are shown. */
const SHOWN_MAX = 10;

interface ImportFlags extends BookOption {
  readonly actions?: string;
  readonly sectors?: string;
  readonly name?: string;
  readonly basis: string;
  readonly replace?: boolean;
}
interface BackfillFlags extends BookOption {
  readonly source: string;
  readonly symbols: string;
  readonly from: string;
  readonly to?: string;
  readonly name?: string;
}

/** `ballast data import|backfill`: what brings history in. */
export function historyCommands(noun: Command, cli: Cli): void {
  addImport(noun, cli);
  addBackfill(noun, cli);
}

function addImport(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(
    noun,
    'import [file]',
    'Import daily bars (CSV, .csv.gz, Parquet or Arrow: date, symbol, open, high, low, close, volume), and what belongs to them.',
    [
      'data import prices.csv.gz --sectors sectors.csv',
      'data import raw.csv --basis raw --actions actions.csv --name us-raw',
      'data import --actions new-splits.csv --basis raw --name us-raw',
    ],
  )
    .option('--sectors <file>', 'sectors: symbol,sector')
    .option('--actions <file>', 'corporate actions: date,symbol,type,ratio,amount[,new_symbol]')
    .option('--name <name>', 'the history that it belongs to; made from the name of the file, unless told')
    .option('--basis <basis>', 'what the prices are: split-adjusted, or raw as they were traded', 'split-adjusted')
    .option('--replace', 'take other values for bars that are known; what they were is kept and can be compared')
    .action(async (file: string | undefined, raw: ImportFlags) => {
      const path = (faults: Parameters<typeof readableFile>[0], field: string, text: string | undefined) =>
        text === undefined ? undefined : readableFile(faults, field, text, io.cwd);
      const { format, book, value } = checkedBook('data import', raw, (faults) => {
        if (file === undefined && raw.name === undefined) {
          faults.add(
            '<file>',
            'is missing; give a file of bars, or with --name what belongs to a history that is there',
          );
        }
        return {
          path: path(faults, '<file>', file),
          sectorsPath: path(faults, '--sectors', raw.sectors),
          actionsPath: path(faults, '--actions', raw.actions),
          name: raw.name === undefined ? undefined : name(faults, '--name', raw.name),
          priceBasis: oneOf(faults, '--basis', raw.basis, BASES)?.replace('-', '_'),
          replace: raw.replace === true,
        };
      });
      const ended = await withSession(io, { book }, ({ client }) =>
        bringIn(io, client, '/api/v1/feeds/imports', value),
      );
      print(io, format, ended, () => renderImport(ended));
    });
}

function addBackfill(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(
    noun,
    'backfill',
    'Fetch daily bars and corporate actions from a vendor, as they were traded. Run it again to go on where it was interrupted.',
    ['data backfill --source alpaca --symbols AAPL,MSFT --from 2021-01-04'],
  )
    .requiredOption('--source <vendor>', 'the vendor: alpaca, polygon; its key is a setting of feeds')
    .requiredOption('--symbols <list>', 'tickers, separated by commas')
    .requiredOption('--from <date>', 'the first day')
    .option('--to <date>', 'the last day; the last session that has closed, unless told')
    .option('--name <name>', "the history that it belongs to; the vendor's name, unless told")
    .action(async (raw: BackfillFlags) => {
      const { format, book, value } = checkedBook('data backfill', raw, (faults) => ({
        vendor: name(faults, '--source', raw.source),
        symbols: symbolsOf(faults, '--symbols', raw.symbols),
        from: date(faults, '--from', raw.from),
        to: raw.to === undefined ? lastClosedSession() : date(faults, '--to', raw.to),
        name: raw.name === undefined ? undefined : name(faults, '--name', raw.name),
      }));
      const ended = await withSession(io, { book }, ({ client }) =>
        bringIn(io, client, '/api/v1/feeds/backfills', value),
      );
      print(io, format, ended, () => renderImport(ended));
    });
}

/**
 * Orders an import and shows how far it is until it has ended.
 * @throws CliError with the reason and the next step where it was refused.
 */
async function bringIn(io: Io, client: Client, path: string, order: Json): Promise<Json> {
  const { importId } = await client.post(path, order);
  let shown = '';
  for (;;) {
    const found = await client.get(`/api/v1/feeds/imports/${cell(importId)}`);
    if (found['status'] === 'refused') throw new CliError(refusalOf(found));
    if (found['status'] !== 'running') return found;
    if (found['parked']) throw parked(found['parked'] as Json);
    const text = progressOf(found);
    if (text !== shown) io.err(`${(shown = text)}\n`);
    await pause(LOOK_AGAIN_MS);
  }
}

const parked = ({ eventId, error }: Json): CliError =>
  new CliError({
    code: 'IMPORT_PARKED',
    what: `The import could not be concluded: ${cell(error)}`,
    nextStep: `Read it with "ballast dlq show ${cell(eventId)}"; mend the cause, then replay or skip it.`,
    exit: EXIT.failure,
  });

function progressOf(found: Json): string {
  const { unit, done, total, rows } = (found['progress'] ?? {}) as Record<string, number | string>;
  if (unit === 'groups') return `${cell(rows)} rows fetched, ${cell(done)} of ${cell(total)} groups of symbols`;
  return typeof rows === 'number' && rows > 0 ? `${rows.toLocaleString('en-US')} rows read` : 'reading';
}

function refusalOf(found: Json) {
  const outcome = (found['outcome'] ?? {}) as Json;
  const report = (outcome['report'] ?? {}) as Json;
  const rows = (objectsOf(report['firstRefused']) ?? []).slice(0, SHOWN_MAX);
  return answeredReport(
    {
      code: found['code'],
      title: 'The import was refused',
      detail: found['reason'],
      nextStep: outcome['nextStep'],
      errors: rows.map(({ row, message }) => ({ field: `row ${cell(row)}`, message })),
    },
    422,
  );
}

function renderImport(found: Json): string {
  const outcome = (found['outcome'] ?? {}) as Json;
  const report = (outcome['report'] ?? {}) as Json;
  if (found['status'] === 'known') return `nothing changed: ${cell(found['reason'])}\n`;
  const refused = objectsOf(report['firstRefused']) ?? [];
  const respelled = objectsOf(report['respelled']) ?? [];
  const pairs: [string, string][] = [
    ['import', cell(found['importId'])],
    ['history', cell(found['source'])],
    ['from, to', `${cell(outcome['from'])}, ${cell(outcome['to'])}`],
    ['rows', `${cell(report['rows'])} of ${cell(report['symbols'])} symbols`],
    [
      'bars',
      `${cell(outcome['added'])} new, ${cell(outcome['restated'])} restated, ${cell(outcome['unchanged'])} as they were`,
    ],
    ['actions', cell(outcome['actions'])],
    ['refused', `${cell(report['refused'])} rows ${cell(report['refusedByCode'])}`],
    ...respelled.map(({ from, to, rows }): [string, string] => [
      'respelled',
      `${cell(from)} is ${cell(to)}, ${cell(rows)} rows`,
    ]),
  ];
  const rows = refused.slice(0, SHOWN_MAX);
  const rest = refused.length > SHOWN_MAX ? `and ${refused.length - SHOWN_MAX} more: use -o json\n` : '';
  const table = rows.length === 0 ? '' : renderTable(columnsOf({ ROW: 'row', CODE: 'code', WHY: 'message' }), rows);
  return `${renderPairs(pairs)}${table}${rest}`;
}
