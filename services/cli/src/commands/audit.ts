import type { Command } from 'commander';
import type { Client, Json } from '../client.js';
import { EXIT } from '../errors.js';
import { wholeNumber } from '../options/values.js';
import { print } from '../output/document.js';
import { cell, columnsOf } from '../output/record.js';
import { renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, addNoun, checkedBook, type Cli, type BookOption } from './command.js';

const ENTRY_COLUMNS = columnsOf({
  ENTRY: 'sequence',
  AT: 'at',
  SERVICE: 'service',
  ACT: 'act',
  ACTOR: 'actor',
  SUBJECT: 'subject',
  CYCLE: 'cycleId',
});

const CHAIN_COLUMNS = columnsOf({
  CHAIN: 'chain',
  INTACT: 'ok',
  ENTRIES: 'entries',
  'BROKEN AT': 'brokenAt',
  WHAT: 'what',
  EXPECTED: 'expected',
  FOUND: 'found',
  'NEXT STEP': 'nextStep',
});

/** `ballast audit tail|verify` */
export function auditCommands(program: Command, cli: Cli): void {
  const { io } = cli;
  const noun = addNoun(program, 'audit', 'Who did what, and whether the record was touched.', [
    'audit tail',
    'audit verify',
  ]);
  addBookCommand(noun, 'tail', 'Show the latest audit entries.', ['audit tail', 'audit tail --limit 200 -o json'])
    .option('--limit <n>', 'at most so many', '50')
    .action(async (raw: BookOption & { limit: string }) => {
      const { format, book, value } = checkedBook('audit tail', raw, (faults) =>
        wholeNumber(faults, '--limit', raw.limit, 1, 10_000),
      );
      const entries = await withSession(io, { book }, ({ client }) => lastEntries(client, value ?? 50));
      print(io, format, entries, () => renderTable(ENTRY_COLUMNS, entries, 'no entries yet'));
    });
  addBookCommand(
    noun,
    'verify',
    'Recompute the hash chains of the audit and of every ledger; exit 1 where one is broken.',
    ['audit verify'],
  ).action(async (raw: BookOption) => {
    const { format, book } = checkedBook('audit verify', raw, () => null);
    const chains = await withSession(io, { book }, async ({ client }) => {
      const books = await client.list('/api/v1/books');
      const found = [chainOf('audit', await client.get('/api/v1/audit/verify'))];
      for (const name of books.map((each) => cell(each['book']))) {
        found.push(chainOf(`ledger of ${name}`, await client.get('/api/v1/ledger/verify', { book: name })));
      }
      return found;
    });
    print(io, format, chains, () => renderTable(CHAIN_COLUMNS, chains));
    // Only a plain yes is one: an answer of another shape proves nothing.
    if (!chains.every(({ ok }) => ok === true)) cli.exit = EXIT.failure;
  });
}

const PAGE = 1_000;

/** The chain is read from its beginning, so its end is what is left of the last pages. */
async function lastEntries(client: Client, count: number): Promise<Json[]> {
  let kept: Json[] = [];
  let after: string | undefined = '0';
  while (after !== undefined) {
    const page: { rows: Json[]; next: string | undefined } = await client.page('/api/v1/audit', {
      after,
      limit: PAGE,
    });
    kept = [...kept, ...page.rows].slice(-count);
    after = page.next;
  }
  return kept;
}

/** One row a chain; the audit tells of its break in a member of its own. */
function chainOf(chain: string, { broken, ...verdict }: Json): Json {
  if (typeof broken !== 'object' || broken === null) return { chain, ...verdict };
  const { sequence, ...rest } = broken as Json;
  return { chain, ...verdict, brokenAt: sequence, ...rest };
}
