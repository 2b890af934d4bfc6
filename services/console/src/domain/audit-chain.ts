import { canonicalJson, sha256, type AuditData } from '@ballast/contracts';

/** What the first entry has in the place of a hash before it. */
export const GENESIS = '0'.repeat(64);

/** The end of the chain: how many entries there are, and the hash of the last. */
export interface Head {
  readonly sequence: number;
  readonly hash: string;
}

/** An entry in its place. `service` and `cycleId` stand beside the entry to be searched by. */
export interface Link {
  readonly sequence: number;
  readonly auditId: string;
  readonly previousHash: string;
  readonly hash: string;
  readonly service: string;
  readonly cycleId: string | null;
  readonly entry: AuditData;
}

/** SHA-256 over the hash before and the canonical JSON of the entry. */
export const linkHash = (previousHash: string, entry: AuditData): string => sha256(previousHash + canonicalJson(entry));

/** Puts an entry behind the head. */
export function append(head: Head, entry: AuditData): Link {
  const { auditId, service, cycleId } = entry;
  const hash = linkHash(head.hash, entry);
  return { sequence: head.sequence + 1, auditId, previousHash: head.hash, hash, service, cycleId, entry };
}

/** Where a chain is broken, and by what. */
export interface Break {
  readonly sequence: number;
  readonly what: 'missing' | 'previous_hash' | 'entry' | 'columns' | 'head';
  readonly expected: string;
  readonly found: string;
}

/**
 * Walks a piece of the chain. In: the head before it, the links as they are stored, in order.
 * Out: the head behind it, or the first break.
 */
export function walk(before: Head, links: readonly Link[]): { readonly head: Head; readonly broken: Break | null } {
  let head = before;
  for (const link of links) {
    const broken = breakOf(head, link);
    if (broken) return { head, broken };
    head = { sequence: link.sequence, hash: link.hash };
  }
  return { head, broken: null };
}

function breakOf(head: Head, link: Link): Break | null {
  const sequence = head.sequence + 1;
  const wrong = (what: Break['what'], expected: string, found: string): Break => ({ sequence, what, expected, found });
  if (link.sequence !== sequence) return wrong('missing', `entry ${sequence}`, `entry ${link.sequence}`);
  if (link.previousHash !== head.hash) return wrong('previous_hash', head.hash, link.previousHash);
  const expected = linkHash(head.hash, link.entry);
  if (link.hash !== expected) return wrong('entry', expected, link.hash);
  const { auditId, service, cycleId } = link.entry;
  const [told, stored] = [
    canonicalJson([auditId, service, cycleId]),
    canonicalJson([link.auditId, link.service, link.cycleId]),
  ];
  return told === stored ? null : wrong('columns', told, stored);
}

/** Compares where the walk ended with where the chain should end: rows cut off at the end are found here. */
export function endOf(walked: Head, stored: Head): Break | null {
  if (walked.sequence === stored.sequence && walked.hash === stored.hash) return null;
  return {
    sequence: walked.sequence + 1,
    what: 'head',
    expected: `${stored.sequence} entries that end in ${stored.hash}`,
    found: `${walked.sequence} entries that end in ${walked.hash}`,
  };
}
