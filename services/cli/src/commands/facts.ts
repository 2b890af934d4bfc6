import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TextDecoder } from 'node:util';
import { SessionDate } from '@ballast/contracts';
import type { Command } from 'commander';
import type { Client, Json } from '../client.js';
import { CliError, EXIT } from '../errors.js';
import { name, wholeNumber, type Faults } from '../options/values.js';
import { print } from '../output/document.js';
import { cell, columnsOf, renderRecord } from '../output/record.js';
import { renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, checkedBook, type BookOption, type Cli } from './command.js';
import { FACT_KINDS } from './data-export.js';

interface CollectFlags extends BookOption {
  readonly date?: string;
  readonly subject?: string;
}

interface LoadFlags extends BookOption {
  readonly source?: string;
  readonly subject?: string;
  readonly synthetic?: boolean;
}

interface FactsFlags extends BookOption {
  readonly kind?: string;
  readonly source?: string;
  readonly symbol?: string;
  readonly from?: string;
  readonly to?: string;
  readonly knownAt?: string;
  readonly limit: string;
}

const POLL_MS = 250;
/** As long as feeds may try: eight times, a minute apart at the most. */
const PATIENCE_MS = 8 * 60_000;
/** A host takes requests of one mebibyte; quotes and line ends grow in JSON. */
const INLINE_BYTES_MAX = 400_000;
const LIMIT_MAX = 10_000;
const ROWS = '1000';
/** A content on one line of a table. */
const SHOWN_LENGTH = 100;

const COLUMNS = [
  ...columnsOf({ DATE: 'date', SYMBOL: 'symbol', SOURCE: 'source', REV: 'revision', 'KNOWN SINCE': 'knownAt' }),
  { title: 'CONTENT', of: (row: Json) => shortened(cell(row['content'])) },
];

const STANDINGS = [
  ...columnsOf({ WHAT: 'what', SUBJECT: 'subject', STATE: 'state', COLLECTED: 'collectedAt', NEXT: 'dueAt' }),
  { title: 'FAILURE', of: (row: Json) => failureText(row['failure']) },
];

const NONE = 'nothing was known of that; a book in simulated time knows nothing beyond its clock';

/** `ballast data collect`, `data collections`, `data load`, `data facts`: what exchanges, regulators and central banks say. */
export function factCommands(noun: Command, cli: Cli): void {
  addCollect(noun, cli);
  addCollections(noun, cli);
  addLoad(noun, cli);
  addFacts(noun, cli);
}

function addCollect(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(
    noun,
    'collect <what>',
    'Fetch flows, deals, filings, texts or a series; waits until they are taken in.',
    [
      'data collect nse-fii-dii',
      'data collect nse-bulk-deals --date 2026-11-20',
      'data collect nse-option-chain --subject NIFTY',
      'data collect macro-series --subject DGS10',
      'data collect fred-series --subject CPIAUCSL --date 2020-01-01',
      'data collect newsapi-headlines --subject AAPL',
      'data collect sec-ownership --subject 320193',
    ],
  )
    .option('--date <date>', 'the day; of a series the first one, of an option chain the expiry')
    .option('--subject <name>', 'the symbol, series, CIK or search, where the kind needs one')
    .action(async (what: string, raw: CollectFlags) => {
      const { format, book, value } = checkedBook('data collect', raw, (faults) => ({
        date: raw.date === undefined ? undefined : day(faults, '--date', raw.date),
      }));
      const body = { what, ...given({ ...value, subject: raw.subject }) };
      const ended = await withSession(io, { book, needsRunning: true }, async ({ client }) =>
        endOf(client, await client.post('/api/v1/feeds/collections', body)),
      );
      print(io, format, ended, () => renderRecord(ended));
      cli.exit = exitOf(cli, ended);
    });
}

function addCollections(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(
    noun,
    'collections',
    'List what is collected every day (FEEDS_COLLECT_DAILY) and how it stands; exit 1 where something is not fresh.',
    ['data collections', 'data collections -o json'],
  ).action(async (raw: BookOption) => {
    const { format, book } = checkedBook('data collections', raw, () => null);
    const rows = await withSession(io, { book }, ({ client }) => client.list('/api/v1/feeds/collections'));
    print(io, format, rows, () =>
      renderTable(STANDINGS, rows, 'nothing is collected every day; set FEEDS_COLLECT_DAILY'),
    );
    if (rows.some((row) => row['state'] !== 'fresh')) cli.exit = EXIT.failure;
  });
}

