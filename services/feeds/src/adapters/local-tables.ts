import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { RawBar } from '@ballast/kernel/data-quality';
import { messageOf } from '@ballast/platform';
import { RecordBatchReader, type RecordBatch } from 'apache-arrow';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { columnsOf } from '../domain/csv.js';
import { ImportRefused } from '../domain/import-refused.js';
import { BAR_COLUMNS } from '../domain/read-bars.js';
import { refusalOf } from './local-files.js';
import type { TableFiles, TableFormat } from './ports.js';

const MAGIC_BYTES = 6;
const MIDNIGHT = 'T00:00:00.000Z';
const MS_A_DAY = 86_400_000;

/** Which column of the file holds each column of a bar. */
type Columns = Readonly<Record<(typeof BAR_COLUMNS)[number], string>>;
interface Piece {
  readonly bars: readonly RawBar[];
  readonly done: number;
}

/** Parquet files (any codec of the format) and Arrow IPC files and streams, as pandas, polars, DuckDB and Spark write them. */
export class LocalTables implements TableFiles {
  async formatOf(path: string): Promise<TableFormat | null> {
    try {
      const file = await open(path, 'r');
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
        const magic = buffer.toString('latin1', 0, bytesRead);
        if (magic.startsWith('PAR1')) return 'parquet';
        // A stream has no name in front, only the mark of a message with its length.
        return magic === 'ARROW1' || magic.startsWith('\u00ff\u00ff\u00ff\u00ff') ? 'arrow' : null;
      } finally {
        await file.close();
      }
    } catch (error) {
      throw refusalOf(path, error);
    }
  }

  async *bars(path: string, format: TableFormat): AsyncGenerator<Piece> {
    try {
      yield* format === 'parquet' ? parquetBars(path) : arrowBars(path);
    } catch (error) {
      if (error instanceof ImportRefused) throw error;
      throw new ImportRefused(
        'FILE_CORRUPT',
        `${path} cannot be read as ${format}: ${messageOf(error)}`,
        'Write the file again, without encryption or extensions of the format, or as CSV; nothing was taken.',
      );
    }
  }
}

/** One row group after another, so that no more than one of them is in memory. */
async function* parquetBars(path: string): AsyncGenerator<Piece> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const columns = named(metadata.schema.slice(1).map(({ name }) => name));
  const rows = Number(metadata.num_rows);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const read = { file, metadata, compressors, parsers: PARSERS, columns: Object.values(columns), rowStart, rowEnd };
    const found = await parquetReadObjects(read);
    yield { bars: found.map((row) => barOf(columns, (column) => row[column] as unknown)), done: rowEnd / rows };
    rowStart = rowEnd;
  }
}

async function* arrowBars(path: string): AsyncGenerator<Piece> {
  const stream = createReadStream(path);
  const reader = await RecordBatchReader.from(stream);
  await reader.open();
  const columns = named(reader.schema.fields.map(({ name }) => name));
  for await (const batch of reader as AsyncIterable<RecordBatch>) {
    const vectors = new Map(Object.values(columns).map((column) => [column, batch.getChild(column)!]));
    const bars = Array.from({ length: batch.numRows }, (_, row) =>
      barOf(columns, (column) => dayOf(column === columns.date, vectors.get(column)!.get(row))),
    );
    // How many batches there are is only known at the end of a stream.
    yield { bars, done: 0 };
  }
}

/** @throws ImportRefused HEADER_INCOMPLETE, HEADER_AMBIGUOUS. */
function named(names: readonly string[]): Columns {
  const at = columnsOf(names, BAR_COLUMNS);
  return Object.fromEntries(BAR_COLUMNS.map((column) => [column, names[at[column]]!])) as Columns;
}

const barOf = (columns: Columns, value: (column: string) => unknown): RawBar =>
  Object.fromEntries(BAR_COLUMNS.map((column) => [column, textOf(value(columns[column]))]));

/** Arrow gives dates and timestamps as milliseconds since 1970. */
const dayOf = (isDate: boolean, value: unknown): unknown =>
  isDate && typeof value === 'number' ? new Date(value) : value;

/** A value as text; undefined where there is none. A moment that is not midnight stays one, and is refused as a date. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || Number.isNaN(value)) return undefined;
  if (value instanceof Date) {
    const text = value.toISOString();
    return text.endsWith(MIDNIGHT) ? text.slice(0, -MIDNIGHT.length) : text;
  }
  return String(value);
}

/** Moments to the millisecond are enough to tell whether they are midnight; microseconds beyond it are not. */
const PARSERS = {
  dateFromDays: (days: number) => new Date(days * MS_A_DAY),
  timestampFromMilliseconds: (ms: bigint) => new Date(Number(ms)),
  timestampFromMicroseconds: (us: bigint) => new Date(Number(us / 1_000n)),
  timestampFromNanoseconds: (ns: bigint) => new Date(Number(ns / 1_000_000n)),
};
