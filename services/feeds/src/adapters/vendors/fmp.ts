import type { SessionDate } from '@ballast/contracts';
import { addDays } from '@ballast/kernel/calendar';
import { z } from 'zod';
import type { Circuit } from '../http/source-http.js';
import { VendorHttp, type VendorSettings } from './vendor-http.js';
import { decimalTextIfAny } from './vendor-json.js';

/** When a company reports or has reported, as Financial Modeling Prep says. */
export interface EarningsDate {
  readonly symbol: string;
  readonly date: SessionDate;
  /** The stable API does not say it; the one before it did. */
  readonly session: 'before_open' | 'after_close' | 'unknown';
  /** Money a share, as decimal text; undefined where nobody has estimated. */
  readonly epsEstimate: string | undefined;
  /** Money a share, as decimal text; undefined before the report. */
  readonly epsActual: string | undefined;
  /** Money, as decimal text. */
  readonly revenueEstimate: string | undefined;
  readonly revenueActual: string | undefined;
  /** The day on which the vendor last changed this row: what was known before it may have been another date. */
  readonly updatedOn: SessionDate | undefined;
}

/** What a company does, in the vendor's own words (its sectors are not those of GICS). */
export interface SymbolProfile {
  readonly symbol: string;
  readonly sector: string | undefined;
  readonly industry: string | undefined;
}

const CALENDAR = '/stable/earnings-calendar';
const PROFILE = '/stable/profile';
/** The most rows of one answer, as its documentation says; with as many it must be taken for cut off. */
const ROWS_MAX = 4_000;

const SESSIONS: Readonly<Record<string, EarningsDate['session']>> = { bmo: 'before_open', amc: 'after_close' };

const textIfAny = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || undefined);
const dateIfAny = z.iso
  .date()
  .nullish()
  .transform((date) => date ?? undefined);

/** The names of the stable API and, where it has none, of version 3. */
const Earnings = z
  .object({
    symbol: z.string().min(1),
    date: z.iso.date(),
    time: z.string().nullish(),
    epsEstimated: decimalTextIfAny,
    epsActual: decimalTextIfAny,
    eps: decimalTextIfAny,
    revenueEstimated: decimalTextIfAny,
    revenueActual: decimalTextIfAny,
    revenue: decimalTextIfAny,
    lastUpdated: dateIfAny,
    updatedFromDate: dateIfAny,
  })
  .transform((row): EarningsDate => ({
    symbol: row.symbol,
    date: row.date,
    session: SESSIONS[row.time ?? ''] ?? 'unknown',
    epsEstimate: row.epsEstimated,
    epsActual: row.epsActual ?? row.eps,
    revenueEstimate: row.revenueEstimated,
    revenueActual: row.revenueActual ?? row.revenue,
    updatedOn: row.lastUpdated ?? row.updatedFromDate,
  }));

const Profiles = z.array(z.object({ symbol: z.string().min(1), sector: textIfAny, industry: textIfAny }));

/** Financial Modeling Prep (https://site.financialmodelingprep.com/developer/docs): the earnings calendar and sectors. */
export class Fmp {
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
   * The reports of all companies from one date to another, both included, day by day; days without any are left out.
   * One call a day, because the answer to a longer range is cut off without a word.
   * @throws as `VendorHttp.get`; VENDOR_SPEAKS_OTHERWISE too where a day is cut off.
   */
  async *earningsDates(
    { from, to }: { readonly from: SessionDate; readonly to: SessionDate },
    signal: AbortSignal,
  ): AsyncGenerator<readonly EarningsDate[]> {
    for (let day = from; day <= to; day = addDays(day, 1)) {
      const query = { from: day, to: day };
      const rows = await this.#http.get({ path: CALENDAR, query, answer: z.array(Earnings) }, signal);
      if (rows.length >= ROWS_MAX) {
        throw this.#http.speaksOtherwise(CALENDAR, `has ${rows.length} rows for ${day} and may be cut off`);
      }
      const strange = rows.find(({ date }) => date !== day);
      if (strange) throw this.#http.speaksOtherwise(CALENDAR, `is about ${strange.date}, not about ${day}`);
      if (rows.length > 0) yield rows;
    }
  }

  /** The sector of a symbol; null where the vendor does not know the symbol. @throws as `VendorHttp.get`. */
  async profile(symbol: string, signal: AbortSignal): Promise<SymbolProfile | null> {
    const profiles = await this.#http.get({ path: PROFILE, query: { symbol }, answer: Profiles }, signal);
    const [profile] = profiles;
    if (profile === undefined) return null;
    if (profile.symbol === symbol && profiles.length === 1) return profile;
    throw this.#http.speaksOtherwise(PROFILE, `is about ${profiles.map((each) => each.symbol).join(', ')}`);
  }
}
