import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync, strFromU8, unzipSync } from 'fflate';
import type { Recordings } from '../application/state.js';
import { formOf, minuteRow, RecordingUnreadable, rowsOf } from '../domain/recorded-lines.js';
import type { RecordingForm } from '../domain/recorded-lines.js';
import { RECORDED_EVENTS_MAX, recordingOf } from '../domain/recording.js';
import type { RecordedRow, Recording } from '../domain/recording.js';

/** A packed file of a busy day has a megabyte or two; what is a hundred times larger is something else. */
const FILE_BYTES_MAX = 256 * 1024 * 1024;
const FINENESS = ['tick', 'second', 'minute'] as const;

/** Rows of one symbol, day and kind, of the finest resolution that was given. */
interface Gathered {
  readonly form: RecordingForm;
  readonly rows: RecordedRow[];
}

/**
 * Reads recorded quotes and trades: LEAN archives (.zip) and minute bars (.csv, .csv.gz). Of what is given in several
 * resolutions the finest counts. A symbol and day without any quote is left out: trades alone have no bid and ask.
 * @throws RecordingUnreadable with the file and the line; nothing is used of a file that has a fault.
 */
export function readRecordings(files: readonly string[]): Recordings {
  const gathered = new Map<string, Gathered>();
  for (const file of files) for (const each of readFile(file)) gather(gathered, each, file);
  const byDay = new Map<string, Map<string, Recording>>();
  for (const quotes of gathered.values()) {
    const { date, symbol, type } = quotes.form;
    if (type !== 'quote' || quotes.rows.length === 0) continue;
    const trades = gathered.get(keyOf({ ...quotes.form, type: 'trade' }))?.rows ?? [];
    const day = byDay.get(date) ?? new Map<string, Recording>();
    byDay.set(date, day.set(symbol, recordingOf(symbol, date, [...quotes.rows, ...trades])));
  }
  return (date, symbols) => {
    const day = byDay.get(date);
    return new Map(symbols.flatMap((symbol) => (day?.has(symbol) ? [[symbol, day.get(symbol)!] as const] : [])));
  };
}

function gather(gathered: Map<string, Gathered>, { form, rows }: Gathered, file: string): void {
  const known = gathered.get(keyOf(form));
  // A file may have more rows than a call may have arguments.
  if (known && known.form.resolution === form.resolution) for (const row of rows) known.rows.push(row);
  else if (!known || rankOf(form) < rankOf(known.form)) gathered.set(keyOf(form), { form, rows: [...rows] });
  if ((gathered.get(keyOf(form))?.rows.length ?? 0) > RECORDED_EVENTS_MAX) {
    throw new RecordingUnreadable(
      `${file} has more than ${RECORDED_EVENTS_MAX} rows of ${form.symbol} on ${form.date}`,
    );
  }
}

function readFile(file: string): Gathered[] {
  try {
    const { size } = statSync(file);
    if (size > FILE_BYTES_MAX) throw new RecordingUnreadable(`it has more than ${FILE_BYTES_MAX} bytes`);
    const bytes = readFileSync(file);
    if (file.endsWith('.zip')) return readArchive(bytes);
    return readMinutes(strFromU8(file.endsWith('.gz') ? gunzipSync(bytes) : bytes));
  } catch (error) {
    const why =
      error instanceof Error ? error.message.replace(/^PAPER_BROKER_RECORDING_UNREADABLE: /, '') : String(error);
    throw new RecordingUnreadable(`${file}: ${why.replace(/; correct PAPER_BROKER_RECORDINGS or the file$/, '')}`);
  }
}

function readArchive(bytes: Uint8Array): Gathered[] {
  return Object.entries(unzipSync(bytes)).map(([entry, content]) => {
    const form = formOf(basename(entry));
    return { form, rows: rowsOf(form, strFromU8(content).split(/\r?\n/)) };
  });
}

function readMinutes(text: string): Gathered[] {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const header = first.split(',');
  const gathered = new Map<string, Gathered>();
  lines.forEach((line, i) => {
    const read = line === '' ? null : minuteRow(header, line, i + 2);
    if (!read) return;
    const known = gathered.get(keyOf(read.form)) ?? { form: read.form, rows: [] };
    gathered.set(keyOf(read.form), known);
    known.rows.push(read.row);
  });
  return [...gathered.values()];
}

const keyOf = ({ date, symbol, type }: RecordingForm): string => `${date} ${symbol} ${type}`;
const rankOf = ({ resolution }: RecordingForm): number => FINENESS.indexOf(resolution);
