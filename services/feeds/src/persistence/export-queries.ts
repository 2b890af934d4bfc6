import type { EntityManager } from 'typeorm';
import type { Market, ReferenceFact, ReferenceKind } from '../domain/reference/fact.js';

/** Which facts an export holds; null where that does not matter. */
export interface WordsQuery {
  readonly kind: ReferenceKind;
  readonly market: Market;
  readonly source: string | null;
  readonly subjects: readonly string[] | null;
  /** Facts that touch the days from one to the other. */
  readonly from: string | null;
  readonly to: string | null;
  /** Facts of which the source said so by that day. */
  readonly knownOn: string | null;
}

const WANTED = `kind = $1 and market = $2 and ($3::text is null or source = $3) and ($4::text[] is null or subject = any($4))
        and ($5::date is null or valid_to is null or valid_to > $5) and ($6::date is null or valid_from <= $6)
        and ($7::date is null or known_from <= $7)`;

const valuesOf = ({ kind, market, source, subjects, from, to, knownOn }: WordsQuery): unknown[] => [
  ...[kind, market, source, subjects, from, to, knownOn],
];

/** The sources of the facts that an export would hold. */
export async function sourcesOfWords(manager: EntityManager, query: WordsQuery): Promise<string[]> {
  const rows = await manager.query<{ source: string }[]>(
    `select distinct source from reference_fact where ${WANTED} order by source`,
    valuesOf(query),
  );
  return rows.map(({ source }) => source);
}

/** The next `limit` facts after one, in the order of their subjects. */
export async function wordsAfter(
  manager: EntityManager,
  query: WordsQuery,
  after: ReferenceFact | null,
  limit: number,
): Promise<ReferenceFact[]> {
  const { subject = '', scope = '', validFrom = '0001-01-01', knownFrom = '0001-01-01', source = '' } = after ?? {};
  return manager.query(
    `select kind, market, subject, scope, valid_from as "validFrom", known_from as "knownFrom", source,
            valid_to as "validTo", value
       from reference_fact
      where ${WANTED} and (subject, scope, valid_from, known_from, source) > ($8, $9, $10, $11, $12)
      order by subject, scope, valid_from, known_from, source limit ${limit}`,
    [...valuesOf(query), subject, scope, validFrom, knownFrom, source],
  );
}
