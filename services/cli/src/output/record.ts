import type { Json } from '../client.js';
import { NOTHING, renderPairs, renderTable, type Column } from './table.js';

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON value as one cell: text as it is, nothing as `-`, lists between commas, objects as `name value`. */
export function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return NOTHING;
  if (Array.isArray(value)) return value.length === 0 ? NOTHING : value.map(cell).join(', ');
  if (!isObject(value)) return String(value);
  const members = Object.entries(value).map(([name, inner]) => `${name} ${cell(inner)}`);
  return members.length === 0 ? NOTHING : members.join(' ');
}

/** The first of some members that a row has, as a cell: services name one thing alike, and lists leave out what is null. */
export const member =
  (...names: readonly string[]) =>
  (row: Json): string =>
    cell(names.map((name) => row[name]).find((value) => value !== undefined));

/** Columns that show members of rows as they are. */
export const columnsOf = (members: Readonly<Record<string, string>>): Column<Json>[] =>
  Object.entries(members).map(([title, name]) => ({ title, of: member(name) }));

/** The objects of a list that is bare, or that rides in an event as `{count, hash, inline}`; null where the rows are not there. */
export function objectsOf(value: unknown): Json[] | null {
  const rows = isObject(value) ? value['inline'] : value;
  if (Array.isArray(rows)) return rows.filter(isObject);
  return isObject(value) && value['count'] === 0 ? [] : null;
}

/** How many rows of a list inside a record are shown. */
const ROWS_SHOWN = 40;

/**
 * Shows any JSON object: its plain members as pairs, members of members under
 * `outer.inner`, and lists of objects as tables below.
 */
export function renderRecord(record: Json): string {
  const pairs: [string, string][] = [];
  const tables: string[] = [];
  collect(record, '', pairs, tables);
  return [...(pairs.length > 0 ? [renderPairs(pairs)] : []), ...tables].join('\n');
}

function collect(record: Json, prefix: string, pairs: [string, string][], tables: string[]): void {
  for (const [name, value] of Object.entries(record)) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const rows = Array.isArray(value) || isRows(value) ? objectsOf(value) : null;
    if (rows !== null && rows.length > 0) tables.push(`${path}\n${tableOf(rows)}`);
    else if (isRows(value))
      pairs.push([
        path,
        value['count'] === 0 ? NOTHING : `${cell(value['count'])} rows, in the pack store as ${cell(value['hash'])}`,
      ]);
    else if (isObject(value)) collect(value, path, pairs, tables);
    else pairs.push([path, cell(value)]);
  }
}

const isRows = (value: unknown): value is Json => isObject(value) && 'count' in value && 'hash' in value;

function tableOf(rows: readonly Json[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = names.map((name) => ({ title: name.toUpperCase(), of: member(name) }));
  const rest = rows.length - ROWS_SHOWN;
  return renderTable(columns, rows.slice(0, ROWS_SHOWN)) + (rest > 0 ? `and ${rest} more: use -o json\n` : '');
}

/** A column of decimal strings, set right and formatted; a member that is no text is not known and shows as `-`. */
export const amounts = (title: string, name: string, format: (text: string | null) => string): Column<Json> => ({
  title,
  of: (row) => format(decimalOf(row, name)),
  numeric: true,
});

/** A decimal string of an answer; null where it is not known, such as the price of a name without a mark. */
export function decimalOf(row: Json, name: string): string | null {
  const value = row[name];
  return typeof value === 'string' ? value : null;
}
