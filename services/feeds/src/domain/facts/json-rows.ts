import { ImportRefused } from '../import-refused.js';
import { emptyAnswer, numbered, shapeChanged, type Numbered } from './parsed.js';

export type JsonRow = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads JSON of a source.
 * @param what the kind of data, for the message.
 * @throws ImportRefused EMPTY_ANSWER; HTML_INSTEAD where a page came, as gatekeepers send one; BODY_UNREADABLE.
 */
export function readJson(body: string, what: string): unknown {
  const text = body.replace(/^\uFEFF/, '').trim();
  if (text === '') throw emptyAnswer(what);
  if (text.startsWith('<')) {
    throw new ImportRefused(
      'HTML_INSTEAD',
      `a page came instead of ${what}: ${JSON.stringify(text.slice(0, 60))}`,
      'The source takes us for a robot, or the address is wrong: ask again later, or bring the file by hand.',
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ImportRefused(
      'BODY_UNREADABLE',
      `the ${what} are no whole JSON: ${JSON.stringify(text.slice(-60))} is their end`,
      'Fetch or copy it again; nothing was taken.',
    );
  }
}

/**
 * The rows of a JSON answer, which is a list or has one under `data`.
 * @throws ImportRefused as {@link readJson}; SHAPE_CHANGED where there is no list of objects.
 */
export function jsonRows(body: string, what: string): Numbered<JsonRow>[] {
  const answer = readJson(body, what);
  // An empty object is how NSE answers whom it takes for a robot.
  if (isRecord(answer) && Object.keys(answer).length === 0) throw emptyAnswer(what);
  const rows = isRecord(answer) ? answer['data'] : answer;
  if (!Array.isArray(rows)) throw shapeChanged(what, 'neither a list nor an object with a list under "data"');
  if (rows.length === 0) throw emptyAnswer(what);
  const odd = rows.findIndex((row) => !isRecord(row));
  if (odd !== -1) throw shapeChanged(what, `row ${odd + 1} is no object`);
  return numbered(rows as JsonRow[]);
}

/** Checks that the first row has the members that a parser needs. @throws ImportRefused SHAPE_CHANGED naming the missing. */
export function requireMembers(rows: readonly Numbered<JsonRow>[], members: readonly string[], what: string): void {
  const missing = members.filter((name) => !rows.some(({ value }) => name in value));
  if (missing.length > 0) throw shapeChanged(what, `no row has ${missing.join(', ')}`);
}
