import type { Command } from 'commander';
import type { Json } from '../client.js';
import { EXIT } from '../errors.js';
import { symbols as symbolsOf, wholeNumber } from '../options/values.js';
import { print } from '../output/document.js';
import { cell, columnsOf, objectsOf } from '../output/record.js';
import { renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, addNoun, checkedBook, type Cli, type BookOption } from './command.js';
import { exportCommands } from './data-export.js';
import { referenceCommands } from './data-reference.js';
import { historyCommands } from './history.js';
import { qualityCommands } from './quality.js';
import { factCommands } from './facts.js';

interface VerifyFlags extends BookOption {
  readonly minRows?: string;
  readonly symbols?: string;
  readonly source?: string;
}

const ROWS_MAX = 100_000;
/** Symbols that are too short are named one by one up to here. */
const NAMED_MAX = 10;

const count = (title: string, member: string) => ({
  title,
  of: (row: Json) => cell(row[member]),
  numeric: true,
});

const COLUMNS = [
  ...columnsOf({ SYMBOL: 'symbol' }),
  count('ROWS', 'rows'),
  ...columnsOf({ FROM: 'from', TO: 'to' }),
  count('MISSING', 'missing'),
  count('BEHIND', 'behind'),
  { title: 'GAPS', of: (row: Json) => gapsText(row) },
];

/** `ballast data verify`, beside what brings history in and what is known of it. */
export function dataCommands(program: Command, cli: Cli): void {
  const { io } = cli;
  const noun = addNoun(program, 'data', 'The history of prices that cycles read, and what sources say of the market.', [
    'data import prices.csv.gz --sectors sectors.csv',
    'data backfill --source alpaca --symbols AAPL,MSFT --from 2021-01-04',
    'data verify --min-rows 1260',
    'data quality',
    'data collect nse-fii-dii',
  ]);
  historyCommands(noun, cli);
  qualityCommands(noun, cli);
  factCommands(noun, cli);
  exportCommands(noun, cli);
  referenceCommands(noun, cli);
  addBookCommand(
    noun,
    'verify',
    'List symbol, rows and gaps against the sessions of the exchange; exit 1 where a symbol has too few rows.',
    ['data verify', 'data verify --min-rows 1260 --symbols AAPL,MSFT'],
  )
    .option('--min-rows <n>', 'the depth that each symbol must have; 1260 is five years')
    .option('--symbols <list>', 'only these, separated by commas')
    .option('--source <name>', 'the history to look at; the one that cycles read, unless told')
    .action(async (raw: VerifyFlags) => {
      const { format, book, value } = checkedBook('data verify', raw, (faults) => ({
        minRows: raw.minRows === undefined ? 1 : wholeNumber(faults, '--min-rows', raw.minRows, 1, ROWS_MAX),
        only: raw.symbols === undefined ? undefined : symbolsOf(faults, '--symbols', raw.symbols),
      }));
      const { minRows = 1, only } = value;
      const found = await withSession(io, { book }, ({ client }) =>
        client.list('/api/v1/feeds/coverage', { source: raw.source, symbols: only?.join(',') }),
      );
      const rows = only?.map((symbol) => found.find((row) => row['symbol'] === symbol) ?? none(symbol)) ?? found;
      print(io, format, rows, () => renderTable(COLUMNS, rows, 'the history has no symbols'));
      const short = rows.filter((row) => Number(row['rows']) < minRows);
      if (short.length === 0) return;
      const named = short.slice(0, NAMED_MAX).map((row) => `${cell(row['symbol'])} (${cell(row['rows'])})`);
      const more = short.length > NAMED_MAX ? ', ...' : '';
      io.err(
        `${short.length} of ${rows.length} symbols have ${minRows === 1 ? 'no' : `fewer than ${minRows}`} rows: ${named.join(', ')}${more}\n` +
          'Fetch or import what is missing: "ballast data backfill --help", "ballast data import --help".\n',
      );
      cli.exit = EXIT.failure;
    });
}

/** A symbol that was asked for and is not there has no rows; that is no reason to leave it out. */
const none = (symbol: string): Json => ({ symbol, rows: 0, from: null, to: null, missing: 0, behind: 0, gaps: [] });

function gapsText(row: Json): string {
  const gaps = objectsOf(row['gaps']) ?? [];
  const shown = gaps.slice(0, 2).map(({ from, to }) => (from === to ? cell(from) : `${cell(from)} to ${cell(to)}`));
  return gaps.length > 2 ? `${shown.join(', ')}, ...` : shown.join(', ');
}
