import type { SessionDate } from '@ballast/contracts';
import { symbolMap, type Listing, type SymbolMap } from '@ballast/kernel/corporate-actions';
import { gatherActions, type SymbolAction } from './actions.js';
import { BAR_SERIES, datesOf, type BarMonth } from './bar-month.js';

const WIDTH = BAR_SERIES.length;

/**
 * Tells which bars and actions make the series of a symbol, as the company that has it on a date. A ticker is no company: the
 * series of one that was renamed goes on under its earlier tickers, and what another company did under the same ticker is no
 * part of it. On each day the bar of the ticker that the company had then is taken. Where its source has none, as files do
 * that name a company by its last ticker all along, the bar under that last ticker is, unless it is known to have been
 * another company's then. A ticker of which no listing is known stands for itself.
 */
export class InstrumentSeries {
  readonly #map: SymbolMap;
  readonly #listed: ReadonlySet<string>;

  /** @param listings as they were known; @param asOf the date by which symbols are meant. */
  constructor(
    listings: readonly Listing[],
    private readonly asOf: SessionDate,
  ) {
    this.#map = symbolMap(listings);
    this.#listed = new Set(listings.map(({ symbol }) => symbol));
  }

  /** Whether a symbol stands for a company on the date: one that was given up would be a company twice, or none. */
  isCurrent(symbol: string): boolean {
    return !this.#listed.has(symbol) || this.#map.instrumentAt(symbol, this.asOf) !== null;
  }

  /** All tickers whose bars and actions may be wanted for some symbols, in order. */
  tickersOf(symbols: readonly string[]): string[] {
    return [...new Set(symbols.flatMap((symbol) => [symbol, ...this.#tickers(symbol)]))].sort();
  }

  /** The months of some symbols, made of those of their tickers. */
  monthsOf(symbols: readonly string[], loaded: readonly BarMonth[]): BarMonth[] {
    if (this.#listed.size === 0) return [...loaded];
    const byTicker = new Map<string, BarMonth[]>();
    for (const month of loaded) {
      const own = byTicker.get(month.symbol);
      if (own) own.push(month);
      else byTicker.set(month.symbol, [month]);
    }
    return symbols.flatMap((symbol) => {
      if (!this.#listed.has(symbol)) return byTicker.get(symbol) ?? [];
      const tickers = [...new Set([symbol, ...this.#tickers(symbol)])];
      const months = new Map<string, BarMonth[]>();
      for (const month of tickers.flatMap((ticker) => byTicker.get(ticker) ?? [])) {
        months.set(month.month, [...(months.get(month.month) ?? []), month]);
      }
      return [...months.values()].flatMap((same) => this.#monthOf(symbol, same) ?? []);
    });
  }

  /** The actions of some symbols, made of those of their tickers. */
  actionsOf(symbols: readonly string[], loaded: readonly SymbolAction[]): SymbolAction[] {
    if (this.#listed.size === 0) return [...loaded];
    return symbols.flatMap((symbol) => {
      const own = new Set([symbol, ...this.#tickers(symbol)]);
      const wanted = loaded.filter(
        (action) => own.has(action.symbol) && this.#isOf(symbol, action.symbol, action.date),
      );
      return gatherActions(wanted.map((action) => ({ ...action, symbol })));
    });
  }

  #tickers(symbol: string): string[] {
    const instrumentId = this.#map.instrumentAt(symbol, this.asOf);
    return instrumentId === null ? [] : this.#map.listingsOf(instrumentId).map((listing) => listing.symbol);
  }

  /** One month of a symbol from those of its tickers; null where none of their days is its own. */
  #monthOf(symbol: string, months: readonly BarMonth[]): BarMonth | null {
    const { month } = months[0]!;
    const rows = new Map<string, { readonly bar: Float64Array; readonly byLast: boolean }>();
    for (const each of months) {
      datesOf(month, each.days).forEach((date, row) => {
        if (!this.#isOf(symbol, each.symbol, date)) return;
        const byLast = this.#tickerOn(symbol, date) !== each.symbol;
        if (byLast && rows.has(date)) return;
        if (rows.get(date)?.byLast === false) return;
        rows.set(date, { bar: each.bars.subarray(row * WIDTH, (row + 1) * WIDTH), byLast });
      });
    }
    if (rows.size === 0) return null;
    const dates = [...rows.keys()].sort();
    const bars = new Float64Array(dates.length * WIDTH);
    dates.forEach((date, i) => bars.set(rows.get(date)!.bar, i * WIDTH));
    return { symbol, month, days: dates.reduce((mask, date) => mask | (1 << (Number(date.slice(8)) - 1)), 0), bars };
  }

  /** Whether what stands under a ticker on a date is of the company that has the symbol. */
  #isOf(symbol: string, ticker: string, date: SessionDate): boolean {
    if (!this.#listed.has(symbol)) return ticker === symbol;
    if (this.#tickerOn(symbol, date) === ticker) return true;
    if (ticker !== symbol) return false;
    const owner = this.#map.instrumentAt(symbol, date);
    return owner === null || owner === this.#map.instrumentAt(symbol, this.asOf);
  }

  /** The ticker of the symbol's company on a date; null where no listing says. */
  #tickerOn(symbol: string, date: SessionDate): string | null {
    const instrumentId = this.#map.instrumentAt(symbol, this.asOf);
    if (instrumentId === null) return null;
    const listing = this.#map
      .listingsOf(instrumentId)
      .find(({ from, to }) => from <= date && (to === null || date < to));
    return listing?.symbol ?? null;
  }
}
