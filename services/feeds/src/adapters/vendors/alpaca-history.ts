import type { RawBar } from '@ballast/kernel/data-quality';
import { addDays } from '@ballast/kernel/calendar';
import type { HistoryRequest, HistoryVendor, VendorAction } from '../vendor-ports.js';
import { ACTION_TYPES, ActionsPage, BarsPage } from './alpaca-wire.js';
import { completedOnly } from './completed.js';
import { eachPage } from './pages.js';
import type { VendorHttp } from './vendor-http.js';

const BARS = '/v2/stocks/bars';
const ACTIONS = '/v1/corporate-actions';
/** Alpaca's own bounds of a page. */
const BARS_PAGE = '10000';
const ACTIONS_PAGE = '1000';
/** Symbols of one question, so that its address stays below 2 KiB. */
const SYMBOLS_MAX = 100;
/**
 * Alpaca filters actions by the day on which it processes them and not by the ex-date: a cash dividend is processed when it
 * is paid, weeks after, and one with due bills shortly before. So a longer time is asked for, and the ex-date decides.
 */
const PROCESSED_DAYS_AFTER = 180;
const PROCESSED_DAYS_BEFORE = 14;

/**
 * Daily history from Alpaca (https://docs.alpaca.markets/reference/stockbars and corporateactions-1). It is asked through
 * `VendorHttp` and not through the official client, whose parsers make floats of prices and whose retries and rate limiter
 * would stand beside the ones that all vendors share.
 */
export class AlpacaHistory implements HistoryVendor {
  readonly name = 'alpaca';

  /** @param feed `sip` is the whole market (of the last 15 minutes only with a paid plan), `iex` one exchange of it. */
  constructor(
    private readonly http: VendorHttp,
    private readonly feed: 'iex' | 'sip',
  ) {}

  async *dailyBars({ symbols, from, to }: HistoryRequest, signal: AbortSignal): AsyncGenerator<readonly RawBar[]> {
    for (const asked of chunks(symbols)) {
      const query = {
        symbols: asked.join(','),
        timeframe: '1Day',
        // Whole days in UTC: each holds exactly the one midnight in New York that stamps its bar.
        start: `${from}T00:00:00Z`,
        end: `${to}T23:59:59Z`,
        adjustment: 'raw',
        // Every bar under the ticker of its day: else a change of ticker would rewrite what was told before.
        asof: '-',
        feed: this.feed,
        limit: BARS_PAGE,
        sort: 'asc',
      };
      const page = (page_token: string | undefined) =>
        this.http.get({ path: BARS, query: { ...query, page_token }, answer: BarsPage }, signal);
      for await (const rows of eachPage(this.http, BARS, page)) {
        this.#requireAsked(asked, rows);
        yield completedOnly(rows);
      }
    }
  }

  async *corporateActions(
    { symbols, from, to }: HistoryRequest,
    signal: AbortSignal,
  ): AsyncGenerator<readonly VendorAction[]> {
    for (const asked of chunks(symbols)) {
      const query = {
        symbols: asked.join(','),
        types: ACTION_TYPES,
        start: addDays(from, -PROCESSED_DAYS_BEFORE),
        end: addDays(to, PROCESSED_DAYS_AFTER),
        limit: ACTIONS_PAGE,
        sort: 'asc',
      };
      const page = (page_token: string | undefined) =>
        this.http.get({ path: ACTIONS, query: { ...query, page_token }, answer: ActionsPage }, signal);
      for await (const rows of eachPage(this.http, ACTIONS, page)) {
        const wanted = rows.filter(({ date, symbol, newSymbol }) => {
          // A spin-off comes with the question for the share that was spun off, too, and is no action of that one.
          return date >= from && date <= to && (asked.includes(symbol) || (newSymbol && asked.includes(newSymbol)));
        });
        if (wanted.length > 0) yield wanted;
      }
    }
  }

  #requireAsked(asked: readonly string[], rows: readonly RawBar[]): void {
    const strange = rows.find(({ symbol }) => !asked.includes(symbol!));
    if (strange) throw this.http.speaksOtherwise(BARS, `has bars of ${strange.symbol}, which was not asked for`);
  }
}

function* chunks(symbols: readonly string[]): Generator<readonly string[]> {
  const once = [...new Set(symbols)];
  for (let from = 0; from < once.length; from += SYMBOLS_MAX) yield once.slice(from, from + SYMBOLS_MAX);
}
