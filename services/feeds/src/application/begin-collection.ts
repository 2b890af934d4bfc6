import { perform, uuid5 } from '@ballast/contracts';
import type { InboxContext } from '@ballast/platform';
import { IsNull } from 'typeorm';
import { dateInIndia } from '../domain/facts/fields.js';
import { CollectFacts, type StartCollection } from '../messages-facts.js';
import { CollectionEntity } from '../persistence/entities/collection.entity.js';

/** The collection of the same that is under way; null where there is none. */
export const runningCollection = (
  { tx }: Pick<InboxContext<'feeds'>, 'tx'>,
  { what, subject }: Pick<StartCollection, 'what' | 'subject'>,
): Promise<CollectionEntity | null> =>
  tx.findOneBy(CollectionEntity, { what, subject: subject ?? IsNull(), status: 'running' });

/** Notes a collection down and asks for the reading. @param cause the id of the message that wants it. */
export async function beginCollection(
  ctx: InboxContext<'feeds'>,
  cause: string,
  order: StartCollection,
): Promise<{ readonly collectionId: string }> {
  const { what, source, date, subject, synthetic, path } = order;
  const collectionId = uuid5(cause, 'collection');
  await ctx.tx.insert(CollectionEntity, {
    ...{ collectionId, what, source, subject, date, synthetic, path, status: 'running', requestedAt: ctx.now },
    ...{ code: null, reason: null, nextStep: null, report: null, finishedAt: null },
  });
  ctx.later([perform(CollectFacts, collectionId, { ...order, collectionId, today: dateInIndia(ctx.now) })]);
  ctx.audit({ act: 'collection.requested', subject: collectionId, detail: order });
  return { collectionId };
}
