import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** What the first entry of a ledger names as the hash before it. */
export const GENESIS_HASH = '0'.repeat(64);

/** An entry as it is stored: its content, the hash of the entry before it, and its own. */
export interface ChainedEntry<E = unknown> {
  readonly previousHash: string;
  readonly entry: E;
  readonly hash: string;
}

export type ChainVerdict =
  | { readonly ok: true; /** Hash of the last entry: the commit of the ledger. */ readonly head: string }
  | {
      readonly ok: false;
      /** Index of the first entry that does not fit. */ readonly brokenAt: number;
      readonly expected: string;
      readonly found: string;
    };

/**
 * The hash of an entry that follows `previousHash`: lower-case hexadecimal SHA-256 over the canonical JSON of
 * `{entry, previousHash}`. A change to any entry changes the hash of every later one.
 * @throws KernelError NOT_CANONICAL when the entry holds something JSON cannot carry.
 */
export function ledgerEntryHash(previousHash: string, entry: unknown): string {
  return createHash('sha256').update(canonicalJson({ entry, previousHash })).digest('hex');
}

/**
 * Walks stored entries and recomputes every hash, from `start` (the hash before the first of them, so that a long ledger
 * can be verified in pieces). Says where the chain breaks first, with the hash that should stand there and the one found.
 */
export function verifyChain(entries: readonly ChainedEntry[], start = GENESIS_HASH): ChainVerdict {
  let head = start;
  for (const [index, { previousHash, entry, hash }] of entries.entries()) {
    if (previousHash !== head) return { ok: false, brokenAt: index, expected: head, found: previousHash };
    const expected = ledgerEntryHash(head, entry);
    if (hash !== expected) return { ok: false, brokenAt: index, expected, found: hash };
    head = hash;
  }
  return { ok: true, head };
}
