import { uuid5 } from '@ballast/contracts';
import type { InboxContext } from '@ballast/platform';
import type { EntityManager } from 'typeorm';
import type { FactKind, FactRevision, KnownFact } from '../domain/facts/market-fact.js';

/** The last revision of each of some keys that has one. */
export async function lastRevisions(
  tx: EntityManager,
  source: string,
  kind: FactKind,
  naturalKeys: readonly string[],
): Promise<KnownFact[]> {
  return tx.query<KnownFact[]>(
    `select distinct on (natural_key) natural_key as "naturalKey", revision, content from market_fact
      where source = $1 and kind = $2 and natural_key = any($3) order by natural_key, revision desc`,
    [source, kind, naturalKeys],
  );
}

/** Whether the facts of a source were made up; null where it has none. They are never mixed, so that any of them tells. */
export async function isSynthetic(tx: EntityManager, source: string): Promise<boolean | null> {
  const [row] = await tx.query<{ synthetic: boolean }[]>(
    `select synthetic from market_fact where source = $1 limit 1`,
    [source],
  );
  return row?.synthetic ?? null;
}

/** Keeps revisions. */
export function insertFacts(ctx: Pick<InboxContext, 'insert'>, revisions: readonly FactRevision[]): void {
  ctx.insert(
    'market_fact',
    revisions.map(({ naturalKey, publishedAt, knownAt, kind, source, revision, ...rest }) => ({
      fact_id: uuid5('market-fact', source, kind, naturalKey, revision),
      ...{ natural_key: naturalKey, published_at: publishedAt, known_at: knownAt, kind, source, revision },
      ...rest,
    })),
  );
}

/** A fact as it is answered. */
export interface FactRow {
  readonly factId: string;
  readonly source: string;
  readonly kind: FactKind;
  readonly naturalKey: string;
  readonly revision: number;
  readonly market: string;
  readonly symbol: string | null;
  readonly date: string;
  readonly publishedAt: string | null;
  readonly knownAt: string;
  readonly synthetic: boolean;
  readonly content: Readonly<Record<string, unknown>>;
  readonly changed: readonly string[];
}

export interface FactQuery {
  readonly kind: FactKind;
  readonly source: string | null;
  readonly symbols: readonly string[] | null;
  readonly from: string | null;
  readonly to: string | null;
  /** Nothing that was taken in or published later is answered, and of each fact the revision that was the last then. */
  readonly knownAt: string;
  /** The day of that moment: of what is about a later day only meetings and holidays can be known. */
  readonly knownOn: string;
  /** The last fact of the page before. */
  readonly after: { readonly date: string; readonly factId: string } | null;
  readonly limit: number;
}

/** What of facts is wanted, of all pages. */
export type FactsWanted = Omit<FactQuery, 'after' | 'limit'>;

const WANTED = `kind = $1 and known_at <= $2 and (published_at is null or published_at <= $2)
        and (kind in ('meeting', 'holiday') or date <= $3::date)
        and ($4::text is null or source = $4) and ($5::text[] is null or symbol = any($5))
        and ($6::date is null or date >= $6) and ($7::date is null or date <= $7)`;

const valuesOf = ({ kind, knownAt, knownOn, source, symbols, from, to }: FactsWanted): unknown[] => [
  ...[kind, knownAt, knownOn, source, symbols, from, to],
];

/** Whose facts are wanted, and whether they were made up. */
export async function sourcesOfFacts(
  manager: EntityManager,
  wanted: FactsWanted,
): Promise<{ readonly source: string; readonly synthetic: boolean }[]> {
  return manager.query(
    `select distinct source, synthetic from market_fact where ${WANTED} order by source`,
    valuesOf(wanted),
  );
}

/**
 * Facts as they were known at a moment, by day. A book in simulated time can be given what its clock has not come to: that
 * is there, and not known yet.
 */
export async function factsKnownAt(manager: EntityManager, { after, limit, ...wanted }: FactQuery): Promise<FactRow[]> {
  return manager.query<FactRow[]>(
    `select fact_id as "factId", source, kind, natural_key as "naturalKey", revision, market, symbol, date,
            published_at as "publishedAt", known_at as "knownAt", synthetic, content, changed
       from market_fact fact
      where ${WANTED}
        and ($8::date is null or (date, fact_id) > ($8, $9::uuid))
        and not exists (
          select 1 from market_fact later
           where later.source = fact.source and later.kind = fact.kind and later.natural_key = fact.natural_key
             and later.revision = fact.revision + 1 and later.known_at <= $2
             and (later.published_at is null or later.published_at <= $2))
      order by date, fact_id limit $10`,
    [...valuesOf(wanted), after?.date ?? null, after?.factId ?? null, limit],
  );
}
