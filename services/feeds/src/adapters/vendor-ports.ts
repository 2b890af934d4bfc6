import type { SessionDate } from '@ballast/contracts';
import type { RawBar } from '@ballast/kernel/data-quality';
import type { ToldReport, ToldSector } from '../domain/reference/vendor-facts.js';

/** Daily history that is asked of a vendor: symbols as the vendor spells them, both dates included. */
export interface HistoryRequest {
  readonly symbols: readonly string[];
  readonly from: SessionDate;
  readonly to: SessionDate;
}

/** A corporate action as a vendor announces it, under the ticker of its day. */
export interface VendorAction {
  readonly symbol: string;
  /** The ex-date. */
  readonly date: SessionDate;
  readonly type: 'split' | 'stock_dividend' | 'cash_dividend' | 'spinoff' | 'symbol_change';
  /** Shares after for each share before, as decimal text; of splits and stock dividends. */
  readonly ratio?: string;
  /** Money for each share held before, as decimal text; of cash dividends and spin-offs. */
  readonly amount?: string;
  /** The ticker from that date on; of a change of symbol. */
  readonly newSymbol?: string;
}

/**
 * A vendor of daily history. What it gives are prices and volumes as they were traded, never adjusted ones: an adjusted
 * history is another one after every split, and nobody could say what was known when.
 */
export interface HistoryVendor {
  readonly name: string;
  /**
   * The bars of a request, page after page, in any order; every number is text as the vendor wrote it. The bar of a session
   * that is not over is left out, because it would be another one when it is.
   * @throws Retryable VENDOR_AWAY where the vendor did not answer in spite of retries, or its circuit is open;
   *   ImportRefused VENDOR_KEY_MISSING, VENDOR_REFUSED, VENDOR_SPEAKS_OTHERWISE where asking again cannot help.
   */
  dailyBars(request: HistoryRequest, signal: AbortSignal): AsyncIterable<readonly RawBar[]>;
  /** The corporate actions whose ex-date lies in the request. @throws as `dailyBars`. */
  corporateActions(request: HistoryRequest, signal: AbortSignal): AsyncIterable<readonly VendorAction[]>;
}

/** The vendors of daily history by name; one without a key is there, and says which setting it lacks when it is asked. */
export type HistoryVendors = ReadonlyMap<string, HistoryVendor>;

export const HISTORY_VENDORS = Symbol('HISTORY_VENDORS');

/** A vendor of reference facts; its tickers are spelled as ours. */
export interface ReferenceVendor {
  readonly name: string;
  /**
   * The reports of all companies from one date to another, both included, day by day; days without any are left out.
   * @throws as `HistoryVendor.dailyBars`.
   */
  reports(
    days: { readonly from: SessionDate; readonly to: SessionDate },
    signal: AbortSignal,
  ): AsyncIterable<readonly ToldReport[]>;
  /** The sector of a company; null where the vendor knows none. @throws as `HistoryVendor.dailyBars`. */
  sector(symbol: string, signal: AbortSignal): Promise<ToldSector | null>;
}

/** The vendors of reference facts by name. */
export type ReferenceVendors = ReadonlyMap<string, ReferenceVendor>;

export const REFERENCE_VENDORS = Symbol('REFERENCE_VENDORS');
