import { stringify } from 'yaml';
import type { Io } from '../io.js';

/** How data is written to standard output. */
export const FORMATS = ['table', 'json', 'yaml'] as const;
export type Format = (typeof FORMATS)[number];

/**
 * Writes one document to standard output: the data itself as JSON or YAML, or the text
 * that `table` makes of it for people.
 */
export function print(io: Io, format: Format, data: unknown, table: () => string): void {
  switch (format) {
    case 'json':
      return io.out(`${JSON.stringify(data, null, 2)}\n`);
    case 'yaml':
      return io.out(stringify(data, { lineWidth: 0 }));
    case 'table':
      return io.out(table());
  }
}
