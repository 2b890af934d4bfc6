import {
  DateDay,
  Dictionary,
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
  type Data,
} from 'apache-arrow';
import { z } from 'zod';
import { Fault, messageOf } from '../errors.js';

/** The series of a pack, in the order of its columns. */
export const PACK_SERIES = ['open', 'high', 'low', 'close', 'volume', 'adjustment'] as const;
export type PackSeries = (typeof PACK_SERIES)[number];

/** What a pack says about each symbol and about itself. */
export interface PackFacts {
  /** Per symbol; null where it is unknown. */
  readonly sector: readonly (string | null)[];
  /** Average daily volume per symbol in shares; null where it cannot be told. */
  readonly adv: readonly (number | null)[];
  /** Quality score per symbol, 0 to 1. */
  readonly quality: readonly number[];
  readonly source: string;
  readonly synthetic: boolean;
  /** The session that the pack looks back from, `YYYY-MM-DD`. */
  readonly asOf: string;
}

/**
 * Daily history as a panel. Each series holds symbols × dates values, a symbol's row
 * after another: the value of symbol `s` on date `d` stands at `s * dates.length + d`.
 * NaN means missing. Prices and volume are as traded; `adjustment` is the factor that
 * makes prices of different dates comparable.
 */
export interface PackPanel extends PackFacts, Readonly<Record<PackSeries, Float64Array>> {
  readonly symbols: readonly string[];
  /** Session dates `YYYY-MM-DD`, ascending. */
  readonly dates: readonly string[];
}

const METADATA_KEY = 'ballast.pack';
const VERSION = 1;

const Metadata = z.object({
  version: z.literal(VERSION),
  sessions: z.int().min(1),
  sector: z.array(z.string().nullable()),
  adv: z.array(z.number().nullable()),
  quality: z.array(z.number()),
  source: z.string(),
  synthetic: z.boolean(),
  asOf: z.string(),
});

const MS_A_DAY = 86_400_000;

const toDay = (date: string): number => Date.parse(`${date}T00:00:00.000Z`) / MS_A_DAY;
const toDate = (day: number): string => new Date(day * MS_A_DAY).toISOString().slice(0, 10);

const refuse = (what: string): Fault => new Fault('PACK_INVALID', `a pack cannot be made: ${what}`);
const malformed = (what: string, cause?: unknown): Fault =>
  new Fault('PACK_MALFORMED', `this is not a pack of version ${VERSION}: ${what}; import the data again`, { cause });

/**
 * Writes a panel as an Arrow IPC file: one row a symbol and date, sorted by both, with
 * the columns symbol, date and the six series (null where missing), so that pandas,
 * polars and others open it as a plain table. What is said per symbol stands as JSON in
 * the schema's metadata under `ballast.pack`. The same panel gives the same bytes,
 * whatever the order of its symbols.
 * @throws Fault PACK_INVALID for lengths that do not fit, symbols twice, dates out of order, infinities.
 */
export function encodePack(panel: PackPanel): Uint8Array {
  checkPanel(panel);
  const sessions = panel.dates.length;
  const order = panel.symbols.map((_, index) => index).sort((a, b) => (panel.symbols[a]! < panel.symbols[b]! ? -1 : 1));
  const rows = order.length * sessions;
  const days = Int32Array.from(panel.dates, toDay);
  const symbolColumn = new Int32Array(rows);
  const dateColumn = new Int32Array(rows);
  order.forEach((_, row) => {
    symbolColumn.fill(row, row * sessions, (row + 1) * sessions);
    dateColumn.set(days, row * sessions);
  });
  // Without an id of its own a dictionary takes the process's next number, and the bytes would differ each time.
  const symbolType = new Dictionary(new Utf8(), new Int32(), 0);
  const symbols = vectorFromArray(
    order.map((index) => panel.symbols[index]!),
    new Utf8(),
  );
  const children: Data[] = [
    makeData({ type: symbolType, length: rows, nullCount: 0, data: symbolColumn, dictionary: symbols }),
    makeData({ type: new DateDay(), length: rows, nullCount: 0, data: dateColumn }),
    ...PACK_SERIES.map((series) => seriesColumn(series, panel[series], order, sessions)),
  ];
  const fields = [
    new Field('symbol', symbolType, false),
    new Field('date', new DateDay(), false),
    ...PACK_SERIES.map((series) => new Field(series, new Float64(), true)),
  ];
  const pick = <T>(values: readonly T[]): T[] => order.map((index) => values[index]!);
  const facts: z.infer<typeof Metadata> = {
    version: VERSION,
    sessions,
    sector: pick(panel.sector),
    adv: pick(panel.adv),
    quality: pick(panel.quality),
    source: panel.source,
    synthetic: panel.synthetic,
    asOf: panel.asOf,
  };
  const schema = new Schema(fields, new Map([[METADATA_KEY, JSON.stringify(facts)]]));
  const batch = new RecordBatch(schema, makeData({ type: new Struct(fields), length: rows, nullCount: 0, children }));
  return tableToIPC(new Table(schema, [batch]), 'file');
}

/** Copies a series in the order of symbols; a missing value is null in the bitmap and NaN below it, so that reading needs no copy. */
function seriesColumn(name: string, source: Float64Array, order: readonly number[], sessions: number): Data<Float64> {
  const values = new Float64Array(source.length);
  const valid = new Uint8Array(Math.ceil(source.length / 8));
  let nullCount = 0;
  let at = 0;
  for (const symbol of order) {
    for (let from = symbol * sessions, end = from + sessions; from < end; from++, at++) {
      const value = source[from]!;
      if (value !== value) {
        values[at] = NaN;
        nullCount++;
      } else if (value === Infinity || value === -Infinity) {
        throw refuse(`${name} holds an infinite number at position ${from}; leave the value missing (NaN)`);
      } else {
        // Adding zero turns -0 into 0, which compares equal and must hash equal.
        values[at] = value + 0;
        valid[at >> 3]! |= 1 << (at & 7);
      }
    }
  }
  return makeData({
    type: new Float64(),
    length: values.length,
    nullCount,
    data: values,
    nullBitmap: nullCount === 0 ? null : valid,
  });
}

