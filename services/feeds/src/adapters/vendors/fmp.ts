import type { SessionDate } from '@ballast/contracts';
import { addDays } from '@ballast/kernel/calendar';
import { z } from 'zod';
import type { ToldReport, ToldSector } from '../../domain/reference/vendor-facts.js';
import type { Circuit } from '../http/source-http.js';
import type { ReferenceVendor } from '../vendor-ports.js';
import { VendorHttp, type VendorSettings } from './vendor-http.js';

const CALENDAR = '/stable/earnings-calendar';
const PROFILE = '/stable/profile';
/** The most rows of one answer, as its documentation says; with as many it must be taken for cut off. */
const ROWS_MAX = 4_000;

const TIMES: Readonly<Record<string, ToldReport['time']>> = { bmo: 'before_open', amc: 'after_close' };

const textIfAny = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || null);

/** The stable API does not say the time of day; version 3 did. */
const Report = z.object({ symbol: z.string().min(1), date: z.iso.date(), time: z.string().nullish() });

const Profiles = z.array(z.object({ symbol: z.string().min(1), sector: textIfAny, industry: textIfAny }));

/**
 * Financial Modeling Prep (https://site.financialmodelingprep.com/developer/docs): the calendar of reports, and sectors in its
 * own words, which are not those of GICS.
 */
export class Fmp implements ReferenceVendor {
  readonly name = 'fmp';
  readonly #http: VendorHttp;

  constructor({ key, log, url, requestsPerMinute, patience }: VendorSettings) {
    this.#http = new VendorHttp({
      vendor: this.name,
      url,
      urlVariable: 'FEEDS_FMP_URL',
      keys: [{ variable: 'FEEDS_FMP_KEY', value: key, place: { header: 'apikey' } }],
      requestsPerMinute,
      log,
      ...(patience === undefined ? {} : { patience }),
    });
  }

  get circuit(): Circuit {
    return this.#http.circuit;
  }

  /**
   * As the port says, of companies that are listed in the US. One call a day, because the answer to a longer range is cut off
   * without a word.
   * @throws as `VendorHttp.get`; VENDOR_SPEAKS_OTHERWISE too where a day is cut off.
   */
  async *reports(
    { from, to }: { readonly from: SessionDate; readonly to: SessionDate },
    signal: AbortSignal,
  ): AsyncGenerator<readonly ToldReport[]> {
    for (let day = from; day <= to; day = addDays(day, 1)) {
      const query = { from: day, to: day };
      const rows = await this.#http.get({ path: CALENDAR, query, answer: z.array(Report) }, signal);
      if (rows.length >= ROWS_MAX) {
        throw this.#http.speaksOtherwise(CALENDAR, `has ${rows.length} rows for ${day} and may be cut off`);
      }
      const strange = rows.find(({ date }) => date !== day);
      if (strange) throw this.#http.speaksOtherwise(CALENDAR, `is about ${strange.date}, not about ${day}`);
      const reports = rows.filter(({ symbol }) => isOfUs(symbol)).map(reportOf);
      if (reports.length > 0) yield reports;
    }
  }

  async sector(symbol: string, signal: AbortSignal): Promise<ToldSector | null> {
    const query = { symbol: spelledThere(symbol) };
    const profiles = await this.#http.get({ path: PROFILE, query, answer: Profiles }, signal);
    const [profile] = profiles;
    if (profile === undefined) return null;
    if (profile.symbol !== query.symbol || profiles.length > 1) {
      throw this.#http.speaksOtherwise(PROFILE, `is about ${profiles.map((each) => each.symbol).join(', ')}`);
    }
    const { sector, industry } = profile;
    return sector === null ? null : { symbol, sector, industry };
  }
}

const reportOf = ({ symbol, date, time }: z.output<typeof Report>): ToldReport => ({
  ...{ symbol: spelledHere(symbol), date },
  time: TIMES[time ?? ''] ?? 'unknown',
});

/** FMP writes the exchange after a point where it is not one of the US, such as TCS.NS. */
const isOfUs = (symbol: string): boolean => !symbol.includes('.');

/** A class of shares stands after a dash there and after a point here: BRK-B, BRK.B. */
const spelledHere = (symbol: string): string => symbol.replace('-', '.');
const spelledThere = (symbol: string): string => symbol.replace('.', '-');
