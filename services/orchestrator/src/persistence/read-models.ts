import type { DataSource } from 'typeorm';
import type { Action } from '../domain/decisions.js';
import type { Status } from '../domain/cycle.js';
import { CycleMetaEntity } from './entities/cycle-meta.entity.js';
import { DecisionEntity } from './entities/decision.entity.js';

/** Rows of a list, and where its next page begins; null on the last one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Cuts one row more than a page has to a page. `cursor` names a row. */
function pageOf<T>(rows: readonly T[], limit: number, cursor: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? cursor(items.at(-1)!) : null };
}

export interface CycleQuery {
  readonly book?: string | undefined;
  readonly status?: Status | undefined;
  /** The id of the last cycle of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Cycles, the newest first. */
export async function listCycles(dataSource: DataSource, query: CycleQuery): Promise<Page<CycleMetaEntity>> {
  const { book, status, after, limit } = query;
  const select = dataSource.manager.createQueryBuilder(CycleMetaEntity, 'cycle');
  if (book !== undefined) select.andWhere('cycle.portfolio_id = :book', { book });
  if (status !== undefined) select.andWhere('cycle.status = :status', { status });
  if (after !== undefined) {
    select.andWhere(
      '(cycle.opened_at, cycle.cycle_id) < (select opened_at, cycle_id from cycle_meta where cycle_id = :after)',
      { after },
    );
  }
  const rows = await select
    .orderBy('cycle.openedAt', 'DESC')
    .addOrderBy('cycle.cycleId', 'DESC')
    .limit(limit + 1)
    .getMany();
  return pageOf(rows, limit, ({ cycleId }) => cycleId);
}

/** A cycle with all that is kept of it, its universe too. */
export const findWholeCycle = (dataSource: DataSource, cycleId: string): Promise<CycleMetaEntity | null> =>
  dataSource.manager
    .createQueryBuilder(CycleMetaEntity, 'cycle')
    .addSelect('cycle.universe')
    .where('cycle.cycle_id = :cycleId', { cycleId })
    .getOne();

export interface DecisionQuery {
  readonly action?: Action | undefined;
  /** The last symbol of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** The decisions of a cycle, by symbol. */
export async function listDecisions(
  dataSource: DataSource,
  cycleId: string,
  { action, after, limit }: DecisionQuery,
): Promise<Page<DecisionEntity>> {
  const select = dataSource.manager
    .createQueryBuilder(DecisionEntity, 'decision')
    .where('decision.cycle_id = :cycleId', { cycleId });
  if (action !== undefined) select.andWhere('decision.action = :action', { action });
  if (after !== undefined) select.andWhere('decision.symbol > :after', { after });
  const rows = await select
    .orderBy('decision.symbol')
    .limit(limit + 1)
    .getMany();
  return pageOf(rows, limit, ({ symbol }) => symbol);
}
