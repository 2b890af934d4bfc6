import type { EntityManager } from 'typeorm';
import { datesOf, decodeBars, encodeBars, monthOf, type BarMonth } from '../domain/bar-month.js';
import type { SymbolSector } from '../domain/read-sectors.js';

/** Rows written at once: about four megabytes. */
const CHUNK = 2_000;

interface MonthRow {
  readonly symbol: string;
  readonly month: string;
  readonly days: number;
  readonly bars: Buffer;
}

/** The months of a source that overlap the dates from `from` to `to`, of the given symbols or of all. */
export async function loadMonths(
  tx: EntityManager,
  source: string,
  from: string,
  to: string,
  symbols: readonly string[] | null = null,
): Promise<BarMonth[]> {
  const rows = await tx.query<MonthRow[]>(
    `select symbol, month, days, bars from bar_month
      where source = $1 and month between $2 and $3 and ($4::text[] is null or symbol = any($4))`,
    [source, monthOf(from), monthOf(to), symbols],
  );
  return rows.map(({ symbol, month, days, bars }) => ({ symbol, month, days, bars: decodeBars(bars) }));
}

/** Which days of each month have a bar, of the first `limit` symbols after one, in order; of the given ones or of all. */
export async function loadDays(
  manager: EntityManager,
  source: string,
  after: string,
  limit: number,
  symbols: readonly string[] | null = null,
): Promise<{ symbol: string; months: { month: string; days: number }[] }[]> {
  return manager.query(
    `select symbol, json_agg(json_build_object('month', month, 'days', days) order by month) as months
       from bar_month where source = $1 and symbol > $2 and ($4::text[] is null or symbol = any($4))
      group by symbol order by symbol limit $3`,
    [source, after, limit, symbols],
  );
}

/** The first `limit` symbols of a source, in order. */
export async function symbolsOfHistory(manager: EntityManager, source: string, limit: number): Promise<string[]> {
  const rows = await manager.query<{ symbol: string }[]>(
    `select distinct symbol from bar_month where source = $1 order by symbol limit $2`,
    [source, limit],
  );
  return rows.map(({ symbol }) => symbol);
}

/** The last date up to `asOf` on which a source has a bar of any symbol; null where there is none. */
export async function lastBarDate(tx: EntityManager, source: string, asOf: string): Promise<string | null> {
  // The month of asOf may have bars after asOf only, and then the one before it holds the last.
  const rows = await tx.query<{ month: string; days: number }[]>(
    `select month, bit_or(days) as days from bar_month
      where source = $1 and month <= $2 group by month order by month desc limit 2`,
    [source, monthOf(asOf)],
  );
  const dates = rows.flatMap(({ month, days }) => datesOf(month, days)).filter((date) => date <= asOf);
  return dates.sort().at(-1) ?? null;
}

/** What a source holds: counts and the first and last date; null where it holds nothing. */
export async function measureSource(
  tx: EntityManager,
  source: string,
): Promise<{ symbols: number; rows: number; from: string; to: string } | null> {
  const months = await tx.query<{ month: string; days: number; rows: number }[]>(
    `select month, bit_or(days) as days, sum(bit_count(days::bit(32))) as rows
       from bar_month where source = $1 group by month order by month`,
    [source],
  );
  const [first, last] = [months[0], months.at(-1)];
  if (!first || !last) return null;
  const [{ symbols }] = await tx.query<[{ symbols: number }]>(
    `select count(distinct symbol) as symbols from bar_month where source = $1`,
    [source],
  );
  return {
    symbols,
    rows: months.reduce((sum, { rows }) => sum + Number(rows), 0),
    from: datesOf(first.month, first.days)[0]!,
    to: datesOf(last.month, last.days).at(-1)!,
  };
}

/** The sectors that a source tells, by symbol. */
export async function loadSectors(tx: EntityManager, source: string): Promise<Map<string, string>> {
  const rows = await tx.query<SymbolSector[]>(`select symbol, sector from sector where source = $1`, [source]);
  return new Map(rows.map(({ symbol, sector }) => [symbol, sector]));
}

/** Takes back whatever an import has staged. */
export async function clearStaged(tx: EntityManager, importId: string): Promise<void> {
  await tx.query(`delete from staged_month where import_id = $1`, [importId]);
  await tx.query(`delete from staged_sector where import_id = $1`, [importId]);
  await tx.query(`delete from staged_action where import_id = $1`, [importId]);
}

/** Takes back all of an import that was not taken over, what it would have restated too. */
export async function forgetImport(tx: EntityManager, importId: string): Promise<void> {
  await clearStaged(tx, importId);
  await tx.query(`delete from restated_month where import_id = $1`, [importId]);
}

/** Stages months in chunks, each in a transaction of its own, so that no transaction lasts. */
export async function stageMonths(
  manager: EntityManager,
  importId: string,
  months: readonly BarMonth[],
): Promise<void> {
  for (let from = 0; from < months.length; from += CHUNK) {
    const chunk = months.slice(from, from + CHUNK);
    await manager.query(
      `insert into staged_month (import_id, month, symbol, days, bars)
       select $1, * from unnest($2::date[], $3::text[], $4::integer[], $5::bytea[])`,
      [
        importId,
        chunk.map(({ month }) => month),
        chunk.map(({ symbol }) => symbol),
        chunk.map(({ days }) => days),
        chunk.map(({ bars }) => encodeBars(bars)),
      ],
    );
  }
}

/** Stages the sectors of an import. */
export async function stageSectors(
  manager: EntityManager,
  importId: string,
  sectors: readonly SymbolSector[],
): Promise<void> {
  if (sectors.length === 0) return;
  await manager.query(
    `insert into staged_sector (import_id, symbol, sector) select $1, * from unnest($2::text[], $3::text[])`,
    [importId, sectors.map(({ symbol }) => symbol), sectors.map(({ sector }) => sector)],
  );
}

/** Moves the bars and sectors that an import staged into the history. */
export async function moveStaged(tx: EntityManager, importId: string, source: string): Promise<void> {
  await tx.query(
    `insert into bar_month (source, month, symbol, days, bars)
     select $2, month, symbol, days, bars from staged_month where import_id = $1
     on conflict (source, month, symbol) do update set days = excluded.days, bars = excluded.bars`,
    [importId, source],
  );
  await tx.query(
    `insert into sector (source, symbol, sector)
     select $2, symbol, sector from staged_sector where import_id = $1
     on conflict (source, symbol) do update set sector = excluded.sector`,
    [importId, source],
  );
}
