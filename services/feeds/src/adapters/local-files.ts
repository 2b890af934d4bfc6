import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf } from '@ballast/platform';
import { ImportRefused } from '../domain/import-refused.js';
import type { TextFiles, TextPiece } from './ports.js';

const PIECE_BYTES = 256 * 1024;

/** Files as the operating system has them. */
export class LocalFiles implements TextFiles {
  async fingerprint(path: string): Promise<{ sha256: string; bytes: number }> {
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
        hash.update(chunk as Buffer);
        bytes += (chunk as Buffer).length;
      }
    } catch (error) {
      throw refusalOf(path, error);
    }
    return { sha256: hash.digest('hex'), bytes };
  }

  async *read(path: string): AsyncIterable<TextPiece> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    try {
      const packed = await isGzip(path);
      const file = createReadStream(path, { highWaterMark: PIECE_BYTES });
      for await (const chunk of packed ? unpacked(file) : file) {
        yield { text: decoder.decode(chunk as Buffer, { stream: true }), bytesRead: file.bytesRead };
      }
      yield { text: decoder.decode(), bytesRead: file.bytesRead };
    } catch (error) {
      throw refusalOf(path, error);
    }
  }

  async list(path: string): Promise<readonly string[] | null> {
    try {
      if (!(await stat(path)).isDirectory()) return null;
      const names = (await readdir(path)).filter((name) => name.endsWith('.csv'));
      return names.sort().map((name) => join(path, name));
    } catch (error) {
      throw refusalOf(path, error);
    }
  }
}

/** The first two bytes tell; a name can be wrong. */
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** A pipe does not hand on its source's errors, and a file that cannot be read must not look like a short one. */
function unpacked(file: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

/** What a person is told about an error of the file system; an error that says nothing of the file is left as it is. */
export function refusalOf(path: string, error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return new ImportRefused(
        'FILE_NOT_FOUND',
        `there is no file ${path}`,
        'Give the full path of a file on this machine.',
      );
    case 'EACCES':
    case 'EPERM':
    case 'EISDIR':
      return new ImportRefused(
        'FILE_NOT_READABLE',
        `${path} cannot be read (${messageOf(error)})`,
        'Give a file that the user who runs Ballast may read.',
      );
    case 'Z_BUF_ERROR':
      return new ImportRefused(
        'FILE_TRUNCATED',
        `${path} ends in the middle of its gzip data`,
        'Copy or download the file again; nothing was taken.',
      );
    case 'Z_DATA_ERROR':
      return new ImportRefused(
        'FILE_CORRUPT',
        `${path} is damaged: ${messageOf(error)}`,
        'Copy or download the file again; nothing was taken.',
      );
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return new ImportRefused(
        'FILE_NOT_UTF8',
        `${path} is damaged or no text in UTF-8`,
        'Save the file as CSV in UTF-8.',
      );
    default:
      return error;
  }
}
