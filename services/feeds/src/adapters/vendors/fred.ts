import type { SessionDate } from '@ballast/contracts';
import { z } from 'zod';
import { eachPage, type Page } from './pages.js';
import type { Circuit } from '../http/source-http.js';
import { VendorHttp, type VendorSettings } from './vendor-http.js';
import { count, numberText } from './vendor-json.js';

/** A value of a series as it was known during a time. */
export interface MacroObservation {
  readonly series: string;
  /** The day, or the first day of the month or quarter, that the value is about. */
  readonly date: SessionDate;
  /** Decimal text in the units of the series; null where there is none for that date. */
  readonly value: string | null;
  /** The first and the last day on which this was the value known; 9999-12-31: it still is. */
  readonly realtimeStart: SessionDate;
  readonly realtimeEnd: SessionDate;
}

export interface MacroRequest {
  /** FRED's name of it, such as `CPIAUCSL`. */
  readonly series: string;
  /** What the values are about. */
  readonly from: SessionDate;
  readonly to: SessionDate;
  /** When they were known: a value that was revised in that time comes once for each of its vintages. */
  readonly knownFrom: SessionDate;
  readonly knownTo: SessionDate;
}

const PATH = '/fred/series/observations';
/** FRED's own bound of a page. */
const PAGE = 100_000;
/** How FRED writes that there is no value. */
const NO_VALUE = '.';

const Observation = z.object({
  date: z.iso.date(),
  value: z.union([z.literal(NO_VALUE).transform(() => null), numberText], 'a number, or "." for none'),
  realtime_start: z.iso.date(),
  realtime_end: z.iso.date(),
});

const Observations = z.object({ count, offset: count, observations: z.array(Observation) });

/**
 * FRED of the Federal Reserve Bank of St. Louis (https://fred.stlouisfed.org/docs/api/fred/series_observations.html). It takes
 * its key in the query only; `VendorHttp` shows no query to anybody.
 */
export class Fred {
  readonly name = 'fred';
  readonly #http: VendorHttp;

  constructor({ key, log, url, requestsPerMinute, patience }: VendorSettings) {
    this.#http = new VendorHttp({
      vendor: this.name,
      url,
      urlVariable: 'FEEDS_FRED_URL',
      keys: [{ variable: 'FEEDS_FRED_KEY', value: key, place: { query: 'api_key' } }],
      requestsPerMinute,
      log,
      ...(patience === undefined ? {} : { patience }),
    });
  }

  get circuit(): Circuit {
    return this.#http.circuit;
  }

  /**
   * The observations of a series with their vintages, page after page by date. A time of more
   * vintages than FRED gives at once is refused with its words (VENDOR_REFUSED); then ask for shorter ones.
   * @throws as `VendorHttp.get`; VENDOR_SPEAKS_OTHERWISE too where pages do not add up to what FRED counts.
   */
  async *observations(request: MacroRequest, signal: AbortSignal): AsyncGenerator<readonly MacroObservation[]> {
    const { series, from, to, knownFrom, knownTo } = request;
    const query = {
      series_id: series,
      file_type: 'json',
      observation_start: from,
      observation_end: to,
      realtime_start: knownFrom,
      realtime_end: knownTo,
      sort_order: 'asc',
      limit: String(PAGE),
    };
    yield* eachPage(this.#http, PATH, async (next): Promise<Page<MacroObservation>> => {
      const offset = Number(next ?? '0');
      const answer = await this.#http.get(
        { path: PATH, query: { ...query, offset: next }, answer: Observations },
        signal,
      );
      const read = offset + answer.observations.length;
      if (answer.offset !== offset || read > answer.count || (read < answer.count && read === offset)) {
        throw this.#http.speaksOtherwise(PATH, `counts ${answer.count} observations and ends at ${read}`);
      }
      const rows = answer.observations.map(({ date, value, realtime_start, realtime_end }) => {
        return { series, date, value, realtimeStart: realtime_start, realtimeEnd: realtime_end };
      });
      return { rows, next: read < answer.count ? String(read) : undefined };
    });
  }
}
