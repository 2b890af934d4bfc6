import { canonicalJson, sha256, uuid5, type AuditData } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { append, endOf, GENESIS, walk, type Head, type Link } from './audit-chain.js';

const START: Head = { sequence: 0, hash: GENESIS };

const entry = (n: number): AuditData => ({
  auditId: uuid5('entry', n),
  service: n % 2 === 0 ? 'allocator' : 'tax',
  act: 'plan.proposed',
  actor: 'allocator',
  cycleId: n % 3 === 0 ? null : uuid5('cycle', n),
  portfolioId: 'main',
  subject: `subject ${n}`,
  detail: { n },
  at: '2026-11-20T14:30:00.000Z',
});

function chain(length: number): Link[] {
  const links: Link[] = [];
  let head = START;
  for (let n = 1; n <= length; n += 1) {
    const link = append(head, entry(n));
    links.push(link);
    head = link;
  }
  return links;
}

/** What a verification says of rows as they are stored, and of the end that is kept beside them. */
function verify(links: readonly Link[], end: Head) {
  const { head, broken } = walk(START, links);
  return broken ?? endOf(head, end);
}

const sizes = fc.integer({ min: 1, max: 30 });
const place = (links: readonly Link[], pick: number): number => pick % links.length;

describe('the audit chain', () => {
  it('hashes each entry with the hash of the one before', () => {
    const [first, second] = chain(2);
    expect(first!.hash).toBe(sha256(GENESIS + canonicalJson(entry(1))));
    expect(second).toMatchObject({ sequence: 2, previousHash: first!.hash });
    expect(second!.hash).toBe(sha256(first!.hash + canonicalJson(entry(2))));
  });

  it('is right as it was written, in pieces of any size', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (length, pick) => {
        const links = chain(length);
        const cut = place(links, pick);
        const before = walk(START, links.slice(0, cut));
        const after = walk(before.head, links.slice(cut));
        expect(before.broken ?? after.broken ?? endOf(after.head, links.at(-1)!)).toBeNull();
      }),
    );
  });

  it('finds every edited field of every row at its place', () => {
    const edits: ((link: Link) => Link)[] = [
      (link) => ({ ...link, entry: { ...link.entry, actor: 'nobody' } }),
      (link) => ({ ...link, entry: { ...link.entry, detail: { n: -1 } } }),
      (link) => ({ ...link, hash: sha256('other') }),
      (link) => ({ ...link, previousHash: sha256('other') }),
      (link) => ({ ...link, service: 'feeds' }),
      (link) => ({ ...link, cycleId: uuid5('other') }),
    ];
    fc.assert(
      fc.property(sizes, fc.nat(), fc.constantFrom(...edits), (length, pick, edit) => {
        const links = chain(length);
        const at = place(links, pick);
        const broken = verify(
          links.map((link, i) => (i === at ? edit(link) : link)),
          links.at(-1)!,
        );
        expect(broken?.sequence).toBe(at + 1);
        expect(broken?.expected).not.toBe(broken?.found);
      }),
    );
  });

  it('finds a row that was taken out, at the end too, and rows that were exchanged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(), (length, pick) => {
        const links = chain(length);
        const at = place(links, pick);
        const without = links.filter((_, i) => i !== at);
        expect(verify(without, links.at(-1)!)?.sequence).toBe(at + 1);
        const exchanged = [...links].reverse();
        expect(verify(exchanged, links.at(-1)!)?.sequence).toBe(1);
      }),
    );
  });
});
