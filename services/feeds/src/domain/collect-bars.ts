import { TickerSymbol } from '@ballast/contracts';
import { isSession } from '@ballast/kernel/calendar';
import { readBar, type RawBar } from '@ballast/kernel/data-quality';
import { Decimal } from '@ballast/kernel/money';
import { BAR_SERIES, type SymbolBars } from './bar-month.js';
import { ImportRefused } from './import-refused.js';

/** A row that was not taken: where it stands, why. */
export interface RefusedRow {
  /** The line of the file; its header is line 1. */
  readonly row: number;
  readonly code: string;
  readonly message: string;
}

/** What an import found in its input. */
export interface ImportReport {
  readonly rows: number;
  readonly accepted: number;
  readonly refused: number;
  readonly refusedByCode: Readonly<Record<string, number>>;
  /** The first {@link REFUSED_KEPT_MAX} refused rows in the order of the file. */
  readonly firstRefused: readonly RefusedRow[];
  /** Rows that said again what an earlier row says; one of them is kept. */
  readonly duplicatesDropped: number;
  /** Accepted rows whose volume is unknown. */
  readonly missingVolumes: number;
  readonly symbols: number;
  /** The first {@link RESPELLED_SHOWN_MAX} symbols that were spelled with their exchange, and how they are kept. */
  readonly respelled: readonly Respelled[];
}

/** A symbol that a file spells with its exchange, such as `NYSE:NBL`. */
export interface Respelled {
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

/** What can be used of an import: every symbol's bars, and the first and last date of any. */
export interface Collected {
  readonly bars: readonly SymbolBars[];
  readonly from: string;
  readonly to: string;
  readonly report: ImportReport;
}

/** How many refused rows are kept with their reasons; what is beyond is in the counts. */
export const REFUSED_KEPT_MAX = 1_000;
/** How many symbols that were spelled with their exchange are shown. */
export const RESPELLED_SHOWN_MAX = 100;
/** Exchanges of the United States as files write them before a ticker; any other colon stays part of the symbol. */
const EXCHANGE_PREFIX = /^(?:NYSE|NASDAQ|AMEX|NYSEARCA|NYSEAMERICAN|ARCA|BATS|CBOE|IEX|OTC):(?=.)/;

/** More digits than any price has; up to here a float64 gives back exactly the text it was read from. */
const EXACT_LENGTH = 15;
/** The years whose sessions the calendar knows; what it does not know is no session. */
const CALENDAR_YEARS = { first: 1998, last: 2099 };
const WIDTH = BAR_SERIES.length;

interface Gathered {
  readonly dates: string[];
  readonly rows: number[];
  readonly values: number[];
}

/**
 * Gathers the rows of an import, in any order, and tells which can be used. A row is refused with a code and its number
 * where a price is missing or not a positive number, where prices contradict each other, where the date is no session of
 * the exchange, or where two rows say different things of one symbol and date (then both). A missing volume stays
 * unknown; nothing is filled in.
 */
export class BarCollector {
  #rows = 0;
  #missingVolumes = 0;
  readonly #refused: RefusedRow[] = [];
  readonly #codes = new Map<string, number>();
  readonly #bySymbol = new Map<string, Gathered>();
  /** Dates that were seen, each as one text; null where the exchange is shut. */
  readonly #sessions = new Map<string, string | null>();
  readonly #respelled = new Map<string, Respelled>();

  constructor(private readonly rowsMax: number) {}

  /** How many rows have been looked at. */
  get rows(): number {
    return this.#rows;
  }

  /** Looks at one row. @throws ImportRefused TOO_MANY_ROWS. */
  add(row: number, told: RawBar): void {
    this.#count();
    const raw = this.#spelled(told);
    const { bar, findings } = readBar(raw);
    // A bar without open, high or low could neither be checked nor traded on: it is not taken as half a bar.
    const finding = findings.find(({ severity, field }) => severity === 'CRITICAL' || field !== 'volume');
    if (bar === null || finding) return this.#refuse(row, finding!.code, finding!.message);
    const session = this.#sessionOf(bar.date);
    if (session === null) return this.#refuse(row, 'NOT_A_SESSION', `the exchange is not open on ${bar.date}`);
    const wrong = this.#wrongWith(raw, bar.symbol);
    if (wrong) return this.#refuse(row, wrong.code, wrong.message);
    const gathered = this.#of(bar.symbol);
    gathered.dates.push(session);
    gathered.rows.push(row);
    // Adding zero turns -0 into 0, which says the same and must compare as the same.
    gathered.values.push(bar.open, bar.high, bar.low, bar.close, bar.volume + 0);
  }

