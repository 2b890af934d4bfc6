import { addDays } from '@ballast/kernel/calendar';
import { ImportRefused } from '../../domain/import-refused.js';
import type { FactRequest, FactSource } from '../ports.js';
import type { NseHttp } from './nse-http.js';

/** Without a date, what was published in so many days until today is asked for. */
const LOOK_BACK_DAYS = 7;
/** Without a date, meetings in so many days from today on are asked for. */
const LOOK_AHEAD_DAYS = 30;
/** Underlyings that are no shares. */
const INDICES: ReadonlySet<string> = new Set(['NIFTY', 'BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY', 'NIFTYNXT50']);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What NSE publishes: which address answers what. */
export class NseFacts implements FactSource {
  constructor(private readonly http: NseHttp) {}

  async fetch(request: FactRequest, signal: AbortSignal): Promise<string> {
    const get = (path: string, query: Readonly<Record<string, string>> = {}) => this.http.get(path, query, signal);
    const { what, today, date } = request;
    switch (what) {
      case 'nse-fii-dii':
        return get('/api/fiidiiTradeReact');
      case 'nse-holidays':
        return get('/api/holiday-master', { type: 'trading' });
      case 'nse-bulk-deals':
      case 'nse-block-deals': {
        const optionType = what === 'nse-bulk-deals' ? 'bulk_deals' : 'block_deals';
        // As JSON the list is cut at seventy rows without a word; as CSV it is whole.
        return get('/api/historicalOR/bulk-block-short-deals', {
          optionType,
          ...back(date, today, 'from', 'to'),
          csv: 'true',
        });
      }
      case 'nse-pit':
        return get('/api/corporates-pit', { index: 'equities', ...back(date, today, 'from_date', 'to_date') });
      case 'nse-sast':
        return get('/api/corporate-sast-reg29', { index: 'equities', ...back(date, today, 'from_date', 'to_date') });
      case 'nse-board-meetings': {
        const to_date = numbers(date ?? addDays(today, LOOK_AHEAD_DAYS));
        return get('/api/corporate-board-meetings', { index: 'equities', from_date: numbers(date ?? today), to_date });
      }
      case 'nse-option-chain':
        return this.#optionChain(request, get);
      default:
        throw new ImportRefused('NOT_FETCHED', `NSE does not publish ${what}`, 'Bring the file by hand.');
    }
  }

  async #optionChain(
    { subject, date, today }: FactRequest,
    get: (path: string, query: Readonly<Record<string, string>>) => Promise<string>,
  ): Promise<string> {
    const symbol = (subject ?? '').toUpperCase();
    const expiries = expiriesOf(await get('/api/option-chain-contract-info', { symbol }));
    // NSE lists them in order; ISO dates are compared as text.
    const expiry = date === null ? expiries.find((each) => each >= today) : expiries.find((each) => each === date);
    if (expiry === undefined) {
      throw new ImportRefused(
        'NO_EXPIRY',
        `${symbol} has no options that expire ${date === null ? `after ${today}` : `on ${date}`}; it has ${expiries.join(', ') || 'none'}`,
        'Ask with one of these days as "date", or check the symbol.',
      );
    }
    const type = INDICES.has(symbol) ? 'Indices' : 'Equity';
    return get('/api/option-chain-v3', { type, symbol, expiry: named(expiry) });
  }
}

/** One day, or the days until today. */
const back = (date: string | null, today: string, from: string, to: string): Record<string, string> => ({
  [from]: numbers(date ?? addDays(today, -LOOK_BACK_DAYS)),
  [to]: numbers(date ?? today),
});

/** `2026-11-20` as `20-11-2026`. */
const numbers = (date: string): string => date.split('-').reverse().join('-');

/** `2026-11-20` as `20-Nov-2026`. */
function named(date: string): string {
  const [year, month, day] = date.split('-') as [string, string, string];
  return `${day}-${MONTHS[Number(month) - 1]}-${year}`;
}

/** The expiries of an answer as ISO dates, the earliest first; none where it is something else. */
function expiriesOf(text: string): string[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // No list of expiries is to be had from it; the caller says so with the symbol.
    answer = null;
  }
  const list = typeof answer === 'object' && answer !== null && 'expiryDates' in answer ? answer.expiryDates : [];
  return (Array.isArray(list) ? list : [])
    .flatMap((each) => {
      const [, day, month, year] = /^(\d{2})-([A-Za-z]{3})-(\d{4})$/.exec(String(each)) ?? [];
      const at = MONTHS.findIndex((name) => name.toLowerCase() === month?.toLowerCase());
      return at === -1 ? [] : [`${year}-${String(at + 1).padStart(2, '0')}-${day}`];
    })
    .sort();
}
