import { TickerSymbol } from '@ballast/contracts';
import { KernelError } from '@ballast/kernel/money';
import { actionOf, gatherActions, type SymbolAction } from './actions.js';
import { columnsOf, CsvReader, type CsvRecord } from './csv.js';
import { ImportRefused } from './import-refused.js';

const COLUMNS = ['date', 'symbol', 'type', 'ratio', 'amount'] as const;
const NEW_SYMBOL = 'new_symbol';
/** More than all actions of the United States in fifty years; what is larger is another file. */
const ACTIONS_MAX = 1_000_000;

/**
 * Reads corporate actions from the pieces of a CSV file with the columns `date` (the ex-date), `symbol`, `type` (split,
 * reverse_split, stock_dividend, dividend, cash_dividend, spinoff, symbol_change), `ratio` (new shares per old) and `amount` (money
 * for each share held before); `new_symbol` is only needed for a change of symbol.
 */
export class ActionsReader {
  readonly #csv = new CsvReader();
  readonly #actions: SymbolAction[] = [];
  #columns: Readonly<Record<(typeof COLUMNS)[number], number>> | undefined;
  #newSymbol = -1;

  /** Takes the next piece. @throws ImportRefused ACTIONS_INVALID with the line, or as the format and header demand. */
  read(piece: string): void {
    for (const record of this.#csv.read(piece)) this.#take(record);
  }

  /** Takes what is left, and returns all actions, one a symbol, date and type. @throws ImportRefused as `read`. */
  end(): SymbolAction[] {
    for (const record of this.#csv.end()) this.#take(record);
    if (!this.#columns) throw invalid('it is empty', `Give a CSV file that begins with ${COLUMNS.join(',')}.`);
    return gatherActions(this.#actions);
  }

  /** A split that is wrong or missing makes every price before it wrong, so that one wrong line refuses the file. */
  #take({ line, fields }: CsvRecord): void {
    if (!this.#columns) {
      this.#columns = columnsOf(fields, COLUMNS);
      this.#newSymbol = fields.findIndex((name) => name.trim().toLowerCase() === NEW_SYMBOL);
      return;
    }
    if (this.#actions.length === ACTIONS_MAX) throw invalid(`it has more than ${ACTIONS_MAX} rows`);
    const text = (at: number): string | undefined => fields[at]?.trim() || undefined;
    const symbol = text(this.#columns.symbol) ?? '';
    if (!TickerSymbol.safeParse(symbol).success) throw invalid(`line ${line}: "${symbol.slice(0, 40)}" is no ticker`);
    const newSymbol = text(this.#newSymbol);
    const type = text(this.#columns.type) ?? '';
    if (type === 'symbol_change' && !TickerSymbol.safeParse(newSymbol).success) {
      throw invalid(`line ${line}: the change of ${symbol} names no new_symbol`);
    }
    try {
      this.#actions.push(
        actionOf({
          ...{ symbol, type, newSymbol, date: text(this.#columns.date) ?? '' },
          ...{ ratio: text(this.#columns.ratio), amount: text(this.#columns.amount) },
        }),
      );
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      throw invalid(`line ${line}: ${error.message}`);
    }
  }
}

const invalid = (what: string, nextStep = 'Correct the line and import again.'): ImportRefused =>
  new ImportRefused('ACTIONS_INVALID', `the file of corporate actions: ${what}`, nextStep);
