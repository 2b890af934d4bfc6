import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Client, Json, Query } from '../client.js';
import { CliError, EXIT } from '../errors.js';
import { date, name, oneOf, symbols as symbolsOf, type Faults } from '../options/values.js';
import { print } from '../output/document.js';
import { cell, columnsOf, objectsOf, renderRecord } from '../output/record.js';
import { renderTable } from '../output/table.js';
import { withSession, type Session } from '../session.js';
import { addBookCommand, addNoun, checkedBook, type BookOption, type Cli } from './command.js';
import { KINDS, MARKETS } from './data-export.js';

interface ImportFlags extends BookOption {
  readonly kind: string;
  readonly file: string;
  readonly source: string;
  readonly market: string;
  readonly format: string;
  readonly knownOn?: string;
  readonly validFrom?: string;
  readonly scope?: string;
}

interface CollectFlags extends BookOption {
  readonly kind: string;
  readonly symbols?: string;
  readonly from?: string;
  readonly to?: string;
}

interface ListFlags extends BookOption {
  readonly asOf?: string;
  readonly until?: string;
  readonly knownOn?: string;
  readonly subject?: string;
  readonly scope?: string;
  readonly market: string;
}

interface InstrumentFlags extends BookOption {
  readonly on?: string;
  readonly knownOn?: string;
  readonly market: string;
}

/** Kinds that vendors tell. */
const VENDOR_KINDS = ['earnings', 'sector'] as const;
const AS_IT_HAPPENED = 'as-it-happened';
const POLL_MS = 100;
/** A million rows take a minute or two. */
const WAIT_MS_MAX = 600_000;

const LIST_COLUMNS = [
  ...columnsOf({ SUBJECT: 'subject', INSTRUMENT: 'instrumentId', SCOPE: 'scope' }),
  { title: 'VALUE', of: (row: Json) => valueText(row['value']) },
  ...columnsOf({ FROM: 'validFrom', TO: 'validTo', 'KNOWN FROM': 'knownFrom', SOURCE: 'source' }),
];

const FAULT_COLUMNS = columnsOf({ FILE: 'file', ROW: 'row', CODE: 'code', WHAT: 'message' });

/** `ballast data reference import|collect|list` and `ballast data instrument` */
export function referenceCommands(data: Command, cli: Cli): void {
  const noun = addNoun(
    data,
    'reference',
    'What is known of instruments: on which day it held, and since when it is known.',
    ['data reference list sector --as-of 2017-06-30 --known-on 2017-06-30'],
  );
  importCommand(noun, cli);
  collectCommand(noun, cli);
  listCommand(noun, cli);
  instrumentCommand(data, cli);
}

function importCommand(noun: Command, { io }: Cli): void {
  addBookCommand(noun, 'import', 'Take in a CSV file of reference facts, whole or not at all.', [
    'data reference import --kind sector --scope gics --file gics.csv --source user-file --known-on 2017-03-01',
    'data reference import --kind listing --format lean-map --file map_files --source user-file --known-on as-it-happened',
  ])
    .requiredOption('--kind <kind>', KINDS.join(', '))
    .requiredOption('--file <file>', 'a CSV file on the machine of the host, or a folder of map files')
    .requiredOption('--source <name>', 'who says so; user-file for your own work. It decides what may be exported')
    .option('--market <market>', `where the tickers are spelled so: ${MARKETS.join(', ')}`, 'US')
    .option('--format <format>', 'csv or lean-map', 'csv')
    .option('--known-on <date>', `from when rows are known that do not say it, or ${AS_IT_HAPPENED}; today without it`)
    .option('--valid-from <date>', 'from when rows hold that do not say it; the day of --known-on without it')
    .option('--scope <name>', 'the scheme of sectors (gics, nse-industry) or the index, where the file does not say it')
    .action(async (raw: ImportFlags) => {
      const { format, book, value } = checkedBook('data reference import', raw, (faults) =>
        orderOf(faults, raw, io.cwd),
      );
      const ended = await withSession(io, { book }, (session) =>
        orderAndWait(session.client, '/api/v1/feeds/reference', { ...dated(session, ['knownOn']), ...value }),
      );
      if (ended['status'] === 'refused') {
        const outcome = (ended['outcome'] ?? {}) as Json;
        const faults = objectsOf(outcome['firstRefused']) ?? [];
        if (faults.length > 0) io.err(renderTable(FAULT_COLUMNS, faults));
        throw refusalOf(ended);
      }
      print(io, format, ended, () => summaryOf(ended));
    });
}

