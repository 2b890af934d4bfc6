import type { ChildOrder } from '../domain/child-order.js';
import { takeNews, type Desk, type ExecutionContext } from './take-news.js';

/** The most order ids that an answer or an audit entry names. */
export const NAMED_MAX = 1_000;

/** Wants orders cancelled for a person; those that have not left end at once. Gives them back as they are then. */
export async function takeCancel(
  ctx: ExecutionContext,
  desk: Desk,
  orders: readonly ChildOrder[],
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<readonly ChildOrder[]> {
  const after = await takeNews(
    ctx,
    desk,
    orders.map((order) => ({
      order,
      news: { name: 'cancel_requested', code: 'CANCELLED', reason: `cancelled by ${by}: ${reason}` },
    })),
  );
  return [...after.values()];
}
