import type { SessionDate } from '@ballast/contracts';
import type { CalendarDay, CalendarMarket } from '../domain/calendar/day.js';

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

/** A vendor that knows the sessions of a market. */
export interface CalendarSource {
  readonly market: CalendarMarket;
  /** Who says so; names the rights to it. */
  readonly name: string;
  /**
   * What the vendor says of the days from one to another, in order; days that its list does not reach are left out.
   * @throws Retryable VENDOR_AWAY where it did not answer; ImportRefused VENDOR_REFUSED, VENDOR_SPEAKS_OTHERWISE where
   *   asking again cannot help.
   */
  days(from: SessionDate, until: SessionDate): Promise<readonly CalendarDay[]>;
}

/** The vendors of calendars that are configured, one a market at the most. */
export const CALENDAR_SOURCES = Symbol('CALENDAR_SOURCES');
