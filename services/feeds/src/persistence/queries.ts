import { IsNull, Not, type EntityManager } from 'typeorm';
import type { ImportAnswer } from '../messages.js';
import { HistoryImportEntity } from './entities/history-import.entity.js';
import { SnapshotEntity } from './entities/snapshot.entity.js';
import { SourceEntity } from './entities/source.entity.js';

/** The source that cycles read: the configured one, or the one imported last; null where there is none. */
export async function currentSource(
  manager: EntityManager,
  configured: string | undefined,
): Promise<SourceEntity | null> {
  if (configured !== undefined) return manager.findOneBy(SourceEntity, { source: configured });
  const [latest] = await manager.find(SourceEntity, { order: { turn: 'DESC' }, take: 1 });
  return latest ?? null;
}

/** The import that is under way; there is at most one. */
export const runningImport = (manager: EntityManager): Promise<HistoryImportEntity | null> =>
  manager.findOneBy(HistoryImportEntity, { status: 'running' });

/** The import that ended last. */
export async function lastImport(manager: EntityManager): Promise<HistoryImportEntity | null> {
  const [last] = await manager.find(HistoryImportEntity, {
    where: { turn: Not(IsNull()) },
    order: { turn: 'DESC' },
    take: 1,
  });
  return last ?? null;
}

/**
 * The import that brought this content into a source, where nothing was imported into it since: then the history says
 * all of it still, and reading it again would change nothing.
 */
export async function importOfContent(
  manager: EntityManager,
  source: string,
  contentHash: string,
): Promise<string | null> {
  const [last] = await manager.find(HistoryImportEntity, {
    where: { source, status: 'imported' },
    order: { turn: 'DESC' },
    take: 1,
  });
  return last?.contentHash === contentHash ? last.importId : null;
}

/** Where the imports of a history came from, each kind and vendor once; the vendor is null where there is none. */
export const originsOf = (manager: EntityManager, source: string): Promise<{ kind: string; vendor: string | null }[]> =>
  manager.query(
    `select distinct input ->> 'kind' as kind, input ->> 'vendor' as vendor
       from history_import where source = $1 and status = 'imported'`,
    [source],
  );

/** How an import ended. */
export type ImportEnd = Pick<HistoryImportEntity, 'status' | 'contentHash' | 'code' | 'reason'> & {
  readonly outcome: ImportAnswer | null;
};

/** Keeps how an import ended; returns its turn. */
export async function endImport(tx: EntityManager, importId: string, end: ImportEnd, now: string): Promise<number> {
  const turn = await nextTurn(tx);
  await tx.update(HistoryImportEntity, { importId }, { ...end, turn, finishedAt: now } as never);
  return turn;
}

async function nextTurn(tx: EntityManager): Promise<number> {
  const [row] = await tx.query<{ turn: number }[]>(`select coalesce(max(turn), 0) + 1 as turn from history_import`);
  return row!.turn;
}

/** What was sealed from the same inputs before. */
export async function snapshotOf(tx: EntityManager, inputsHash: string): Promise<SnapshotEntity | null> {
  const [known] = await tx.find(SnapshotEntity, { where: { inputsHash }, order: { sealedAt: 'DESC' }, take: 1 });
  return known ?? null;
}

/** The snapshot that was sealed last. */
export async function lastSnapshot(manager: EntityManager): Promise<SnapshotEntity | null> {
  const [last] = await manager.find(SnapshotEntity, {
    select: { cycleId: true, asOf: true, packId: true, pricingPackId: true },
    order: { sealedAt: 'DESC', cycleId: 'ASC' },
    take: 1,
  });
  return last ?? null;
}

/** The answer to an import that could not be handled and waits for a person; without it the import would run for ever. */
export async function parkedAnswer(
  manager: EntityManager,
  importId: string,
): Promise<{ readonly eventId: string; readonly error: string } | null> {
  const [row] = await manager.query<{ eventId: string; error: string }[]>(
    `select event_id as "eventId", error from dead_letter join inbox using (event_id)
      where inbox.key = $1 and inbox.state = 'parked' limit 1`,
    [importId],
  );
  return row ?? null;
}
