import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { hashOf, ROWS_INLINE_BYTES_MAX, ROWS_INLINE_MAX, sha256 } from '@ballast/contracts';
import { FilePackStore } from './file-pack-store.js';
import { encodePack } from './pack.js';
import { PackCache } from './pack-cache.js';
import { packRows, unpackRows } from './rows.js';

let folder: string;
let store: FilePackStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-packs-'));
  store = new FilePackStore(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pack = (close: number) => {
  const series = () => Float64Array.of(close);
  return encodePack({
    symbols: ['AAPL'],
    dates: ['2017-06-30'],
    ...{ open: series(), high: series(), low: series(), close: series(), volume: series(), adjustment: series() },
    ...{ sector: [null], adv: [null], quality: [1], source: 'test', synthetic: true, asOf: '2017-06-30' },
  });
};
const fileOf = (hash: string, kind = 'arrow') => join(folder, hash.slice(0, 2), `${hash}.${kind}`);
const overwrite = async (file: string, text: string) => {
  await chmod(file, 0o644);
  await writeFile(file, text);
};

describe('FilePackStore', () => {
  it('keeps bytes under their hash in a read-only file, and gives them back', async () => {
    const bytes = pack(1);
    const hash = await store.put(bytes);
    expect(hash).toBe(sha256(bytes));
    expect(Buffer.from(await store.get(hash)).equals(bytes)).toBe(true);
    expect(await store.has(hash)).toBe(true);
    expect(await store.verify(hash)).toEqual({ state: 'ok' });
    expect((await stat(fileOf(hash))).mode & 0o777).toBe(0o444);
  });

  it('stores the same bytes once, also when many do it at the same time, and leaves nothing behind', async () => {
    const hashes = await Promise.all(Array.from({ length: 20 }, () => store.put(pack(1))));
    expect(new Set(hashes).size).toBe(1);
    expect(await readdir(join(folder, hashes[0]!.slice(0, 2)))).toEqual([`${hashes[0]}.arrow`]);
  });

  it('lists what it has, by hash, and nothing that a crash left half written', async () => {
    expect(await store.list()).toEqual([]);
    const arrow = await store.put(pack(1));
    const json = await store.put(Buffer.from('[1]'));
    await writeFile(join(folder, arrow.slice(0, 2), `.${arrow}.1.1.tmp`), 'half');
    expect(await store.list()).toEqual(
      [
        { hash: arrow, kind: 'arrow', bytes: pack(1).length },
        { hash: json, kind: 'json', bytes: 3 },
      ].sort((a, b) => (a.hash < b.hash ? -1 : 1)),
    );
  });

  it('finds an edited file, names it with both hashes, and puts it right when it gets the bytes again', async () => {
    const hash = await store.put(pack(1));
    await overwrite(fileOf(hash), 'edited');
    expect(await store.verify(hash)).toEqual({ state: 'corrupt', expected: hash, found: sha256('edited') });
    const refusal = store.get(hash);
    await expect(refusal).rejects.toMatchObject({ code: 'PACK_CORRUPT' });
    await expect(refusal).rejects.toThrow(fileOf(hash));
    await expect(refusal).rejects.toThrow(sha256('edited'));
    await store.put(pack(1));
    expect(await store.verify(hash)).toEqual({ state: 'ok' });
  });

  it('says what is missing, and takes nothing but a hash for a name', async () => {
    const hash = sha256('nothing');
    expect(await store.verify(hash)).toEqual({ state: 'missing' });
    expect(await store.has(hash)).toBe(false);
    await expect(store.get(hash)).rejects.toMatchObject({ code: 'PACK_MISSING' });
    for (const name of ['../../etc/passwd', '', 'A'.repeat(64)]) {
      await expect(store.get(name)).rejects.toMatchObject({ code: 'PACK_HASH_INVALID' });
      await expect(store.has(name)).rejects.toMatchObject({ code: 'PACK_HASH_INVALID' });
    }
  });
});

describe('PackCache', () => {
  it('reads a pack once, also for callers at the same time', async () => {
    const hash = await store.put(pack(7));
    const cache = new PackCache(store, 1_000_000);
    const [first, second] = await Promise.all([cache.get(hash), cache.get(hash)]);
    expect(second).toBe(first);
    await rm(fileOf(hash));
    expect(await cache.get(hash)).toBe(first);
    expect(first.close[0]).toBe(7);
  });

  it('lets go of the pack that was not used for longest', async () => {
    const hashes = await Promise.all([1, 2, 3].map((close) => store.put(pack(close))));
    const [a, b, c] = hashes as [string, string, string];
    const cache = new PackCache(store, pack(1).length * 2);
    const first = await cache.get(a);
    const second = await cache.get(b);
    await cache.get(a);
    await cache.get(c);
    expect(await cache.get(a)).toBe(first);
    expect(await cache.get(b)).not.toBe(second);
  });

  it('keeps no failure', async () => {
    const cache = new PackCache(store, 1_000_000);
    const hash = sha256(pack(9));
    await expect(cache.get(hash)).rejects.toMatchObject({ code: 'PACK_MISSING' });
    await store.put(pack(9));
    expect((await cache.get(hash)).close[0]).toBe(9);
  });
});

describe('rows', () => {
  const Row = z.object({ symbol: z.string(), quantity: z.string() });
  const rowsOf = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ symbol: `S${index}`, quantity: '1' }));

  it('ride inside up to the limit', async () => {
    const rows = rowsOf(ROWS_INLINE_MAX);
    const packed = await packRows(store, rows);
    expect(packed).toEqual({ count: ROWS_INLINE_MAX, hash: hashOf(rows), inline: rows });
    expect(await store.list()).toEqual([]);
    expect(await unpackRows(store, packed, Row)).toEqual(rows);
  });

  it('travel as a blob above it', async () => {
    const rows = rowsOf(ROWS_INLINE_MAX + 1);
    const packed = await packRows(store, rows);
    expect(packed).toEqual({ count: ROWS_INLINE_MAX + 1, hash: hashOf(rows) });
    expect(await unpackRows(store, packed, Row)).toEqual(rows);
  });

  it('travel as a blob where few rows are large, so that several lists fit one event', async () => {
    const rows = rowsOf(2).map((row) => ({ ...row, symbol: 'S'.repeat(ROWS_INLINE_BYTES_MAX / 2) }));
    expect(await packRows(store, rows)).toEqual({ count: 2, hash: hashOf(rows) });
  });

  it('are refused where they are missing, changed, of another count or of another shape', async () => {
    const packed = await packRows(store, rowsOf(ROWS_INLINE_MAX + 1));
    const small = await packRows(store, rowsOf(2));
    const refused = (
      rows: typeof packed,
      code: string,
      schema: z.ZodType<{ symbol: string; quantity: string }> = Row,
    ) => expect(unpackRows(store, rows, schema)).rejects.toMatchObject({ code });
    await refused({ count: 1, hash: sha256('gone') }, 'ROWS_MISSING');
    await refused({ ...packed, count: 5 }, 'ROWS_CORRUPT');
    await refused({ ...small, count: 3 }, 'ROWS_CORRUPT');
    await refused({ ...small, inline: rowsOf(3).slice(1) }, 'ROWS_CORRUPT');
    await refused(packed, 'ROWS_CORRUPT', Row.extend({ price: z.string() }));
    await overwrite(fileOf(packed.hash, 'json'), '[]');
    await refused(packed, 'ROWS_CORRUPT');
  });
});
