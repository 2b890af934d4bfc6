import type { RawBar } from '@ballast/kernel/data-quality';
import type { HistoryRequest, HistoryVendor, VendorAction } from '../vendor-ports.js';
import { completedOnly } from './completed.js';
import { eachPage } from './pages.js';
import { AggregatesPage, DividendsPage, SplitsPage } from './polygon-wire.js';
import type { VendorHttp } from './vendor-http.js';

const SPLITS = '/v3/reference/splits';
const DIVIDENDS = '/v3/reference/dividends';
/** Polygon's own bounds of a page. */
const BARS_PAGE = '50000';
const REFERENCE_PAGE = '1000';

/**
 * Daily history from Polygon.io, since 2025 Massive (https://polygon.io/docs/rest/stocks). It answers for one ticker at a
 * time: one call for the bars of each symbol and two for its actions. It has no list of changes of symbol here, so those
 * must come from elsewhere.
 */
export class PolygonHistory implements HistoryVendor {
  readonly name = 'polygon';

  constructor(private readonly http: VendorHttp) {}

  async *dailyBars({ symbols, from, to }: HistoryRequest, signal: AbortSignal): AsyncGenerator<readonly RawBar[]> {
    for (const symbol of new Set(symbols)) {
      const path = `/v2/aggs/ticker/${encodeURIComponent(symbol)}/range/1/day/${from}/${to}`;
      yield* eachPage(this.http, path, async (next) => {
        const query = { adjusted: 'false', sort: 'asc', limit: BARS_PAGE };
        const page = await this.http.get({ ...addressOf(next, path, query), answer: AggregatesPage }, signal);
        if (page.ticker === symbol) return { ...page, rows: completedOnly(page.rows) };
        throw this.http.speaksOtherwise(path, `is about ${page.ticker}`);
      });
    }
  }

  async *corporateActions(
    { symbols, from, to }: HistoryRequest,
    signal: AbortSignal,
  ): AsyncGenerator<readonly VendorAction[]> {
    const kinds = [
      { path: SPLITS, field: 'execution_date', answer: SplitsPage },
      { path: DIVIDENDS, field: 'ex_dividend_date', answer: DividendsPage },
    ];
    for (const symbol of new Set(symbols)) {
      for (const { path, field, answer } of kinds) {
        const query = { ticker: symbol, [`${field}.gte`]: from, [`${field}.lte`]: to, sort: field, order: 'asc' };
        yield* eachPage(this.http, path, async (next) => {
          const address = addressOf(next, path, { ...query, limit: REFERENCE_PAGE });
          const page = await this.http.get({ ...address, answer }, signal);
          const strange = page.rows.find((action) => action.symbol !== symbol);
          if (strange) throw this.http.speaksOtherwise(path, `has actions of ${strange.symbol}, not of ${symbol}`);
          return page;
        });
      }
    }
  }
}

/** Path and query of the next page as the vendor gave them, or of the first. */
function addressOf(
  next: string | undefined,
  path: string,
  query: Readonly<Record<string, string>>,
): { path: string; query: Readonly<Record<string, string>> } {
  if (next === undefined) return { path, query };
  const [nextPath = path, search = ''] = next.split('?', 2);
  return { path: nextPath, query: Object.fromEntries(new URLSearchParams(search)) };
}