function collectCommand(noun: Command, { io }: Cli): void {
  addBookCommand(
    noun,
    'collect',
    'Fetch reports or sectors of companies from a vendor; waits until they are taken in.',
    ['data reference collect --kind earnings', 'data reference collect --kind sector --symbols AAPL,BRK.B'],
  )
    .requiredOption('--kind <kind>', VENDOR_KINDS.join(' or '))
    .option('--symbols <list>', 'only these, separated by commas; those of the history that cycles read without it')
    .option('--from <date>', 'of reports the first day; today without it')
    .option('--to <date>', 'of reports the last day; thirty days later without it')
    .action(async (raw: CollectFlags) => {
      const { format, book, value } = checkedBook('data reference collect', raw, (faults) => ({
        kind: oneOf(faults, '--kind', raw.kind, VENDOR_KINDS),
        symbols: raw.symbols === undefined ? undefined : symbolsOf(faults, '--symbols', raw.symbols),
        from: optionalDate(faults, '--from', raw.from),
        to: optionalDate(faults, '--to', raw.to),
      }));
      const ended = await withSession(io, { book, needsRunning: true }, ({ client }) =>
        orderAndWait(client, '/api/v1/feeds/reference/collections', value),
      );
      if (ended['status'] === 'refused') throw refusalOf(ended);
      print(io, format, ended, () => summaryOf(ended));
    });
}

function listCommand(noun: Command, { io }: Cli): void {
  addBookCommand(noun, 'list <kind>', 'List what held on a date, as it was known on a day.', [
    'data reference list sector --as-of 2017-06-30',
    'data reference list earnings --as-of 2026-11-23 --until 2026-11-27',
    'data reference list lot_size --market NSE --subject NIFTY --known-on 2024-11-19',
  ])
    .option('--as-of <date>', 'the date that is asked about; today without it')
    .option('--until <date>', 'the last date that is asked about')
    .option('--known-on <date>', 'leave out what became known later; today without it')
    .option('--subject <ticker>', 'only this ticker, or the id of an instrument')
    .option('--scope <name>', 'only this scheme of sectors, or this index')
    .option('--market <market>', MARKETS.join(' or '), 'US')
    .action(async (kind: string, raw: ListFlags) => {
      const { format, book, value } = checkedBook('data reference list', raw, (faults) => ({
        kind: oneOf(faults, '<kind>', kind, KINDS),
        query: {
          asOf: optionalDate(faults, '--as-of', raw.asOf),
          until: optionalDate(faults, '--until', raw.until),
          knownOn: optionalDate(faults, '--known-on', raw.knownOn),
          market: oneOf(faults, '--market', raw.market, MARKETS),
          ...{ subject: raw.subject, scope: raw.scope },
        },
      }));
      const facts = await withSession(io, { book }, (session) =>
        session.client.list(`/api/v1/feeds/reference/${value.kind}`, {
          ...dated(session, ['asOf', 'knownOn']),
          ...said(value.query),
        }),
      );
      print(io, format, facts, () =>
        renderTable(LIST_COLUMNS, facts, 'nothing of that kind is known to have held then'),
      );
    });
}

