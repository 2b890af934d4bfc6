import { fact, hashOf, TextReceived, type DataOf } from '@ballast/contracts';
import type { InboxContext } from '@ballast/platform';
import { PolicyTextEntity } from '../persistence/entities/policy-text.entity.js';

/** A text without the hash that names it. */
export type Text = Omit<DataOf<typeof TextReceived>, 'textId'>;

/** Keeps a text and says it, unless the same was there before. */
export async function takeText(
  ctx: InboxContext<'feeds'>,
  text: Text,
): Promise<{ textId: string; received: 'now' | 'before' }> {
  const { sourceId, title, body, publishedAt } = text;
  const textId = hashOf({ sourceId, title, body, publishedAt });
  if (await ctx.tx.existsBy(PolicyTextEntity, { textId })) return { textId, received: 'before' };
  await ctx.tx.insert(PolicyTextEntity, { textId, sourceId, title, publishedAt, receivedAt: ctx.now });
  ctx.emit([fact(TextReceived, { textId, ...text })]);
  ctx.audit({ act: 'text.received', subject: textId, detail: { sourceId, title, publishedAt } });
  return { textId, received: 'now' };
}
