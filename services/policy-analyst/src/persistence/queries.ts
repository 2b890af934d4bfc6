import type { DataOf, Instant, TextReceived } from '@ballast/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import type { Opinion, Stance } from '../domain/stance.js';
import { OpinionEntity } from './entities/opinion.entity.js';

/** Keeps an opinion on a text. */
export async function insertOpinion(
  tx: EntityManager,
  text: DataOf<typeof TextReceived>,
  opinion: Opinion,
  now: Instant,
): Promise<void> {
  const { sourceId, textId, title, publishedAt } = text;
  await tx.insert(OpinionEntity, { sourceId, textId, title, ...opinion, publishedAt, recordedAt: now });
}

/** Whether a source's text was read before; vendors send the same text more than once. */
export const isKnown = (tx: EntityManager, sourceId: string, textId: string): Promise<boolean> =>
  tx.existsBy(OpinionEntity, { sourceId, textId });

export interface OpinionQuery {
  readonly source?: string | undefined;
  readonly stance?: Stance | undefined;
  /** The last opinion of the page before. */
  readonly after?: { readonly sourceId: string; readonly textId: string } | undefined;
  readonly limit: number;
}

/** Opinions, those on the latest texts first. */
export async function listOpinions(
  dataSource: DataSource,
  query: OpinionQuery,
): Promise<{ readonly items: readonly OpinionEntity[]; readonly next: string | null }> {
  const { source, stance, after, limit } = query;
  const select = dataSource.manager.createQueryBuilder(OpinionEntity, 'opinion');
  if (source !== undefined) select.andWhere('opinion.source_id = :source', { source });
  if (stance !== undefined) select.andWhere('opinion.stance = :stance', { stance });
  if (after !== undefined) {
    select.andWhere(
      `(opinion.published_at, opinion.source_id, opinion.text_id) <
       (select published_at, source_id, text_id from opinion where source_id = :sourceId and text_id = :textId)`,
      after,
    );
  }
  const rows = await select
    .orderBy('opinion.publishedAt', 'DESC')
    .addOrderBy('opinion.sourceId', 'DESC')
    .addOrderBy('opinion.textId', 'DESC')
    .limit(limit + 1)
    .getMany();
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last && rows.length > limit ? `${last.sourceId}/${last.textId}` : null };
}
