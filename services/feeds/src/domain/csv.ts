import { ImportRefused } from './import-refused.js';

/** One record of a file: its fields, and the line it begins on; the first line of a file is 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** No record of daily data is longer; a file without line ends must not fill the memory. */
const RECORD_LENGTH_MAX = 65_536;

/**
 * Reads comma-separated values (RFC 4180) in pieces of any size. Lines end with LF or CRLF; a field in quotes may hold
 * commas, line ends and doubled quotes. Empty lines are passed over. Anything else that the format does not know is
 * refused, because whatever follows a misplaced quote could belong to any field.
 */
export class CsvReader {
  #rest = '';
  #line = 1;

  /**
   * Takes the next piece of the text and returns the records that it completes.
   * @throws ImportRefused CSV_MALFORMED with the line.
   */
  read(piece: string): CsvRecord[] {
    const text = this.#rest + piece;
    const records: CsvRecord[] = [];
    const at = text.includes('"') ? this.#readQuoted(text, records, false) : this.#readPlain(text, records);
    this.#rest = text.slice(at);
    if (this.#rest.length > RECORD_LENGTH_MAX) {
      throw malformed(this.#line, `has more than ${RECORD_LENGTH_MAX} characters without an end`);
    }
    return records;
  }

  /** Returns the last record where the text does not end with a line end. @throws ImportRefused CSV_MALFORMED. */
  end(): CsvRecord[] {
    const records: CsvRecord[] = [];
    if (this.#rest !== '') this.#readQuoted(this.#rest, records, true);
    this.#rest = '';
    return records;
  }

  /** Reads whole lines of a text without quotes, which is how nearly all of them come. Returns where it stopped. */
  #readPlain(text: string, records: CsvRecord[]): number {
    let from = 0;
    for (let to = text.indexOf('\n'); to !== -1; to = text.indexOf('\n', from)) {
      const end = to > from && text.charCodeAt(to - 1) === CARRIAGE_RETURN ? to - 1 : to;
      if (end > from) records.push({ line: this.#line, fields: text.slice(from, end).split(',') });
      this.#line += 1;
      from = to + 1;
    }
    return from;
  }

  #readQuoted(text: string, records: CsvRecord[], last: boolean): number {
    let from = 0;
    while (from < text.length) {
      const found = recordAt(text, from, this.#line, last);
      if (found === null) return from;
      if (found.fields.length > 1 || found.fields[0] !== '') records.push({ line: this.#line, fields: found.fields });
      this.#line += found.lines;
      from = found.next;
    }
    return from;
  }
}

const CARRIAGE_RETURN = 13;

/** The record that begins at `from`; null where its end is not in the text yet. */
function recordAt(text: string, from: number, line: number, last: boolean) {
  const fields: string[] = [];
  let lines = 0;
  for (let at = from; ; at += 1) {
    const field = text[at] === '"' ? quotedField(text, at, line, last) : plainField(text, at, line);
    if (field === null) return null;
    fields.push(field.value);
    lines += field.lines;
    at = field.next;
    if (at === text.length) return last ? { fields, lines, next: at } : null;
    if (text[at] === ',') continue;
    if (text[at] === '\r' && at + 1 === text.length) return last ? { fields, lines, next: at + 1 } : null;
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1;
    if (text[at] === '\n') return { fields, lines: lines + 1, next: at + 1 };
    throw malformed(line + lines, 'has text after a closing quote');
  }
}

interface Field {
  readonly value: string;
  readonly lines: number;
  readonly next: number;
}

function plainField(text: string, from: number, line: number): Field {
  let next = from;
  while (next < text.length && text[next] !== ',' && text[next] !== '\n') next += 1;
  if (next > from && text[next - 1] === '\r' && text[next] !== ',') next -= 1;
  const value = text.slice(from, next);
  if (value.includes('"')) throw malformed(line, 'has a quote inside a field that does not begin with one');
  return { value, lines: 0, next };
}

function quotedField(text: string, from: number, line: number, last: boolean): Field | null {
  let value = '';
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) {
      if (last) throw malformed(line, 'opens a quote that is never closed');
      return null;
    }
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      // A quote at the very end of a piece may be the first half of a doubled one.
      if (quote + 1 === text.length && !last) return null;
      return { value, lines: value.split('\n').length - 1, next: quote + 1 };
    }
    value += '"';
    at = quote + 2;
  }
}

const malformed = (line: number, what: string): ImportRefused =>
  new ImportRefused(
    'CSV_MALFORMED',
    `line ${line} ${what}`,
    'Correct the line, or export the file again as CSV with a comma between fields and one record a line.',
  );

/**
 * Finds columns by the names in a header, whatever their order and case; other columns are ignored.
 * @throws ImportRefused HEADER_INCOMPLETE naming every missing column; HEADER_AMBIGUOUS where one stands there twice.
 */
export function columnsOf<const Name extends string>(
  header: readonly string[],
  wanted: readonly Name[],
): Readonly<Record<Name, number>> {
  const names = header.map((name) => name.trim().toLowerCase());
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new ImportRefused(
      'HEADER_INCOMPLETE',
      `the header "${header.join(',').slice(0, 200)}" has no column ${missing.join(', ')}`,
      `Give the file a first line that names its columns: ${wanted.join(',')}.`,
    );
  }
  const twice = wanted.filter((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice.length > 0) {
    throw new ImportRefused(
      'HEADER_AMBIGUOUS',
      `the header names the column ${twice.join(', ')} twice`,
      'Rename or remove one of the columns.',
    );
  }
  return Object.fromEntries(wanted.map((name) => [name, names.indexOf(name)])) as Record<Name, number>;
}
