import type { Command } from 'commander';
import { CliError, EXIT } from '../errors.js';
import { wholeNumber } from '../options/values.js';
import { print } from '../output/document.js';
import { cell, columnsOf } from '../output/record.js';
import { renderPairs, renderTable } from '../output/table.js';
import { followReconciliation, type Reconciliation } from '../reconciliation.js';
import { withSession } from '../session.js';
import { addBookCommand, addNoun, checkedBook, type BookOption, type Cli } from './command.js';

interface ShowFlags extends BookOption {
  readonly limit: string;
}

const BREAKS = columnsOf({ KIND: 'kind', SUBJECT: 'subject', SYMBOL: 'symbol', OURS: 'ours', VENUE: 'venue' });
const OPEN = [...BREAKS, ...columnsOf({ FOUND: 'foundAt', 'ACCEPTED BY': 'acceptedBy' })];
const RESULTS = columnsOf({ AT: 'at', FOR: 'purpose', STATUS: 'status', BREAKS: 'count', ID: 'reconciliationId' });

/** The most results that the host gives at once. */
const RESULTS_MAX = 100;

/** `ballast recon run|show` */
export function reconCommands(program: Command, cli: Cli): void {
  const noun = addNoun(program, 'recon', "Compare an account's books with the venue's.", ['recon run', 'recon show']);
  addRun(noun, cli);
  addShow(noun, cli);
}

function addRun(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(
    noun,
    'run',
    'Compare positions, orders, fills and cash with the venue now, and wait for the result; exit 1 unless it is green.',
    ['recon run', 'recon run --book trial -o json'],
  ).action(async (raw: BookOption) => {
    const { format, book } = checkedBook('recon run', raw, () => null);
    // What does not agree is looked at again some seconds later, which takes a clock that goes.
    const result = await withSession(io, { book, needsRunning: true }, ({ client }) =>
      followReconciliation(client, book),
    );
    if (result.status !== 'green') cli.exit = EXIT.failure;
    print(io, format, result, () => renderResult(book, result));
  });
}

function renderResult(book: string, { status, breaks, reconciliationId }: Reconciliation): string {
  if (status === 'green') return `${book}: our books and the venue's are the same (${reconciliationId})\n`;
  if (status === 'unavailable') return `${book}: the venue's books could not be had; see "ballast alert list"\n`;
  return `${renderTable(BREAKS, breaks)}${book}: ${breaks.length} differences to the venue (${reconciliationId}); "ballast recon show" shows what was halted\n`;
}

function addShow(noun: Command, { io }: Cli): void {
  addBookCommand(
    noun,
    'show',
    'Show whether an account may trade, what does not agree with the venue, and the last results.',
    ['recon show', 'recon show --limit 50 -o json'],
  )
    .option('--limit <n>', 'at most so many results', '10')
    .action(async (raw: ShowFlags) => {
      const { format, book, value } = checkedBook(
        'recon show',
        raw,
        (faults) => wholeNumber(faults, '--limit', raw.limit, 1, RESULTS_MAX) ?? RESULTS_MAX,
      );
      const shown = await withSession(io, { book }, async ({ client }) => {
        const accounts = await client.list('/api/v1/execution/accounts');
        const account = accounts.find((each) => each['account'] === book);
        if (!account) throw unknownAccount(book);
        const query = { account: book, limit: value };
        return { account, reconciliations: await client.list('/api/v1/execution/reconciliations', query, value) };
      });
      print(io, format, shown, () => {
        const { account, reconciliations } = shown;
        const breaks = account['breaks'] as Reconciliation['breaks'];
        const halted = (account['haltedSymbols'] as { symbol: string }[]).map(({ symbol }) => symbol);
        const results = reconciliations.map((each) => ({ ...each, count: (each['breaks'] as unknown[]).length }));
        const pairs = renderPairs([
          ['books', cell(account['status'])],
          ['may trade', account['ready'] === true ? `since ${cell(account['readyAt'])}` : 'not before its books agree'],
          ['last the same', cell(account['greenAt'])],
          ['halted symbols', halted.length === 0 ? 'none' : halted.join(', ')],
        ]);
        const open = renderTable(OPEN, breaks, 'nothing differs');
        return `${pairs}\n${open}\n${renderTable(RESULTS, results, 'no results yet')}`;
      });
    });
}

const unknownAccount = (book: string): CliError =>
  new CliError({
    code: 'ACCOUNT_UNKNOWN',
    what: `Execution does not know an account "${book}".`,
    nextStep: 'See the books with "ballast status", or name one with --book.',
    exit: EXIT.failure,
  });
