import { fact, PackAssessed } from '@ballast/contracts';
import type { InboxContext, PackStore } from '@ballast/platform';
import type { EntityManager } from 'typeorm';
import type { FeedsConfig } from '../config.js';
import { packHealth, type PackState } from '../domain/pack-health.js';
import { SourceQualityEntity } from '../persistence/entities/source-quality.entity.js';
import { currentSource, lastImport, lastSnapshot, runningImport } from '../persistence/queries.js';

/** What the health of the pack is told from. */
export interface PackGround {
  readonly config: FeedsConfig;
  readonly packs: PackStore;
  /** How far an import has come, 0 to 1; 0 where nothing is known. */
  readonly fractionOf: (importId: string) => number;
}

/** Reads what is known about prices at a moment. */
export async function loadPackState(
  manager: EntityManager,
  { config, packs, fractionOf }: PackGround,
  now: string,
): Promise<PackState> {
  const source = await currentSource(manager, config.FEEDS_SOURCE);
  const running = await runningImport(manager);
  const last = await lastImport(manager);
  const snapshot = await lastSnapshot(manager);
  const checked = source && (await manager.findOneBy(SourceQualityEntity, { source: source.source }));
  return {
    now,
    running: running && {
      source: running.source,
      startedAt: running.requestedAt,
      fraction: fractionOf(running.importId),
    },
    lastRefusal: last?.status === 'refused' ? { code: last.code!, reason: last.reason! } : null,
    source: source && { name: source.source, to: source.toDate },
    snapshot: snapshot && {
      pricingPackId: snapshot.pricingPackId,
      asOf: snapshot.asOf,
      packThere: await packs.has(snapshot.packId),
    },
    staleSessionsMax: config.FEEDS_STALE_SESSIONS_MAX,
    // What was compared before the last import says nothing of what it brought.
    reconciliation: checked && checked.importId === source.importId ? checked.totals.reconciliation : null,
  };
}

/** Says whether prices can be relied on now that something has happened to them. */
export async function sayPack(ctx: InboxContext<'feeds'>, ground: Omit<PackGround, 'fractionOf'>): Promise<void> {
  // How far a reading has come is nothing that may be decided by: it is not kept, and a replay would not know it.
  const state = await loadPackState(ctx.tx, { ...ground, fractionOf: () => 0 }, ctx.now);
  const { status, reason, estimated_ready: estimatedReady } = packHealth(state);
  const { reconciliation, source } = state;
  ctx.emit([
    fact(PackAssessed, {
      ...{ pack: 'current', source: source?.name ?? null, status, reason, estimatedReady, at: ctx.now },
      reconciliation: reconciliation && {
        ...{ against: reconciliation.against, status: reconciliation.status },
        ...{ compared: reconciliation.compared, differing: reconciliation.differing },
      },
    }),
  ]);
}
