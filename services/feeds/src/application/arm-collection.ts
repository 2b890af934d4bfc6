import { wake, type Instant } from '@ballast/contracts';
import type { InboxContext } from '@ballast/platform';
import { nameOf, type DailyCollection } from '../domain/facts/daily.js';
import { CollectionDue } from '../messages-facts.js';
import { CollectionWatchEntity } from '../persistence/entities/collection-watch.entity.js';

/** Sets the timer by which something is collected next, and keeps which one it is. */
export async function armCollection(
  ctx: InboxContext<'feeds'>,
  { what, subject }: DailyCollection,
  dueAt: Instant,
): Promise<void> {
  await ctx.tx.upsert(CollectionWatchEntity, { what, subject: subject ?? '', dueAt }, ['what', 'subject']);
  ctx.later([wake(CollectionDue, nameOf({ what, subject }), { what, subject, dueAt }, dueAt)]);
}
