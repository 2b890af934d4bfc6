import type { RawBar } from '@ballast/kernel/data-quality';
import type { SessionDate } from '@ballast/contracts';
import type { What } from '../domain/facts/catalog.js';
import type { CalendarDay, CalendarMarket } from '../domain/calendar/day.js';
import type { Observation } from '../domain/live/observation.js';

/** A piece of a file's text, and how many bytes of the file it took to get so far. */
export interface TextPiece {
  readonly text: string;
  readonly bytesRead: number;
}

/** Files on the machine that feeds runs on. */
export interface TextFiles {
  /**
   * The SHA-256 of a file's bytes, and their number.
   * @throws ImportRefused FILE_NOT_FOUND, FILE_NOT_READABLE.
   */
  fingerprint(path: string): Promise<{ readonly sha256: string; readonly bytes: number }>;
  /**
   * The text of a file in pieces; a gzip file is unpacked on the way, whatever its name.
   * @throws ImportRefused FILE_NOT_FOUND, FILE_NOT_READABLE, FILE_TRUNCATED, FILE_CORRUPT, FILE_NOT_UTF8.
   */
  read(path: string): AsyncIterable<TextPiece>;
  /**
   * The full paths of the files right in a folder whose names end in `.csv`, sorted; null where the path is no folder.
   * @throws ImportRefused FILE_NOT_FOUND, FILE_NOT_READABLE.
   */
  list(path: string): Promise<readonly string[] | null>;
}

export const TEXT_FILES = Symbol('TEXT_FILES');

/** Formats of tables with typed columns. */
export type TableFormat = 'parquet' | 'arrow';

/** Tables of daily bars on the machine that feeds runs on: the columns date, symbol, open, high, low, close, volume, others ignored. */
export interface TableFiles {
  /** What a file is, by its first bytes; null where it is neither. @throws ImportRefused FILE_NOT_FOUND, FILE_NOT_READABLE. */
  formatOf(path: string): Promise<TableFormat | null>;
  /**
   * The rows of a table in pieces, in the order of the file, as text; `done` is the part of the file that has been read, 0 to 1.
   * A number is written with as many digits as tell it from every other, so that a price of 172.61 stays 172.61.
   * @throws ImportRefused HEADER_INCOMPLETE, FILE_CORRUPT, as `formatOf`.
   */
  bars(path: string, format: TableFormat): AsyncIterable<{ readonly bars: readonly RawBar[]; readonly done: number }>;
}

export const TABLE_FILES = Symbol('TABLE_FILES');
/** What of a source is wanted; see `CollectFacts`. */
export interface FactRequest {
  readonly what: What;
  readonly date: SessionDate | null;
  readonly subject: string | null;
  readonly today: SessionDate;
}

/** Those who publish facts: exchanges, regulators, central banks, statisticians. */
export interface FactSource {
  /**
   * The words of a source, as they came.
   * @throws Retryable SOURCE_AWAY, SOURCE_BLOCKED, SOURCE_CIRCUIT_OPEN, VENDOR_AWAY where asking later may help; ImportRefused
   *   SOURCE_REFUSED, SOURCE_TOO_LARGE, SOURCE_NOT_TEXT, NO_EXPIRY, NOT_FETCHED, VENDOR_KEY_MISSING, VENDOR_REFUSED,
   *   VENDOR_SPEAKS_OTHERWISE, VINTAGE_CUT_OFF, SEC_CONTACT_MISSING, CIK_UNKNOWN, TOO_MANY_FILINGS where it cannot.
   */
  fetch(request: FactRequest, signal: AbortSignal): Promise<string>;
}

export const FACT_SOURCE = Symbol('FACT_SOURCE');
/** A vendor that knows the sessions of a market. */
export interface CalendarSource {
  readonly market: CalendarMarket;
  /** Who says so; names the rights to it. */
  readonly name: string;
  /**
   * What the vendor says of the days from one to another, in order; days that its list does not reach are left out.
   * @throws Retryable VENDOR_AWAY, SOURCE_AWAY, SOURCE_BLOCKED, SOURCE_CIRCUIT_OPEN where asking later may help;
   *   ImportRefused VENDOR_REFUSED, VENDOR_SPEAKS_OTHERWISE, SOURCE_REFUSED where it cannot.
   */
  days(from: SessionDate, until: SessionDate, signal: AbortSignal): Promise<readonly CalendarDay[]>;
}

/** The vendors of calendars that are configured, one a market at the most. */
export const CALENDAR_SOURCES = Symbol('CALENDAR_SOURCES');
/** How old a channel of the live source is at this moment; null where it never told anything. */
export interface ChannelSight {
  readonly symbol: string;
  readonly channel: string;
  readonly receiveAgeSeconds: number | null;
  readonly venueAgeSeconds: number | null;
  readonly received: number;
  readonly gaps: number;
}

/** What is seen of the live source at this moment, before anything is decided about it. */
export interface LiveView {
  /** Null while nobody listens. */
  sight(): LiveSight | null;
}

export interface LiveSight extends Pick<Observation, 'source' | 'connection' | 'counts' | 'losses'> {
  readonly channels: readonly ChannelSight[];
}

/** Injection token of the {@link LiveView}. */
export const LIVE_VIEW = Symbol('LIVE_VIEW');
