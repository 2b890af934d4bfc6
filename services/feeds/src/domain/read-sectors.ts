import { TickerSymbol } from '@ballast/contracts';
import { columnsOf, CsvReader, type CsvRecord } from './csv.js';
import { ImportRefused } from './import-refused.js';

export interface SymbolSector {
  readonly symbol: string;
  readonly sector: string;
}

/** Reads which sector each symbol belongs to from the pieces of a CSV file with the columns symbol and sector. */
export class SectorsReader {
  readonly #csv = new CsvReader();
  readonly #sectors = new Map<string, { sector: string; line: number }>();
  #columns: Readonly<Record<'symbol' | 'sector', number>> | undefined;

  /** Takes the next piece. @throws ImportRefused SECTORS_INVALID with the line, or as the format and header demand. */
  read(piece: string): void {
    for (const record of this.#csv.read(piece)) this.#take(record);
  }

  /** Takes what is left, and returns all sectors by symbol. @throws ImportRefused SECTORS_INVALID for an empty file. */
  end(): SymbolSector[] {
    for (const record of this.#csv.end()) this.#take(record);
    if (this.#sectors.size === 0) throw invalid('it names no symbol');
    return [...this.#sectors]
      .map(([symbol, { sector }]) => ({ symbol, sector }))
      .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  }

  /** A sector that is wrong would weaken a limit in silence, so that one wrong line refuses the file. */
  #take({ line, fields }: CsvRecord): void {
    if (!this.#columns) {
      this.#columns = columnsOf(fields, ['symbol', 'sector']);
      return;
    }
    const symbol = fields[this.#columns.symbol]?.trim() ?? '';
    const sector = fields[this.#columns.sector]?.trim() ?? '';
    if (!TickerSymbol.safeParse(symbol).success) throw invalid(`line ${line}: "${symbol.slice(0, 40)}" is no ticker`);
    if (sector === '') throw invalid(`line ${line}: ${symbol} has no sector`);
    const known = this.#sectors.get(symbol);
    if (known && known.sector !== sector) {
      throw invalid(`lines ${known.line} and ${line}: ${symbol} is said to be of ${known.sector} and of ${sector}`);
    }
    this.#sectors.set(symbol, { sector, line });
  }
}

const invalid = (what: string): ImportRefused =>
  new ImportRefused('SECTORS_INVALID', `the sectors file: ${what}`, 'Correct the line and import again.');
