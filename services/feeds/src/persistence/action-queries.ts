import type { EntityManager } from 'typeorm';
import type { SymbolAction } from '../domain/actions.js';

/** Rows written at once. */
const CHUNK = 5_000;

/** What is known now of the actions of a source with an ex-date from `from` to `to`, of the given symbols or of all. */
export async function loadActions(
  tx: EntityManager,
  source: string,
  from: string,
  to: string,
  symbols: readonly string[] | null = null,
): Promise<SymbolAction[]> {
  return tx.query<SymbolAction[]>(
    `select symbol, date, type, terms from corporate_action
      where source = $1 and superseded_at is null and date between $2 and $3 and ($4::text[] is null or symbol = any($4))
      order by symbol, date, type`,
    [source, from, to, symbols],
  );
}

/** Stages the actions of an import. */
export async function stageActions(
  manager: EntityManager,
  importId: string,
  actions: readonly SymbolAction[],
): Promise<void> {
  for (let from = 0; from < actions.length; from += CHUNK) {
    await manager.query(
      `insert into staged_action (import_id, symbol, date, type, terms)
       select $1, symbol, date, type, terms
         from jsonb_to_recordset($2) as told (symbol text, date date, type text, terms text[])`,
      [importId, JSON.stringify(actions.slice(from, from + CHUNK))],
    );
  }
}

/**
 * Makes the staged actions of an import known from `now` on. What was known otherwise of the same symbol, date and type is
 * kept with the moment up to which it was believed; what is told without its worth never replaces what is known with it.
 * @returns how many are new, and how many correct an earlier one.
 */
export async function takeOverActions(
  tx: EntityManager,
  importId: string,
  source: string,
  now: string,
): Promise<{ readonly added: number; readonly corrected: number }> {
  const [, corrected] = await tx.query<[unknown, number]>(
    `update corporate_action known set superseded_at = $3
       from staged_action told
      where told.import_id = $1 and known.source = $2 and known.superseded_at is null
        and known.terms <> told.terms and told.terms <> '{}'
        and (known.symbol, known.date, known.type) = (told.symbol, told.date, told.type)`,
    [importId, source, now],
  );
  const inserted = await tx.query<unknown[]>(
    `insert into corporate_action (source, symbol, date, type, terms, import_id, known_at)
     select $2, symbol, date, type, terms, $1, $3 from staged_action told
      where import_id = $1 and not exists (
        select from corporate_action known
         where known.source = $2 and known.superseded_at is null
           and (known.symbol, known.date, known.type) = (told.symbol, told.date, told.type))
     returning 1`,
    [importId, source, now],
  );
  return { added: inserted.length - corrected, corrected };
}