  /** Refuses a row that could not even be read as a bar. */
  refuseRow(row: number, code: string, message: string): void {
    this.#count();
    this.#refuse(row, code, message);
  }

  /**
   * Sorts what was gathered, drops exact duplicates and refuses contradicting ones.
   * @param refusedFractionMax more refused rows than this part of all mean that the file is not what it seems.
   * @throws ImportRefused NO_USABLE_ROW, TOO_MANY_REFUSED; `report` says what was found.
   */
  finish(refusedFractionMax: number): Collected {
    let duplicatesDropped = 0;
    const bars: SymbolBars[] = [];
    for (const symbol of [...this.#bySymbol.keys()].sort()) {
      const settled = this.#settle(symbol, this.#bySymbol.get(symbol)!);
      duplicatesDropped += settled.duplicates;
      if (settled.bars.dates.length > 0) bars.push(settled.bars);
    }
    this.#bySymbol.clear();
    const report = this.#report(bars, duplicatesDropped);
    const fraction = report.refused / report.rows;
    if (bars.length === 0) throw new UnusableFile('NO_USABLE_ROW', `none of ${report.rows} rows can be used`, report);
    if (fraction > refusedFractionMax) {
      const shown = `${report.refused} of ${report.rows} rows (${(fraction * 100).toFixed(1)} %) are refused`;
      const limit = `at most ${(refusedFractionMax * 100).toFixed(1)} % may be`;
      throw new UnusableFile('TOO_MANY_REFUSED', `${shown}, ${limit}`, report);
    }
    return {
      bars,
      report,
      from: bars.map(({ dates }) => dates[0]!).reduce((a, b) => (a < b ? a : b)),
      to: bars.map(({ dates }) => dates.at(-1)!).reduce((a, b) => (a > b ? a : b)),
    };
  }

  /** The row with its symbol as the venue spells it: two spellings of one ticker are one series. */
  #spelled(raw: RawBar): RawBar {
    if (!raw.symbol?.includes(':')) return raw;
    const from = raw.symbol.trim();
    const to = from.replace(EXCHANGE_PREFIX, '');
    if (to === from) return raw;
    this.#respelled.set(from, { from, to, rows: (this.#respelled.get(from)?.rows ?? 0) + 1 });
    return { ...raw, symbol: to };
  }

  #count(): void {
    this.#rows += 1;
    if (this.#rows <= this.rowsMax) return;
    throw new ImportRefused(
      'TOO_MANY_ROWS',
      `there are more than ${this.rowsMax} rows`,
      'Split the file by date and import the parts one after another, or raise FEEDS_IMPORT_ROWS_MAX.',
    );
  }

  #of(symbol: string): Gathered {
    const known = this.#bySymbol.get(symbol);
    if (known) return known;
    const gathered: Gathered = { dates: [], rows: [], values: [] };
    this.#bySymbol.set(symbol, gathered);
    return gathered;
  }

