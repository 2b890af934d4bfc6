/** The market to make. */
export interface SyntheticMarketInput {
  readonly seed: string | number;
  /** How many names, at least 1. */
  readonly symbols: number;
  /** ISO date; the first session is this day or the next one the exchange is open. */
  readonly from: string;
  /** How many sessions, at least 1. */
  readonly sessions: number;
}

/** A daily bar: prices in whole cents, volume in whole shares, both on the share count of the first session. */
export interface SyntheticBar {
  readonly date: string;
  readonly symbol: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A split that took effect before the open of `date`: `ratio` new shares for an old one (0.1 = one for ten). */
export interface SyntheticSplit {
  readonly date: string;
  readonly symbol: string;
  readonly ratio: number;
}

export interface SyntheticMarket {
  /** By date, then by symbol number: a longer market begins with the bars of a shorter one. */
  readonly bars: SyntheticBar[];
  readonly sectors: { readonly symbol: string; readonly sector: string }[];
  /** By date, then by symbol number. */
  readonly splits: SyntheticSplit[];
}

/** The eleven sectors of the GICS scheme. */
export const SECTORS = [
  'Communication Services',
  'Consumer Discretionary',
  'Consumer Staples',
  'Energy',
  'Financials',
  'Health Care',
  'Industrials',
  'Information Technology',
  'Materials',
  'Real Estate',
  'Utilities',
] as const;
