import type { BarCollector } from './collect-bars.js';
import { columnsOf, CsvReader, type CsvRecord } from './csv.js';
import { ImportRefused } from './import-refused.js';

/** The columns of daily bars, in any order. */
export const BAR_COLUMNS = ['date', 'symbol', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Reads daily bars from the pieces of a CSV file and hands each row to a collector. */
export class BarsReader {
  readonly #csv = new CsvReader();
  #columns: Readonly<Record<(typeof BAR_COLUMNS)[number], number>> | undefined;
  #width = 0;

  constructor(private readonly collector: BarCollector) {}

  /** Takes the next piece. @throws ImportRefused where the format or the header is not as it must be. */
  read(piece: string): void {
    for (const record of this.#csv.read(piece)) this.#take(record);
  }

  /** Takes what is left at the end of the file. @throws ImportRefused FILE_EMPTY where there was not even a header. */
  end(): void {
    for (const record of this.#csv.end()) this.#take(record);
    if (this.#columns) return;
    throw new ImportRefused(
      'FILE_EMPTY',
      'the file is empty',
      `Give a CSV file that begins with ${BAR_COLUMNS.join(',')}.`,
    );
  }

  #take({ line, fields }: CsvRecord): void {
    if (!this.#columns) {
      this.#columns = columnsOf(fields, BAR_COLUMNS);
      this.#width = fields.length;
      return;
    }
    if (fields.length !== this.#width) {
      const message = `the row has ${fields.length} fields, the header ${this.#width}`;
      this.collector.refuseRow(line, 'FIELD_COUNT', message);
      return;
    }
    const { date, symbol, open, high, low, close, volume } = this.#columns;
    this.collector.add(line, {
      date: fields[date],
      symbol: fields[symbol],
      open: fields[open],
      high: fields[high],
      low: fields[low],
      close: fields[close],
      volume: fields[volume],
    });
  }
}
