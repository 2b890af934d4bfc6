import { columnsOf, CsvReader } from '../csv.js';
import { ImportRefused } from '../import-refused.js';
import { emptyAnswer, RowRefused, shapeChanged, type Numbered } from './parsed.js';

/** The fields of a record; how many its header names. */
export interface CsvRow {
  readonly fields: readonly string[];
  readonly width: number;
}

export interface CsvTable<Name extends string> {
  readonly header: readonly string[];
  readonly columns: Readonly<Record<Name, number>>;
  readonly rows: readonly Numbered<CsvRow>[];
}

/**
 * Reads a CSV file whose header names its columns, with or without a byte order mark and blanks around the names.
 * @param wanted in small letters.
 * @throws ImportRefused EMPTY_ANSWER; HTML_INSTEAD; CSV_MALFORMED; HEADER_INCOMPLETE, HEADER_AMBIGUOUS.
 */
export function readCsv<const Name extends string>(
  body: string,
  wanted: readonly Name[],
  what: string,
): CsvTable<Name> {
  const text = body.replace(/^\uFEFF/, '');
  if (text.trim() === '') throw emptyAnswer(what);
  if (/^\s*<(!doctype|html)/i.test(text)) {
    throw new ImportRefused(
      'HTML_INSTEAD',
      `a page came instead of ${what}`,
      'The source takes us for a robot, or the address is wrong: ask again later, or bring the file by hand.',
    );
  }
  if (/^\s*[[{]/.test(text)) throw shapeChanged(what, 'it is JSON and not CSV');
  const reader = new CsvReader();
  const [header, ...records] = [...reader.read(text), ...reader.end()];
  if (header === undefined) throw emptyAnswer(what);
  const columns = columnsOf(header.fields, wanted);
  if (records.length === 0) throw emptyAnswer(what);
  const width = header.fields.length;
  const rows = records.map(({ line, fields }) => ({ row: line, value: { fields, width } }));
  return { header: header.fields.map((name) => name.trim()), columns, rows };
}

/** The fields of a row. @throws RowRefused FIELD_COUNT where it has others than its header names. */
export function fieldsOf({ fields, width }: CsvRow): readonly string[] {
  if (fields.length === width) return fields;
  throw new RowRefused('FIELD_COUNT', `has ${fields.length} fields, the header names ${width}`);
}
