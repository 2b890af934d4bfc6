import type { ChildOrder, News } from '../domain/child-order.js';
import { AT_VENUE } from '../domain/order-machine.js';
import { standingOf, standsAsListed } from '../domain/venue-news.js';
import type { VenueFill, VenueOrder } from '../messages.js';
import { openChildren } from '../persistence/orders.js';
import { askNow, takeFills } from './take-fills.js';
import { takeNews, type Desk, type ExecutionContext } from './take-news.js';

/**
 * Takes what the venue lists, its open orders and the fills of a while, into ours: fills that the stream lost are booked, and
 * orders that it should list and does not are asked for.
 * @returns how many orders were asked for: until they are answered more may come of it.
 */
export async function takeCatchUp(
  ctx: ExecutionContext,
  desk: Desk,
  account: string,
  { orders, fills }: { readonly orders: readonly VenueOrder[]; readonly fills: readonly VenueFill[] },
  foreign: 'halts' | 'shows' = 'halts',
): Promise<number> {
  const asked = await takeFills(ctx, desk, account, fills, foreign);
  const open = await openChildren(ctx.tx, account);
  const listed = new Map(orders.map((order) => [order.clientOrderId, order]));
  await takeNews(
    ctx,
    desk,
    open.flatMap((order) => found(order, listed.get(order.clientOrderId))),
  );
  // One that the venue should list and does not has ended without our hearing.
  const unlisted = open.filter((order) => AT_VENUE.has(order.state) && !listed.has(order.clientOrderId));
  unlisted.forEach((order) => askNow(ctx, order));
  return asked + unlisted.length;
}

function found(order: ChildOrder, listed: VenueOrder | undefined): { order: ChildOrder; news: News }[] {
  return listed === undefined || standsAsListed(order, listed) ? [] : [{ order, news: standingOf(listed) }];
}
