import { addDays } from '../calendar/index.js';
import type { SessionDate } from '../calendar/index.js';
import { KernelError } from '../money/index.js';
import { compareText } from '../ordering/index.js';

/**
 * A ticker that stood for an instrument: on `from` and after, before `to`; null = it still does. A rename ends one listing
 * on the day on which the next begins.
 */
export interface Listing {
  readonly instrumentId: string;
  readonly symbol: string;
  readonly from: SessionDate;
  readonly to: SessionDate | null;
}

/** Which instrument a ticker stood for, and which tickers an instrument had. */
export interface SymbolMap {
  /** The instrument that a symbol, spelled exactly so, stood for on a date; null where none did. Throws `INVALID_DATE`. */
  instrumentAt(symbol: string, date: SessionDate): string | null;
  /** The listings of an instrument by date, ties by symbol; none where it is not known. */
  listingsOf(instrumentId: string): readonly Listing[];
}

/**
 * Makes the map of a list of listings in any order.
 *
 * A ticker is not an instrument: one that is given up may be another company's later, and a series is fetched by
 * instrument id so that the two never meet. Throws `INVALID_DATE`, `INVALID_LISTING` where a name is empty or `to` is not
 * after `from`, and `OVERLAPPING_LISTINGS` where a symbol stands twice on one day, be it for one instrument or for two.
 */
export function symbolMap(listings: readonly Listing[]): SymbolMap {
  listings.forEach(checkListing);
  const sorted = [...listings].sort((a, b) => compareText(a.from, b.from) || compareText(a.symbol, b.symbol));
  const bySymbol = new Map<string, Listing[]>();
  const byInstrument = new Map<string, Listing[]>();
  for (const listing of sorted) {
    const before = bySymbol.get(listing.symbol)?.at(-1);
    if (before && (before.to === null || before.to > listing.from)) throw overlapping(before, listing);
    append(bySymbol, listing.symbol, listing);
    append(byInstrument, listing.instrumentId, listing);
  }
  return {
    instrumentAt(symbol, date) {
      const day = addDays(date, 0);
      const listing = bySymbol.get(symbol)?.findLast(({ from }) => from <= day);
      return listing && (listing.to === null || day < listing.to) ? listing.instrumentId : null;
    },
    listingsOf: (instrumentId) => byInstrument.get(instrumentId) ?? [],
  };
}

function checkListing({ instrumentId, symbol, from, to }: Listing, index: number): void {
  const at = `listings[${index}]`;
  if (instrumentId === '' || symbol === '') {
    throw new KernelError('INVALID_LISTING', `${at} must name an instrumentId and a symbol.`);
  }
  addDays(from, 0);
  if (to !== null && addDays(to, 0) <= from) {
    throw new KernelError(
      'INVALID_LISTING',
      `${at}.to must be after from: ${symbol} from ${from} to ${to}. It is the first day it no longer holds.`,
    );
  }
}

function append(lists: Map<string, Listing[]>, key: string, listing: Listing): void {
  const list = lists.get(key);
  if (list) list.push(listing);
  else lists.set(key, [listing]);
}

function overlapping(before: Listing, after: Listing): KernelError {
  const until = before.to === null ? 'and has no end' : `to ${before.to}`;
  return new KernelError(
    'OVERLAPPING_LISTINGS',
    `${before.symbol} stands for ${before.instrumentId} from ${before.from} ${until}, so it cannot stand for ` +
      `${after.instrumentId} from ${after.from}; end the earlier listing on the day the later one begins.`,
  );
}