function instrumentCommand(data: Command, { io }: Cli): void {
  addBookCommand(data, 'instrument <symbol>', 'Show which instrument a ticker was on a date, and its other tickers.', [
    'data instrument FB --on 2020-01-02',
    'data instrument INFY --market NSE',
  ])
    .option('--on <date>', 'the date on which the ticker is looked at; today without it')
    .option('--known-on <date>', 'leave out what became known later; today without it')
    .option('--market <market>', MARKETS.join(' or '), 'US')
    .action(async (symbol: string, raw: InstrumentFlags) => {
      const { format, book, value } = checkedBook('data instrument', raw, (faults) => ({
        on: optionalDate(faults, '--on', raw.on),
        knownOn: optionalDate(faults, '--known-on', raw.knownOn),
        market: oneOf(faults, '--market', raw.market, MARKETS),
      }));
      const found = await withSession(io, { book }, (session) =>
        session.client.get(`/api/v1/feeds/instruments/${encodeURIComponent(symbol)}`, {
          ...dated(session, ['on', 'knownOn']),
          ...said(value),
        }),
      );
      print(io, format, found, () => renderRecord(found));
    });
}

/**
 * Today, for what was not said. A host that runs knows it; the clock of a book in simulated time may stand decades back,
 * and what a person learns today was not known then.
 */
function dated(session: Session, members: readonly string[]): Readonly<Record<string, string>> {
  if (session.own === null) return {};
  const today = new Date().toISOString().slice(0, 10);
  return Object.fromEntries(members.map((member) => [member, today]));
}

/** What of a query was said. */
const said = (query: Query): Query =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));

const optionalDate = (faults: Faults, field: string, text: string | undefined): string | undefined =>
  text === undefined ? undefined : date(faults, field, text);

function orderOf(faults: Faults, raw: ImportFlags, cwd: string): Json {
  const knownOn = raw.knownOn === AS_IT_HAPPENED ? raw.knownOn : optionalDate(faults, '--known-on', raw.knownOn);
  const validFrom = optionalDate(faults, '--valid-from', raw.validFrom);
  return {
    kind: oneOf(faults, '--kind', raw.kind, KINDS),
    path: resolve(cwd, raw.file),
    source: name(faults, '--source', raw.source),
    market: oneOf(faults, '--market', raw.market, MARKETS),
    format: oneOf(faults, '--format', raw.format, ['csv', 'lean-map'] as const),
    ...(knownOn === undefined ? {} : { knownOn }),
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(raw.scope === undefined ? {} : { scope: raw.scope }),
  };
}

async function orderAndWait(client: Client, path: string, order: Json): Promise<Json> {
  const { importId } = await client.post(path, order);
  for (let waitedMs = 0; waitedMs < WAIT_MS_MAX; waitedMs += POLL_MS) {
    const state = await client.get(`/api/v1/feeds/reference/imports/${cell(importId)}`);
    if (state['status'] !== 'running') return state;
    await pause(POLL_MS);
  }
  throw new CliError({
    code: 'IMPORT_STILL_RUNNING',
    what: `The import ${cell(importId)} has not ended yet; it goes on without this command.`,
    nextStep: 'See "ballast audit tail" for its end.',
    exit: EXIT.unavailable,
  });
}

const refusalOf = (ended: Json): CliError =>
  new CliError({
    code: cell(ended['code']),
    what: cell(ended['reason']),
    nextStep: cell(((ended['outcome'] ?? {}) as Json)['nextStep']),
    exit: EXIT.failure,
  });

function summaryOf(ended: Json): string {
  const { rows, added, unchanged, duplicates, untold } = (ended['outcome'] ?? {}) as Json;
  const { count = 0, first = [] } = (untold ?? {}) as { count?: number; first?: readonly string[] };
  const missing =
    count === 0
      ? ''
      : `; nothing is known there of ${count}: ${first.join(', ')}${count > first.length ? ', ...' : ''}`;
  const what = `${cell(rows)} rows of ${cell(ended['kind'])} facts from ${cell(ended['source'])}`;
  if (ended['status'] === 'known') return `${what}: all of it was known before; nothing changed${missing}\n`;
  return `${what}: ${cell(added)} facts added, ${cell(unchanged)} known before, ${cell(duplicates)} rows twice${missing}\n`;
}

/** A value as one cell: its members that are known. */
function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return cell(value);
  const known = Object.values(value).filter((member) => member !== null);
  return known.length === 0 ? cell(null) : known.map(cell).join(', ');
}