  #wrongWith(raw: RawBar, symbol: string): { code: string; message: string } | null {
    if (!this.#bySymbol.has(symbol) && !TickerSymbol.safeParse(symbol).success) {
      return {
        code: 'INVALID_SYMBOL',
        message: `symbol ${JSON.stringify(symbol.slice(0, 40))} is no ticker in capitals`,
      };
    }
    const inexact = BAR_SERIES.find((field) => !isExact(raw[field]!));
    if (inexact === undefined) return null;
    const message = `${inexact} ${raw[inexact]} has more digits than can be kept exactly; round it`;
    return { code: 'TOO_MANY_DIGITS', message };
  }

  #sessionOf(date: string): string | null {
    const known = this.#sessions.get(date);
    if (known !== undefined) return known;
    const year = Number(date.slice(0, 4));
    const session = year >= CALENDAR_YEARS.first && year <= CALENDAR_YEARS.last && isSession(date) ? date : null;
    this.#sessions.set(date, session);
    return session;
  }

  /** Puts a symbol's rows in order of date and takes those of one date together. */
  #settle(symbol: string, { dates, rows, values }: Gathered): { bars: SymbolBars; duplicates: number } {
    // Most files are sorted: then there is nothing to put in order, and no date stands twice.
    if (dates.every((date, i) => i === 0 || date > dates[i - 1]!)) {
      const sorted = Float64Array.from(values);
      this.#countUnknownVolumes(sorted);
      return { bars: { symbol, dates, values: sorted }, duplicates: 0 };
    }
    const order = dates.map((_, i) => i);
    order.sort((a, b) => (dates[a]! < dates[b]! ? -1 : dates[a]! > dates[b]! ? 1 : rows[a]! - rows[b]!));
    const kept: number[] = [];
    let duplicates = 0;
    for (let from = 0; from < order.length;) {
      const first = order[from]!;
      let to = from + 1;
      while (to < order.length && dates[order[to]!] === dates[first]) to += 1;
      const same = order.slice(from, to);
      if (same.every((each) => sameBar(values, first, each))) {
        kept.push(first);
        duplicates += same.length - 1;
      } else
        this.#refuseConflict(
          symbol,
          dates[first]!,
          same.map((each) => rows[each]!),
        );
      from = to;
    }
    const sorted = new Float64Array(kept.length * WIDTH);
    kept.forEach((each, i) => {
      for (let s = 0; s < WIDTH; s += 1) sorted[i * WIDTH + s] = values[each * WIDTH + s]!;
    });
    this.#countUnknownVolumes(sorted);
    return { bars: { symbol, dates: kept.map((each) => dates[each]!), values: sorted }, duplicates };
  }

  #countUnknownVolumes(values: Float64Array): void {
    for (let at = WIDTH - 1; at < values.length; at += WIDTH) if (Number.isNaN(values[at])) this.#missingVolumes += 1;
  }

  #refuseConflict(symbol: string, date: string, rows: readonly number[]): void {
    const message = `rows ${rows.join(' and ')} say different things of ${symbol} on ${date}`;
    for (const row of rows) this.#refuse(row, 'CONFLICTING_DUPLICATE', message);
  }

  #refuse(row: number, code: string, message: string): void {
    this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
    const shown = this.#refused;
    if (shown.length === REFUSED_KEPT_MAX && row > shown.at(-1)!.row) return;
    shown.push({ row, code, message });
    shown.sort((a, b) => a.row - b.row);
    shown.splice(REFUSED_KEPT_MAX);
  }

  #report(bars: readonly SymbolBars[], duplicatesDropped: number): ImportReport {
    const accepted = bars.reduce((sum, { dates }) => sum + dates.length, 0);
    return {
      rows: this.#rows,
      accepted,
      refused: [...this.#codes.values()].reduce((sum, count) => sum + count, 0),
      refusedByCode: Object.fromEntries([...this.#codes].sort(([a], [b]) => (a < b ? -1 : 1))),
      firstRefused: this.#refused,
      duplicatesDropped,
      missingVolumes: this.#missingVolumes,
      symbols: bars.length,
      respelled: [...this.#respelled.values()].slice(0, RESPELLED_SHOWN_MAX),
    };
  }
}

/** A file of which too little can be used; says what was found in it. */
export class UnusableFile extends ImportRefused {
  constructor(
    code: 'NO_USABLE_ROW' | 'TOO_MANY_REFUSED',
    message: string,
    readonly report: ImportReport,
  ) {
    super(code, message, 'Look at the rows that are shown, correct the file, and import it again; nothing was taken.');
  }
}

/** Whether a number is kept exactly as the text says it, so that money made from it is what was imported. */
function isExact(text: string): boolean {
  if (text.length <= EXACT_LENGTH) return true;
  const trimmed = text.trim();
  const value = Number(trimmed);
  return Number.isNaN(value) || new Decimal(trimmed).equals(value);
}

function sameBar(values: readonly number[], a: number, b: number): boolean {
  for (let s = 0; s < WIDTH; s += 1) {
    if (!Object.is(values[a * WIDTH + s], values[b * WIDTH + s])) return false;
  }
  return true;
}