function addLoad(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(noun, 'load <what> <file>', 'Bring a file by hand: what a source publishes, as it published it.', [
    'data load nse-bulk-deals bulk-deals.csv',
    'data load sec-ownership form4.xml',
    'data load macro-series dgs10.json --subject DGS10',
  ])
    .option('--source <name>', 'whose word it is; the usual source of its kind by default')
    .option('--subject <name>', 'the symbol or the series, where the file does not name it')
    .option('--synthetic', 'somebody made it up; it is never mixed with what is real')
    .action(async (what: string, file: string, raw: LoadFlags) => {
      const { format, book, value } = checkedBook('data load', raw, (faults) => ({
        source: raw.source === undefined ? undefined : name(faults, '--source', raw.source),
      }));
      const path = resolve(io.cwd, file);
      const text = await smallText(path);
      const body = { what, ...given({ ...value, subject: raw.subject, synthetic: raw.synthetic }) };
      const ended = await withSession(io, { book, needsRunning: text === null }, async ({ client }) =>
        text === null
          ? endOf(client, await client.post('/api/v1/feeds/facts/files', { ...body, path }))
          : client.post('/api/v1/feeds/facts', { ...body, body: text }),
      );
      print(io, format, ended, () => renderRecord(ended));
      cli.exit = exitOf(cli, ended);
    });
}

function addFacts(noun: Command, { io }: Cli): void {
  addBookCommand(noun, 'facts', 'List what was known of flows, deals, filings and the like, now or at a moment.', [
    'data facts --kind deal --symbol INFY --from 2026-11-01',
    'data facts --kind flow --known-at 2026-11-20T14:30:00.000Z',
  ])
    .option('--kind <kind>', FACT_KINDS.join(', '))
    .option('--source <name>', 'only what this source said')
    .option('--symbol <name>', 'only this symbol or series')
    .option('--from <date>', 'from this day on')
    .option('--to <date>', 'until this day')
    .option('--known-at <instant>', 'as it was known then; now by default')
    .option('--limit <n>', 'how many at the most', ROWS)
    .action(async (raw: FactsFlags) => {
      const { format, book, value } = checkedBook('data facts', raw, (faults) => ({
        kind: raw.kind ?? faults.add('--kind', 'is needed, such as --kind deal'),
        from: raw.from === undefined ? undefined : day(faults, '--from', raw.from),
        to: raw.to === undefined ? undefined : day(faults, '--to', raw.to),
        limit: wholeNumber(faults, '--limit', raw.limit, 1, LIMIT_MAX),
      }));
      const { limit, ...rest } = value;
      const query = { ...rest, source: raw.source, symbol: raw.symbol, knownAt: raw.knownAt };
      const rows = await withSession(io, { book }, ({ client }) => client.list('/api/v1/feeds/facts', query, limit));
      print(io, format, rows, () => renderTable(COLUMNS, rows, NONE));
    });
}

/** Waits until a collection has ended, and answers how. */
async function endOf(client: Client, { collectionId }: Json): Promise<Json> {
  const begun = performance.now();
  for (;;) {
    const found = await client.get(`/api/v1/feeds/collections/${String(collectionId)}`);
    if (found['status'] !== 'running') return found;
    if (performance.now() - begun > PATIENCE_MS) return found;
    await sleep(POLL_MS);
  }
}

/** What was refused is no success, and neither is what nobody has seen the end of. */
function exitOf({ io }: Cli, ended: Json): Cli['exit'] {
  if (ended['status'] === 'refused') {
    io.err(`${cell(ended['code'])}: ${cell(ended['reason'])}. ${cell(ended['nextStep'])}\n`);
    return EXIT.failure;
  }
  if (ended['status'] !== 'running') return EXIT.ok;
  io.err(`it is still tried; look again with the collectionId ${cell(ended['collectionId'])}\n`);
  return EXIT.unavailable;
}

/** The text of a file that fits a request; null for one that the host has to read itself, being packed or too large. */
async function smallText(path: string): Promise<string | null> {
  try {
    if ((await stat(path)).size > INLINE_BYTES_MAX) return null;
    const bytes = await readFile(path);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return null;
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const unreadable = (cause as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    throw new CliError(
      {
        code: unreadable ? 'FILE_NOT_UTF8' : 'FILE_NOT_READABLE',
        what: unreadable
          ? `${path} is no text in UTF-8.`
          : `${path} cannot be read (${String((cause as Error).message)}).`,
        nextStep: unreadable
          ? 'Save it as UTF-8 and load it again.'
          : 'Give a file that is there and that you may read.',
        exit: EXIT.usage,
      },
      { cause },
    );
  }
}

/** A day of any calendar: not every source rests when the exchange does. */
function day(faults: Faults, field: string, text: string): string | undefined {
  if (SessionDate.safeParse(text).success) return text;
  return faults.add(
    field,
    `${JSON.stringify(text)} is not a date; write it as YYYY-MM-DD, for example ${field} 2026-11-20`,
  );
}

/** Why nothing was taken the last time, and what to do. */
function failureText(failure: unknown): string {
  if (typeof failure !== 'object' || failure === null) return cell(null);
  const { code, reason, nextStep } = failure as Json;
  return `${cell(code)}: ${cell(reason)}. ${cell(nextStep)}`;
}

const given = (members: Readonly<Record<string, unknown>>): Json =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

const shortened = (text: string): string =>
  text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH - 3)}...` : text;
