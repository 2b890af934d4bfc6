import type { EntityManager } from 'typeorm';
import type { SymbolAction } from '../domain/actions.js';
import { decodeBars, encodeBars, type SymbolBars } from '../domain/bar-month.js';
import type { ImportReport } from '../domain/collect-bars.js';

/** What a vendor gave for one group of symbols, checked row by row. */
export interface Fetched {
  readonly bars: readonly SymbolBars[];
  readonly actions: readonly SymbolAction[];
  readonly report: ImportReport;
}

/** A vendor may restate its history any day, so that what was fetched serves for a day and no longer. */
const KEPT = '1 day';

interface FetchedRow {
  readonly symbols: { symbol: string; dates: string[] }[];
  readonly bars: Buffer[];
  readonly actions: SymbolAction[];
  readonly report: ImportReport;
}

/** What was fetched under a key within the last day; null where nothing was. */
export async function loadFetched(manager: EntityManager, key: string, now: string): Promise<Fetched | null> {
  const [row] = await manager.query<FetchedRow[]>(
    `select symbols, bars, actions, report from fetched_group where key = $1 and fetched_at > $2::timestamptz - $3::interval`,
    [key, now, KEPT],
  );
  if (!row) return null;
  const bars = row.symbols.map(({ symbol, dates }, i) => ({ symbol, dates, values: decodeBars(row.bars[i]!) }));
  return { bars, actions: row.actions, report: row.report };
}

/** Keeps what was fetched, and forgets what is too old to serve. */
export async function keepFetched(
  manager: EntityManager,
  key: string,
  { bars, actions, report }: Fetched,
  now: string,
): Promise<void> {
  await manager.query(`delete from fetched_group where fetched_at <= $1::timestamptz - $2::interval`, [now, KEPT]);
  await manager.query(
    `insert into fetched_group (key, symbols, bars, actions, report, fetched_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (key) do update set symbols = excluded.symbols, bars = excluded.bars, actions = excluded.actions,
       report = excluded.report, fetched_at = excluded.fetched_at`,
    [
      key,
      JSON.stringify(bars.map(({ symbol, dates }) => ({ symbol, dates }))),
      bars.map(({ values }) => encodeBars(values)),
      JSON.stringify(actions),
      JSON.stringify(report),
      now,
    ],
  );
}
