import type { EntityManager } from 'typeorm';
import { panelOf } from '../domain/bar-month.js';
import { coveredDates } from '../domain/export.js';
import type { Attribution } from '../domain/rights.js';
import { decimalOf } from '../domain/snapshot.js';
import { loadDays, loadMonths } from '../persistence/bar-queries.js';
import type { SourceEntity } from '../persistence/entities/source.entity.js';
import { factsKnownAt, type FactQuery, type FactsWanted } from '../persistence/fact-queries.js';
import { wordsAfter, type WordsQuery } from '../persistence/export-queries.js';

/** Symbols whose bars are in memory at once: twenty years of them are ten megabytes. */
const SYMBOLS_AT_ONCE = 50;
/** Facts that are in memory at once. */
const FACTS_AT_ONCE = 1_000;

/** One row of an export: cells as text, null where nothing is known. */
export type ExportRow = Readonly<Record<string, string | null>>;

export const BAR_COLUMNS = ['source', 'symbol', 'date', 'open', 'high', 'low', 'close', 'volume'] as const;
export const MARKET_FACT_COLUMNS = [
  ...(['source', 'kind', 'market', 'symbol', 'date', 'natural_key', 'revision', 'published_at', 'known_at'] as const),
  ...(['synthetic', 'content'] as const),
] as const;
export const FACT_COLUMNS = [
  ...(['source', 'kind', 'market', 'subject', 'scope', 'valid_from', 'valid_to', 'known_from', 'retracted'] as const),
  'value',
] as const;

/** The bars of a history by symbol and date, some symbols at a time. */
export async function* barRows(
  manager: EntityManager,
  { source, fromDate, toDate }: SourceEntity,
  wanted: { readonly symbols: readonly string[] | null; readonly from: string | null; readonly to: string | null },
): AsyncGenerator<ExportRow[]> {
  const from = wanted.from === null || wanted.from < fromDate ? fromDate : wanted.from;
  const to = wanted.to === null || wanted.to > toDate ? toDate : wanted.to;
  for await (const symbols of symbolsAtOnce(manager, source, wanted.symbols)) {
    const months = await loadMonths(manager, source, from, to, symbols);
    const dates = coveredDates(months, from, to);
    const panel = panelOf(symbols, dates, months);
    const cell = (value: number): string | null => (Number.isNaN(value) ? null : decimalOf(value));
    yield symbols.flatMap((symbol, s) =>
      dates.flatMap((date, d) => {
        const at = s * dates.length + d;
        if (Number.isNaN(panel.close[at])) return [];
        const [open, high, low] = [cell(panel.open[at]!), cell(panel.high[at]!), cell(panel.low[at]!)];
        return [
          { source, symbol, date, open, high, low, close: cell(panel.close[at]!), volume: cell(panel.volume[at]!) },
        ];
      }),
    );
  }
}

async function* symbolsAtOnce(
  manager: EntityManager,
  source: string,
  wanted: readonly string[] | null,
): AsyncGenerator<string[]> {
  if (wanted !== null) {
    const sorted = [...new Set(wanted)].sort();
    for (let at = 0; at < sorted.length; at += SYMBOLS_AT_ONCE) yield sorted.slice(at, at + SYMBOLS_AT_ONCE);
    return;
  }
  for (let after = ''; ;) {
    const symbols = (await loadDays(manager, source, after, SYMBOLS_AT_ONCE)).map(({ symbol }) => symbol);
    if (symbols.length > 0) yield symbols;
    if (symbols.length < SYMBOLS_AT_ONCE) return;
    after = symbols.at(-1)!;
  }
}

/** Reference facts as they were said, every word of them, in the order of their subjects. */
export async function* factRows(manager: EntityManager, query: WordsQuery): AsyncGenerator<ExportRow[]> {
  for (let after: Parameters<typeof wordsAfter>[2] = null; ;) {
    const words = await wordsAfter(manager, query, after, FACTS_AT_ONCE);
    yield words.map(({ source, kind, market, subject, scope, validFrom, validTo, knownFrom, value }) => ({
      ...{ source, kind, market, subject, scope, valid_from: validFrom, valid_to: validTo, known_from: knownFrom },
      ...{ retracted: value === null ? 'true' : 'false', value: value === null ? null : JSON.stringify(value) },
    }));
    if (words.length < FACTS_AT_ONCE) return;
    after = words.at(-1)!;
  }
}

/** What sources said of the market, each as it was last said at the moment, by day. */
export async function* marketFactRows(manager: EntityManager, wanted: FactsWanted): AsyncGenerator<ExportRow[]> {
  for (let after: FactQuery['after'] = null; ;) {
    const facts = await factsKnownAt(manager, { ...wanted, after, limit: FACTS_AT_ONCE });
    yield facts.map(({ source, kind, market, symbol, date, naturalKey, revision, publishedAt, ...fact }) => ({
      ...{ source, kind, market, symbol, date, natural_key: naturalKey, revision: `${revision}` },
      ...{ published_at: publishedAt, known_at: fact.knownAt, synthetic: `${fact.synthetic}` },
      content: JSON.stringify(fact.content),
    }));
    if (facts.length < FACTS_AT_ONCE) return;
    after = facts.at(-1)!;
  }
}

/** What heads an export. */
export interface ExportHead {
  readonly what: string;
  readonly watermark: string;
  readonly attributions: readonly Attribution[];
}

/**
 * An export as CSV: watermark and attributions in lines that begin with `#`, then the rows, and last their number, by which
 * a file that was cut off is told from a whole one.
 */
export async function* asCsv(
  { what, watermark, attributions }: ExportHead,
  columns: readonly string[],
  pieces: AsyncIterable<readonly ExportRow[]>,
): AsyncGenerator<string> {
  const notes = [`export of ${what}`, `watermark: ${watermark}`];
  const credits = attributions.map(({ source, text }) => `attribution: ${source}: ${text}`);
  yield [...notes, ...credits].map((line) => `# ${line.replaceAll(/\s+/g, ' ')}\n`).join('') + `${columns.join(',')}\n`;
  let count = 0;
  for await (const rows of pieces) {
    count += rows.length;
    yield rows.map((row) => `${columns.map((column) => csvCell(row[column] ?? null)).join(',')}\n`).join('');
  }
  yield `# rows: ${count}\n`;
}

/** An export as one JSON object: watermark and attributions, `items`, and last the number of `rows`. */
export async function* asJson(head: ExportHead, pieces: AsyncIterable<readonly ExportRow[]>): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"items":[`;
  let count = 0;
  for await (const rows of pieces) {
    yield rows.map((row, i) => `${count + i === 0 ? '\n' : ',\n'}${JSON.stringify(row)}`).join('');
    count += rows.length;
  }
  yield `\n],"rows":${count}}\n`;
}

const csvCell = (cell: string | null): string =>
  cell === null ? '' : /[",\r\n]/.test(cell) || cell.startsWith('#') ? `"${cell.replaceAll('"', '""')}"` : cell;