function checkPanel(panel: PackPanel): void {
  const { symbols, dates } = panel;
  if (symbols.length === 0 || dates.length === 0) throw refuse('it has no symbols or no dates');
  if (new Set(symbols).size !== symbols.length) throw refuse('a symbol stands in it twice');
  for (const [index, date] of dates.entries()) {
    const day = toDay(date);
    if (!Number.isInteger(day) || toDate(day) !== date) throw refuse(`"${date}" is not a date YYYY-MM-DD`);
    if (index > 0 && date <= dates[index - 1]!) throw refuse(`the dates are not ascending at ${date}`);
  }
  for (const series of PACK_SERIES) {
    const expected = symbols.length * dates.length;
    if (panel[series].length !== expected) {
      throw refuse(`${series} has ${panel[series].length} values, not ${symbols.length} × ${dates.length}`);
    }
  }
  for (const fact of ['sector', 'adv', 'quality'] as const) {
    if (panel[fact].length !== symbols.length)
      throw refuse(`${fact} has ${panel[fact].length} values for ${symbols.length} symbols`);
  }
  const numbers = [...panel.adv.filter((value) => value !== null), ...panel.quality];
  if (!numbers.every(Number.isFinite)) throw refuse('an ADV or a quality score is not a finite number');
}

/**
 * Reads a pack. The series are views of `bytes` wherever its alignment allows, so
 * neither may be written to.
 * @throws Fault PACK_MALFORMED for anything that {@link encodePack} did not write.
 */
export function decodePack(bytes: Uint8Array): PackPanel {
  const table = openTable(bytes);
  const batch = table.batches[0];
  if (batch === undefined || table.batches.length !== 1)
    throw malformed(`it has ${table.batches.length} record batches, not one`);
  const { sessions, version: _version, ...facts } = readMetadata(table.schema);
  const column = (name: string): Data => {
    const index = table.schema.fields.findIndex((field) => field.name === name);
    const data = batch.data.children[index];
    if (data === undefined) throw malformed(`it has no column "${name}"`);
    return data;
  };
  const symbols = readSymbols(column('symbol'), sessions, batch.numRows);
  const dates = readDates(column('date'), sessions, symbols.length);
  for (const fact of ['sector', 'adv', 'quality'] as const) {
    if (facts[fact].length !== symbols.length)
      throw malformed(`it tells the ${fact} of ${facts[fact].length} symbols, not ${symbols.length}`);
  }
  const series = Object.fromEntries(PACK_SERIES.map((name) => [name, readSeries(name, column(name), batch.numRows)]));
  return { symbols, dates, ...(series as Record<PackSeries, Float64Array>), ...facts };
}

function openTable(bytes: Uint8Array): Table {
  try {
    return tableFromIPC(bytes);
  } catch (error) {
    throw malformed(`Arrow cannot read it (${messageOf(error)})`, error);
  }
}

function readMetadata(schema: Schema): z.infer<typeof Metadata> {
  const text = schema.metadata.get(METADATA_KEY);
  if (text === undefined) throw malformed(`its schema has no metadata "${METADATA_KEY}"`);
  try {
    return Metadata.parse(JSON.parse(text));
  } catch (error) {
    throw malformed(`its metadata cannot be read (${messageOf(error)})`, error);
  }
}

/** Every symbol must stand in as many rows as there are sessions, in the dictionary's order. */
function readSymbols(column: Data, sessions: number, rows: number): readonly string[] {
  const symbols = (column.dictionary?.toArray() ?? []) as ArrayLike<unknown>;
  const names = Array.from(symbols, String);
  const indexes: unknown = column.values;
  if (!(indexes instanceof Int32Array) || names.length * sessions !== rows) {
    throw malformed(`it has ${rows} rows, not ${names.length} symbols × ${sessions} sessions`);
  }
  for (let symbol = 0, row = 0; symbol < names.length; symbol++) {
    for (const end = row + sessions; row < end; row++) {
      if (indexes[row] !== symbol) throw malformed(`row ${row} belongs to another symbol than ${names[symbol]}`);
    }
  }
  return names;
}

/** Every symbol must have the dates of the first. */
function readDates(column: Data, sessions: number, symbols: number): readonly string[] {
  const days: unknown = column.values;
  if (!(days instanceof Int32Array)) throw malformed('its dates are not days');
  for (let row = sessions; row < sessions * symbols; row++) {
    if (days[row] !== days[row - sessions])
      throw malformed(`row ${row} has another date than the row of the symbol before it`);
  }
  return Array.from(days.subarray(0, sessions), toDate);
}

function readSeries(name: string, column: Data, rows: number): Float64Array {
  const values: unknown = column.values;
  if (!(values instanceof Float64Array) || values.length < rows)
    throw malformed(`its column "${name}" is not of float64`);
  const bitmap: Uint8Array | undefined = column.nullCount > 0 ? column.nullBitmap : undefined;
  if (bitmap !== undefined) {
    for (let row = 0; row < rows; row++) {
      const missing = (bitmap[row >> 3]! & (1 << (row & 7))) === 0;
      if (missing && !Number.isNaN(values[row])) throw malformed(`row ${row} of "${name}" is null over a number`);
    }
  }
  return values.length === rows ? values : values.subarray(0, rows);
}
