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
