import type { EntityManager } from 'typeorm';
import type { Market, ReferenceFact, ReferenceKind } from '../domain/reference/fact.js';
import { ReferenceImportEntity } from './entities/reference-import.entity.js';

/** Facts written at once: about a megabyte of JSON. */
const CHUNK = 5_000;

const COLUMNS = `kind, market, subject, scope, valid_from, known_from, source, valid_to, value`;
const MEMBERS = `kind, market, subject, scope, valid_from as "validFrom", known_from as "knownFrom", source,
                 valid_to as "validTo", value`;

/** Which facts are wanted; what is left out is not looked at. */
export interface FactsQuery {
  readonly kind: ReferenceKind;
  readonly market: Market;
  readonly subjects?: readonly string[];
  readonly scope?: string | undefined;
  /** Only facts that were known on that day. */
  readonly knownOn?: string;
  /** Only facts that began to hold by that day. */
  readonly until?: string;
  /** Only facts that begin to hold on that day or later. */
  readonly since?: string;
}

/** Facts in the order of their subjects. */
export async function loadFacts(manager: EntityManager, query: FactsQuery): Promise<ReferenceFact[]> {
  const { kind, market, subjects = null, scope = null, knownOn = null, until = null, since = null } = query;
  return manager.query(
    `select ${MEMBERS} from reference_fact
      where kind = $1 and market = $2 and ($3::text[] is null or subject = any($3)) and ($4::text is null or scope = $4)
        and ($5::date is null or known_from <= $5) and ($6::date is null or valid_from <= $6)
        and ($7::date is null or valid_from >= $7)
      order by subject, scope, valid_from, known_from, source`,
    [kind, market, subjects, scope, knownOn, until, since],
  );
}

/** The listings known on a day that tell whose some tickers were: of these tickers, and of all that their companies had. */
export async function loadListingsAround(
  manager: EntityManager,
  market: Market,
  symbols: readonly string[],
  knownOn: string,
): Promise<ReferenceFact[]> {
  return manager.query(
    `with company as (
       select distinct instrument_id from reference_fact
        where kind = 'listing' and market = $1 and subject = any($2) and known_from <= $3 and instrument_id is not null),
     ticker as (
       select distinct subject from reference_fact join company using (instrument_id)
        where kind = 'listing' and market = $1 and known_from <= $3)
     select ${MEMBERS} from reference_fact join ticker using (subject)
      where kind = 'listing' and market = $1 and known_from <= $3`,
    [market, symbols, knownOn],
  );
}

/** The first `limit` subjects after one that a kind has facts of, known on a day. */
export async function subjectsAfter(
  manager: EntityManager,
  { kind, market, scope = null, knownOn }: { kind: string; market: string; scope?: string | null; knownOn: string },
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await manager.query<{ subject: string }[]>(
    `select distinct subject from reference_fact
      where kind = $1 and market = $2 and subject > $3 and known_from <= $4 and ($5::text is null or scope = $5)
      order by subject limit ${limit}`,
    [kind, market, after, knownOn, scope],
  );
  return rows.map(({ subject }) => subject);
}

/** The import of reference facts that is under way; there is at most one. */
export const runningReferenceImport = (manager: EntityManager): Promise<ReferenceImportEntity | null> =>
  manager.findOneBy(ReferenceImportEntity, { status: 'running' });

/** Takes back whatever an import has staged. */
export async function clearStagedFacts(manager: EntityManager, importId: string): Promise<void> {
  await manager.query(`delete from staged_reference_fact where import_id = $1`, [importId]);
}

/** Stages facts in chunks, each in a transaction of its own, so that no transaction lasts. */
export async function stageFacts(
  manager: EntityManager,
  importId: string,
  facts: readonly ReferenceFact[],
): Promise<void> {
  for (let from = 0; from < facts.length; from += CHUNK) {
    const rows = facts.slice(from, from + CHUNK).map((fact) => ({
      ...{ kind: fact.kind, market: fact.market, subject: fact.subject, scope: fact.scope, source: fact.source },
      ...{ valid_from: fact.validFrom, known_from: fact.knownFrom, valid_to: fact.validTo, value: fact.value },
    }));
    await manager.query(
      `insert into staged_reference_fact (import_id, ${COLUMNS})
       select $1, ${COLUMNS} from json_populate_recordset(null::staged_reference_fact, $2)`,
      [importId, JSON.stringify(rows)],
    );
  }
}

/** Moves all that an import staged to the facts that are known. */
export async function moveStagedFacts(manager: EntityManager, importId: string): Promise<void> {
  await manager.query(
    `insert into reference_fact (${COLUMNS}, instrument_id, import_id)
     select ${COLUMNS}, case when kind = 'listing' then value ->> 'instrumentId' end, import_id
       from staged_reference_fact where import_id = $1`,
    [importId],
  );
  await clearStagedFacts(manager, importId);
}
