import { canonicalJson, type Instant, type SessionDate } from '@ballast/contracts';

/**
 * What a fact is about, and what names it within (source, kind):
 * - `flow`: category and day, `FII/2026-07-03`;
 * - `deal`: kind of deal, day, symbol, side and client, because exchanges give deals no number;
 * - `filing`: of the SEC its form, issuer, period and the hash of the document, which is never changed once filed; of NSE
 *   its number of the disclosure with the person and the transaction;
 * - `meeting`: symbol, day of the meeting and moment of the announcement;
 * - `headline`: its address, or symbol, moment and hash of the words; of a search the symbol and the hash of the address;
 * - `macro`: series, day and first day of the vintage (`current` where that is not known);
 * - `text`: the publisher's own id, or the address, or the hash of the title;
 * - `option_chain`: underlying, expiry and moment of the chain;
 * - `holiday`: segment and day.
 */
export const FACT_KINDS = [
  ...(['flow', 'deal', 'filing', 'meeting', 'headline', 'macro', 'text', 'option_chain', 'holiday'] as const),
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** Something that a source says of the world, before it is known whether that is news. */
export interface MarketFact {
  readonly kind: FactKind;
  readonly naturalKey: string;
  readonly source: string;
  /** The exchange or the country. */
  readonly market: string;
  /** The listed name, or the series; null where it is about none or several. */
  readonly symbol: string | null;
  /** The day that it is about. */
  readonly date: SessionDate;
  readonly publishedAt: Instant | null;
  /** What is said: plain JSON, decimals as text, null for what is unknown. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** A fact that was taken in, as it is kept. */
export interface FactRevision extends MarketFact {
  readonly revision: number;
  readonly knownAt: Instant;
  readonly synthetic: boolean;
  /** The members of the content that differ from the revision before, in order; empty for the first. */
  readonly changed: readonly string[];
}

/** The part of the last revision that a new telling is compared with. */
export interface KnownFact {
  readonly naturalKey: string;
  readonly revision: number;
  readonly content: Readonly<Record<string, unknown>>;
}

/** What becomes of a list of facts. */
export interface Revised {
  /** New facts and new revisions, in the order in which they were told. */
  readonly taken: readonly FactRevision[];
  readonly added: number;
  readonly revised: number;
  /** Facts that say what is known. */
  readonly unchanged: number;
}

/**
 * Compares facts with what is known of them. The same content again is nothing; other content under the same key is the
 * next revision, which says what changed and leaves the earlier ones as they are.
 * @param facts of one source and kind, each key once.
 * @param known the last revision of each of these keys that has one.
 */
export function revise(
  facts: readonly MarketFact[],
  known: readonly KnownFact[],
  knownAt: Instant,
  synthetic: boolean,
): Revised {
  const last = new Map(known.map((each) => [each.naturalKey, each]));
  const taken: FactRevision[] = [];
  let revised = 0;
  for (const fact of facts) {
    const before = last.get(fact.naturalKey);
    const changed = before === undefined ? [] : changesOf(before.content, fact.content);
    if (before !== undefined && changed.length === 0) continue;
    if (before !== undefined) revised += 1;
    taken.push({ ...fact, revision: (before?.revision ?? 0) + 1, knownAt, synthetic, changed });
  }
  return { taken, added: taken.length - revised, revised, unchanged: facts.length - taken.length };
}

/** The members in which two contents differ, in order. */
function changesOf(before: MarketFact['content'], after: MarketFact['content']): string[] {
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return members.filter((name) => canonicalJson(before[name]) !== canonicalJson(after[name]));
}
