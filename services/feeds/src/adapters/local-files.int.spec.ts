import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256 } from '@ballast/contracts';
import { LocalFiles } from './local-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const files = new LocalFiles();
const TEXT = Array.from({ length: 50_000 }, (_, i) => `2017-06-30,S${i},Zürich\n`).join('');

const write = async (name: string, bytes: string | Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
};
const readAll = async (path: string) => {
  let all = '';
  let read = 0;
  for await (const { text, bytesRead } of files.read(path)) {
    all += text;
    read = bytesRead;
  }
  return { all, read };
};

describe('local files', () => {
  it('reads text, plain or packed, whatever the name says', async () => {
    const packed = gzipSync(TEXT);
    expect(await readAll(await write('plain.csv.gz', TEXT))).toEqual({ all: TEXT, read: Buffer.byteLength(TEXT) });
    expect(await readAll(await write('packed.csv', packed))).toEqual({ all: TEXT, read: packed.length });
    expect(await readAll(await write('empty.csv', ''))).toEqual({ all: '', read: 0 });
    expect(await readAll(await write('marked.csv', '\ufeffdate\n'))).toMatchObject({ all: 'date\n' });
  });

  it('names the bytes of a file', async () => {
    const path = await write('named.csv', TEXT);
    expect(await files.fingerprint(path)).toEqual({ sha256: sha256(TEXT), bytes: Buffer.byteLength(TEXT) });
  });

  it('tells what is wrong with a file', async () => {
    const packed = gzipSync(TEXT);
    const damaged = Buffer.from(packed);
    // The checksum at the end is what tells that something before it was changed.
    damaged[damaged.length - 6]! ^= 0xff;
    const cases: [string, string][] = [
      [join(folder, 'nowhere.csv'), 'FILE_NOT_FOUND'],
      [folder, 'FILE_NOT_READABLE'],
      [await write('cut.csv.gz', packed.subarray(0, packed.length - 500)), 'FILE_TRUNCATED'],
      [await write('damaged.csv.gz', damaged), 'FILE_CORRUPT'],
      [await write('latin1.csv', Buffer.from('Z\u00fcrich\n', 'latin1')), 'FILE_NOT_UTF8'],
    ];
    for (const [path, code] of cases) await expect(readAll(path)).rejects.toMatchObject({ code });
    await expect(files.fingerprint(join(folder, 'nowhere.csv'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(files.fingerprint(folder)).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
  });
});
