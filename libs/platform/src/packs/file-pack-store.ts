import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '@ballast/contracts';
import { Fault } from '../errors.js';
import type { PackStore, PackVerdict, StoredPack } from './pack-store.js';

const HASH = /^[0-9a-f]{64}$/;
const FILE = /^([0-9a-f]{64})\.(arrow|json)$/;
const ARROW_MAGIC = Buffer.from('ARROW1');
const KINDS = ['arrow', 'json'] as const;

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

/**
 * A pack store in a folder: `<first two digits>/<hash>.arrow` or `.json`, read-only
 * files. A file is written under another name, synced and renamed, so that a crash
 * leaves either all of it or nothing under its hash.
 */
export class FilePackStore implements PackStore {
  constructor(private readonly folder: string) {}

  async put(bytes: Uint8Array): Promise<string> {
    const hash = sha256(bytes);
    // A file that somebody changed is replaced by the right bytes, which are at hand here.
    if ((await this.verify(hash)).state === 'ok') return hash;
    const kind = ARROW_MAGIC.equals(bytes.subarray(0, ARROW_MAGIC.length)) ? 'arrow' : 'json';
    const file = this.#file(hash, kind);
    const created = await mkdir(dirname(file), { recursive: true });
    // A random name, because in containers every process has the same id, also after a crash.
    const temporary = join(dirname(file), `.${hash}.${randomUUID()}.tmp`);
    try {
      await writeSynced(temporary, bytes);
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(dirname(file));
    if (created !== undefined) await syncFolder(this.folder);
    return hash;
  }

  async get(hash: string): Promise<Uint8Array> {
    const found = await this.#read(hash);
    if (found === null) {
      throw new Fault(
        'PACK_MISSING',
        `there is no pack ${hash} in ${this.folder}; import the data again, or copy the file from where it was made`,
      );
    }
    const actual = sha256(found.bytes);
    if (actual === hash) return found.bytes;
    throw new Fault(
      'PACK_CORRUPT',
      `the pack file ${found.file} was changed: expected ${hash}, found ${actual}; restore it from a copy or import the data again`,
    );
  }

  async has(hash: string): Promise<boolean> {
    return (await this.find(hash)) !== null;
  }

  async find(hash: string): Promise<StoredPack | null> {
    checkHash(hash);
    for (const kind of KINDS) {
      const there = await stat(this.#file(hash, kind)).catch(nullIfMissing);
      if (there !== null) return { hash, kind, bytes: there.size };
    }
    return null;
  }

  async verify(hash: string): Promise<PackVerdict> {
    const found = await this.#read(hash);
    if (found === null) return { state: 'missing' };
    const actual = sha256(found.bytes);
    return actual === hash ? { state: 'ok' } : { state: 'corrupt', expected: hash, found: actual };
  }

  async list(): Promise<readonly StoredPack[]> {
    const folders = (await readdir(this.folder).catch(nullIfMissing)) ?? [];
    const packs: StoredPack[] = [];
    for (const folder of folders.filter((name) => /^[0-9a-f]{2}$/.test(name))) {
      for (const name of await readdir(join(this.folder, folder))) {
        const [, hash, kind] = FILE.exec(name) ?? [];
        if (hash === undefined || (kind !== 'arrow' && kind !== 'json')) continue;
        packs.push({ hash, kind, bytes: (await stat(join(this.folder, folder, name))).size });
      }
    }
    return packs.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  }

  #file(hash: string, kind: StoredPack['kind']): string {
    return join(this.folder, hash.slice(0, 2), `${hash}.${kind}`);
  }

  async #read(hash: string): Promise<{ bytes: Uint8Array; file: string } | null> {
    checkHash(hash);
    for (const kind of KINDS) {
      const file = this.#file(hash, kind);
      const bytes = await readFile(file).catch(nullIfMissing);
      if (bytes !== null) return { bytes, file };
    }
    return null;
  }
}

/** A hash becomes part of a path, so nothing else may pass. */
function checkHash(hash: string): void {
  if (HASH.test(hash)) return;
  throw new Fault(
    'PACK_HASH_INVALID',
    `"${hash}" is not the name of a pack: expected 64 lower-case hexadecimal digits`,
  );
}

function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o444);
  try {
    await handle.writeFile(bytes);
    // The process's umask may have taken rights away; the mode is part of what the store promises.
    await handle.chmod(0o444);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is safe from a power loss only once its folder is synced; some platforms cannot open a folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle: FileHandle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
