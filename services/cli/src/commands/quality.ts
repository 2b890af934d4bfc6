import type { Command } from 'commander';
import type { Json } from '../client.js';
import { date, symbols as symbolsOf, wholeNumber } from '../options/values.js';
import { print } from '../output/document.js';
import { cell, columnsOf, objectsOf } from '../output/record.js';
import { renderPairs, renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, checkedBook, type BookOption, type Cli } from './command.js';

interface QualityFlags extends BookOption {
  readonly symbols?: string;
  readonly source?: string;
  readonly asOf?: string;
  readonly limit: string;
}

const LIMIT_MAX = 1_000;
/** Symbols of a restatement that are shown in a table. */
const RESTATED_SHOWN = 40;

/** `ballast data quality|restatement`: what is known of a history, and what an import changed of it. */
export function qualityCommands(noun: Command, cli: Cli): void {
  addQuality(noun, cli);
  addRestatement(noun, cli);
}

function addQuality(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(
    noun,
    'quality',
    'Show how far each symbol can be trusted, the worst first; with --symbols every fault with its date.',
    ['data quality', 'data quality --symbols HLT,HPQ', 'data quality --symbols HLT --as-of 2016-12-30'],
  )
    .option('--symbols <list>', 'list the faults of these, separated by commas')
    .option('--as-of <date>', 'with --symbols: look at nothing after this day')
    .option('--source <name>', 'the history to look at; the one that cycles read, unless told')
    .option('--limit <n>', 'how many symbols to list', '20')
    .action(async (raw: QualityFlags) => {
      const { format, book, value } = checkedBook('data quality', raw, (faults) => {
        if (raw.asOf !== undefined && raw.symbols === undefined) {
          faults.add('--as-of', 'goes with --symbols only; the list is that of the last check of the whole history');
        }
        return {
          symbols: raw.symbols === undefined ? undefined : symbolsOf(faults, '--symbols', raw.symbols),
          asOf: raw.asOf === undefined ? undefined : date(faults, '--as-of', raw.asOf),
          limit: wholeNumber(faults, '--limit', raw.limit, 1, LIMIT_MAX),
        };
      });
      const { symbols, asOf, limit } = value;
      const found = await withSession(io, { book }, ({ client }) =>
        symbols === undefined
          ? client.get('/api/v1/feeds/quality', { source: raw.source, limit })
          : client.get('/api/v1/feeds/quality/findings', { source: raw.source, symbols: symbols.join(','), asOf }),
      );
      print(io, format, found, () => (symbols === undefined ? renderScores(found) : renderFindings(found)));
    });
}

function renderScores(found: Json): string {
  const totals = (found['totals'] ?? null) as Json | null;
  if (totals === null) return `${cell(found['source'])} was not checked yet; run the command again in a moment\n`;
  const below = (totals['below'] ?? {}) as Json;
  const pairs: [string, string][] = [
    ['history', `${cell(found['source'])}${found['current'] === true ? '' : ' (changed since; a check is under way)'}`],
    ['checked', cell(found['checkedAt'])],
    ['symbols, rows', `${cell(totals['symbols'])}, ${cell(totals['rows'])}`],
    ['score', `${cell(totals['average'])} on average, lowest ${cell(totals['lowest'])}`],
    ['not tradable', `${cell(below['count'])} below 0.6`],
    ['missing sessions', cell(totals['missingSessions'])],
    ['findings', cell(totals['findings'])],
  ];
  const columns = columnsOf({
    SYMBOL: 'symbol',
    SCORE: 'score',
    ROWS: 'rows',
    MISSING: 'missingSessions',
    FINDINGS: 'findings',
  });
  return `${renderPairs(pairs)}\n${renderTable(columns, objectsOf(found['items']) ?? [])}`;
}

function renderFindings(found: Json): string {
  const columns = columnsOf({ DATE: 'date', SEVERITY: 'severity', CODE: 'code', DETAIL: 'detail' });
  return (objectsOf(found['items']) ?? [])
    .map((item) => {
      const head = `${cell(item['symbol'])}: score ${cell(item['score'])}, ${cell(item['rows'])} rows, as of ${cell(found['asOf'])}\n`;
      return head + renderTable(columns, objectsOf(item['findings']) ?? [], 'nothing found');
    })
    .join('\n');
}

function addRestatement(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(
    noun,
    'restatement <import>',
    'Show what an import changed of bars that were known: new levels, single days, spellings, and flips.',
    ['data restatement 6f1d2c3e-8f0b-5e55-9d3f-0f4b8d1c2a77'],
  ).action(async (importId: string, raw: BookOption) => {
    const { format, book } = checkedBook('data restatement', raw, () => null);
    const found = await withSession(io, { book }, ({ client }) =>
      client.get(`/api/v1/feeds/imports/${encodeURIComponent(importId)}/restatement`),
    );
    print(io, format, found, () => renderRestatement(found));
  });
}

function renderRestatement(found: Json): string {
  const listed = (name: string, of: (row: Json) => string): [string, string][] =>
    (objectsOf(found[name]) ?? []).map((row) => [name, of(row)]);
  const pairs: [string, string][] = [
    ['history', cell(found['source'])],
    [
      'bars',
      `${cell(found['added'])} new, ${cell(found['restated'])} restated, ${cell(found['unchanged'])} as they were`,
    ],
    ['symbols', cell(found['kinds'])],
    ...listed('respelled', ({ from, to, rows }) => `${cell(from)} is ${cell(to)}, ${cell(rows)} rows`),
    ...listed('flips', ({ symbol, rows }) => `${cell(symbol)} changes between adjusted and not, ${cell(rows)} rows`),
  ];
  const symbols = objectsOf(found['symbols']) ?? [];
  const columns = [
    ...columnsOf({ SYMBOL: 'symbol', KIND: 'kind', BARS: 'bars', 'CLOSES MOVED': 'closesMoved' }),
    { title: 'LEVELS', of: (row: Json) => levelsText(row) },
    ...columnsOf({ FROM: 'from', TO: 'to' }),
  ];
  const rest = symbols.length > RESTATED_SHOWN ? `and ${symbols.length - RESTATED_SHOWN} more: use -o json\n` : '';
  return `${renderPairs(pairs)}\n${renderTable(columns, symbols.slice(0, RESTATED_SHOWN), 'no bar was restated')}${rest}`;
}

const levelsText = (row: Json): string =>
  cell((objectsOf(row['levels']) ?? []).map(({ factor, closes }) => `${cell(closes)} x ${cell(factor)}`));
