/** What a store says about one of its files. */
export type PackVerdict =
  | { readonly state: 'ok' }
  | { readonly state: 'missing' }
  | { readonly state: 'corrupt'; readonly expected: string; readonly found: string };

/** One entry of a store. */
export interface StoredPack {
  readonly hash: string;
  /** Arrow IPC files are packs; JSON files are lists too long for an event. */
  readonly kind: 'arrow' | 'json';
  readonly bytes: number;
}

/**
 * Keeps immutable bytes under their SHA-256 in lower-case hexadecimal. Whoever has the
 * hash has the only right content; every reading checks it.
 */
export interface PackStore {
  /** Stores bytes, once: the same bytes again change nothing. Resolves with their hash when they are safe on disk. */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws Fault PACK_MISSING, PACK_CORRUPT, PACK_HASH_INVALID. */
  get(hash: string): Promise<Uint8Array>;
  /** Tells whether there is something under the hash, without reading it. */
  has(hash: string): Promise<boolean>;
  /** What stands under the hash, without reading it; null where nothing does. @throws Fault PACK_HASH_INVALID. */
  find(hash: string): Promise<StoredPack | null>;
  /** Reads and hashes what is there. */
  verify(hash: string): Promise<PackVerdict>;
  /** Everything in the store, by hash. */
  list(): Promise<readonly StoredPack[]>;
}
