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
}

export const TEXT_FILES = Symbol('TEXT_FILES');

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
