import type { Instant } from '@ballast/contracts';
import type { InboxContext } from '@ballast/platform';
import type { DailyWhat } from '../domain/facts/daily.js';
import { CollectionWatchEntity } from './entities/collection-watch.entity.js';

/** How a collection ended. */
export type CollectionEnd =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string; readonly nextStep: string };

/** Notes how a collection ended, where it is one that is looked after; whoever asked for it. */
export async function noteEnd(
  { tx, now }: Pick<InboxContext<'feeds'>, 'tx' | 'now'>,
  what: DailyWhat,
  subject: string | null,
  end: CollectionEnd,
): Promise<void> {
  await tx.update(CollectionWatchEntity, { what, subject: subject ?? '' }, noted(end, now) as never);
}

function noted(end: CollectionEnd, at: Instant): Partial<CollectionWatchEntity> {
  if (end.kind === 'taken') return { collectedAt: at, failure: null };
  const { code, reason, nextStep } = end;
  return { failure: { at, code, reason, nextStep } };
}
