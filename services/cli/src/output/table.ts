/** A column of a table: its title, where a row's cell comes from, and whether it holds numbers (then it is set right). */
export interface Column<R> {
  readonly title: string;
  readonly of: (row: R) => string;
  readonly numeric?: boolean;
}

/** What stands where there is nothing to show. */
export const NOTHING = '-';

/** Text from outside must not steer the terminal: control characters could show what is not there. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, ' ');

/**
 * Sets rows under titles, two spaces between the columns, without trailing spaces. Ends
 * with a newline; `empty` is said where there is no row.
 */
export function renderTable<R>(columns: readonly Column<R>[], rows: readonly R[], empty = 'none'): string {
  if (rows.length === 0) return `${empty}\n`;
  const cells = rows.map((row) => columns.map((column) => printable(column.of(row))));
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => (columns[i]!.numeric ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return `${[line(columns.map(({ title }) => title)), ...cells.map(line)].join('\n')}\n`;
}

/** Sets names and values in two columns, one pair a line. Ends with a newline. */
export function renderPairs(pairs: readonly (readonly [name: string, value: string])[], indent = ''): string {
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${indent}${name.padEnd(width)}  ${printable(value)}`.trimEnd() + '\n').join('');
}
