import type { EntityManager } from 'typeorm';
import { decodeBars, encodeBars } from '../domain/bar-month.js';
import type { RestatedMonth } from '../domain/restatement.js';

/** Rows written at once. */
const CHUNK = 2_000;

interface RestatedRow {
  readonly symbol: string;
  readonly month: string;
  readonly days: number;
  readonly before: Buffer;
  readonly after: Buffer;
}

/** Keeps what an import restates, with the values that were known before it. */
export async function stageRestated(
  manager: EntityManager,
  importId: string,
  months: readonly RestatedMonth[],
): Promise<void> {
  for (let from = 0; from < months.length; from += CHUNK) {
    const chunk = months.slice(from, from + CHUNK);
    await manager.query(
      `insert into restated_month (import_id, symbol, month, days, before, after)
       select $1, * from unnest($2::text[], $3::date[], $4::integer[], $5::bytea[], $6::bytea[])`,
      [
        importId,
        chunk.map(({ symbol }) => symbol),
        chunk.map(({ month }) => month),
        chunk.map(({ days }) => days),
        chunk.map(({ before }) => encodeBars(before)),
        chunk.map(({ after }) => encodeBars(after)),
      ],
    );
  }
}

/** What an import restated, by symbol and month. */
export async function loadRestated(manager: EntityManager, importId: string): Promise<RestatedMonth[]> {
  const rows = await manager.query<RestatedRow[]>(
    `select symbol, month, days, before, after from restated_month where import_id = $1 order by symbol, month`,
    [importId],
  );
  return rows.map(({ symbol, month, days, before, after }) => ({
    ...{ symbol, month, days, before: decodeBars(before), after: decodeBars(after) },
  }));
}
