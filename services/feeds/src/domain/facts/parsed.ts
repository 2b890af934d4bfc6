import { canonicalJson, type Instant } from '@ballast/contracts';
import { ImportRefused } from '../import-refused.js';
import type { MarketFact } from './market-fact.js';

/** What a parser is told beside the text. */
export interface ParseContext {
  /** Who said it. */
  readonly source: string;
  /** What the text is about where it does not say so itself: a symbol or a series. */
  readonly subject: string | null;
  /** When it was fetched or brought. */
  readonly fetchedAt: Instant;
}

/** A row that was not taken; the first row of a list is 1, of a CSV file the header is line 1. */
export interface RefusedRow {
  readonly row: number;
  readonly code: string;
  readonly message: string;
}

/** What a text holds. */
export interface ParsedFacts {
  /** Each natural key once. */
  readonly facts: readonly MarketFact[];
  readonly rows: number;
  readonly refused: readonly RefusedRow[];
  /** Rows that said again what an earlier row says. */
  readonly duplicates: number;
  /** What a person has to know of the whole, such as that its source does not show all of it; null where there is nothing. */
  readonly note: string | null;
}

/** A parser: the text of one answer or file in, its facts out. Throws {@link ImportRefused} where the whole is refused. */
export type Parse = (body: string, context: ParseContext) => ParsedFacts;

/** One row that cannot be used. */
export class RowRefused extends Error {
  override readonly name = 'RowRefused';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** No source says more in one answer; what has more is something else. */
export const ROWS_MAX = 50_000;

/** What one fact may have as JSON, in bytes: with its envelope it must fit an event. */
const CONTENT_BYTES_MAX = 180_000;

/** A row with its number. */
export interface Numbered<R> {
  readonly row: number;
  readonly value: R;
}

/** Numbers the entries of a list from 1. */
export const numbered = <R>(values: readonly R[]): Numbered<R>[] => values.map((value, i) => ({ row: i + 1, value }));

/**
 * Reads every row; one that is refused does not touch the others.
 * @param read throws {@link RowRefused} for a row that cannot be used; null for one that says nothing.
 */
export function readRows<R, T>(rows: readonly Numbered<R>[], read: (value: R) => T | null) {
  const taken: Numbered<T>[] = [];
  const refused: RefusedRow[] = [];
  for (const { row, value } of rows) {
    try {
      const made = read(value);
      if (made !== null) taken.push({ row, value: made });
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
      refused.push({ row, code: error.code, message: error.message });
    }
  }
  return { taken, refused };
}

/**
 * Brings facts to one a natural key. A row that repeats another is counted; where two say different things of one key,
 * nobody can tell which is right, and both are refused.
 * @throws ImportRefused NO_USABLE_ROW where there were rows and none is left; TOO_MANY_ROWS.
 */
export function oneEach(
  rows: number,
  taken: readonly Numbered<MarketFact>[],
  refusedBefore: readonly RefusedRow[],
  duplicatesBefore = 0,
): ParsedFacts {
  if (Math.max(rows, taken.length) > ROWS_MAX) throw tooManyRows(Math.max(rows, taken.length));
  const refusedHere: RefusedRow[] = [];
  const byKey = new Map<string, { fact: MarketFact; text: string; rows: number[]; torn: boolean }>();
  let duplicates = duplicatesBefore;
  for (const { row, value } of taken) {
    const text = canonicalJson({ content: value.content, publishedAt: value.publishedAt, date: value.date });
    const bytes = Buffer.byteLength(text);
    if (bytes > CONTENT_BYTES_MAX) {
      const message = `${value.naturalKey} has ${bytes} bytes, ${CONTENT_BYTES_MAX} are allowed`;
      refusedHere.push({ row, code: 'CONTENT_TOO_LARGE', message });
      continue;
    }
    const known = byKey.get(value.naturalKey);
    if (known === undefined) byKey.set(value.naturalKey, { fact: value, text, rows: [row], torn: false });
    else if (known.text === text) duplicates += 1;
    else {
      known.torn = true;
      known.rows.push(row);
    }
  }
  const all = [...byKey.values()];
  const torn = all
    .filter((each) => each.torn)
    .flatMap((each) =>
      each.rows.map((row) => ({
        row,
        code: 'KEY_AMBIGUOUS',
        message: `rows ${each.rows.join(', ')} say different things of ${each.fact.naturalKey}`,
      })),
    );
  const facts = all.filter((each) => !each.torn).map((each) => each.fact);
  const refused = [...refusedBefore, ...refusedHere, ...torn].sort((a, b) => a.row - b.row);
  if (facts.length === 0 && refused.length > 0) throw noUsableRow(refused);
  return { facts, rows, refused, duplicates, note: null };
}

const noUsableRow = (refused: readonly RefusedRow[]): ImportRefused => {
  const { row, code, message } = refused[0]!;
  return new ImportRefused(
    'NO_USABLE_ROW',
    `none of ${refused.length} rows can be used; row ${row}: ${code}, ${message}`,
    'Look at the row named here: where the source writes it otherwise now, its parser has to follow.',
  );
};

const tooManyRows = (rows: number): ImportRefused =>
  new ImportRefused(
    'TOO_MANY_ROWS',
    `${rows} rows are more than the ${ROWS_MAX} that one answer or file may have`,
    'Split it into several.',
  );

/** An answer without a single row: some sources send one to whom they take for a robot. */
export const emptyAnswer = (what: string): ImportRefused =>
  new ImportRefused(
    'EMPTY_ANSWER',
    `the ${what} have no row`,
    'Where nothing was published for that day, this is right; otherwise ask again later, or bring the file by hand.',
  );

/** A text that is not what its parser knows. */
export const shapeChanged = (what: string, where: string): ImportRefused =>
  new ImportRefused(
    'SHAPE_CHANGED',
    `this is not the shape of ${what}: ${where}`,
    'Check that the right file or address was given; where the source has changed its form, its parser has to follow.',
  );
