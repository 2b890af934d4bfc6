import type { EntityManager } from 'typeorm';
import type { SymbolQuality } from '../domain/source-quality.js';
import type { CheckAnswer } from '../messages.js';
import { HistoryImportEntity } from './entities/history-import.entity.js';
import { SourceQualityEntity } from './entities/source-quality.entity.js';

/** Keeps what a check found of some symbols; a check that is done again replaces what the one before it kept. */
export async function keepQuality(
  manager: EntityManager,
  importId: string,
  checked: readonly SymbolQuality[],
): Promise<void> {
  await manager.query(
    `insert into symbol_quality (import_id, symbol, score, rows, missing_sessions, findings)
     select $1, symbol, score, rows, "missingSessions", findings
       from jsonb_to_recordset($2)
         as checked (symbol text, score float8, rows integer, "missingSessions" integer, findings jsonb)
     on conflict (import_id, symbol) do update set score = excluded.score, rows = excluded.rows,
       missing_sessions = excluded.missing_sessions, findings = excluded.findings`,
    [importId, JSON.stringify(checked)],
  );
}

/**
 * Makes a check the one that holds of its source, and forgets the one before.
 * @returns false where a later import was checked already: then this check is forgotten.
 */
export async function takeOverQuality(
  tx: EntityManager,
  source: string,
  importId: string,
  totals: CheckAnswer,
  now: string,
): Promise<boolean> {
  const known = await tx.findOneBy(SourceQualityEntity, { source });
  const outdated = known !== null && (await turnOf(tx, known.importId)) > (await turnOf(tx, importId));
  const forgotten = outdated ? importId : known?.importId;
  if (forgotten !== undefined && (outdated || forgotten !== importId)) {
    await tx.query(`delete from symbol_quality where import_id = $1`, [forgotten]);
  }
  if (outdated) return false;
  await tx.upsert(SourceQualityEntity, { source, importId, totals, checkedAt: now } as never, ['source']);
  return true;
}

async function turnOf(tx: EntityManager, importId: string): Promise<number> {
  const { turn } = await tx.findOneByOrFail(HistoryImportEntity, { importId });
  return turn ?? 0;
}

/** What the last check found of the symbols of a source: the worst first, at most `limit`. */
export async function worstSymbols(manager: EntityManager, importId: string, limit: number): Promise<SymbolQuality[]> {
  return manager.query<SymbolQuality[]>(
    `select symbol, score, rows, missing_sessions as "missingSessions", findings
       from symbol_quality where import_id = $1 order by score, symbol limit $2`,
    [importId, limit],
  );
}
