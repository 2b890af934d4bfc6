import { perform } from '@ballast/contracts';
import type { ChildOrder } from '../domain/child-order.js';
import { isByAmount } from '../domain/amount.js';
import { isEnd } from '../domain/order-machine.js';
import { describeFill } from '../domain/venue-news.js';
import { AskVenue, type VenueFill } from '../messages.js';
import { childrenByVenueId, openChildren } from '../persistence/orders.js';
import { haltByRule, takeNews, type Desk, type ExecutionContext } from './take-news.js';

/** Asks the venue for an order now. */
export const askNow = (ctx: ExecutionContext, order: Pick<ChildOrder, 'account' | 'clientOrderId'>): void => {
  const { account, clientOrderId } = order;
  ctx.later([perform(AskVenue, clientOrderId, { account, clientOrderId })]);
};

/**
 * Books fills that name only the venue's order. One whose order we cannot name yet may belong to an order that has no
 * answer: those are asked for, and bring their fills along. Any other is a trade of somebody else in our account, which
 * halts it, unless the caller is about to compare the books: then it shows there, as long as it stands.
 * @returns how many orders were asked for.
 */
export async function takeFills(
  ctx: ExecutionContext,
  desk: Desk,
  account: string,
  fills: readonly VenueFill[],
  foreign: 'halts' | 'shows' = 'halts',
): Promise<number> {
  if (fills.length === 0) return 0;
  const ids = [...new Set(fills.map((fill) => fill.venueOrderId))];
  const named = new Map((await childrenByVenueId(ctx.tx, account, ids)).map((order) => [order.venueOrderId, order]));
  await takeNews(
    ctx,
    desk,
    fills.flatMap((fill) => {
      const order = named.get(fill.venueOrderId);
      return order && !isByAmount(order) ? [{ order, news: { name: 'fill' as const, fill } }] : [];
    }),
  );
  [...named.values()].filter(isByAmount).forEach((order) => askNow(ctx, order));
  const strange = fills.filter((fill) => !named.has(fill.venueOrderId));
  if (strange.length === 0) return 0;
  const unnamed = (await openChildren(ctx.tx, account)).filter((order) => order.venueOrderId === null && sent(order));
  const asked = new Map<string, ChildOrder>();
  for (const fill of strange) {
    const candidates = unnamed.filter((order) => order.symbol === fill.symbol && order.side === fill.side);
    candidates.forEach((order) => asked.set(order.clientOrderId, order));
    if (candidates.length === 0 && foreign === 'halts') await foreignFill(ctx, account, fill);
  }
  asked.forEach((order) => askNow(ctx, order));
  return asked.size;
}

const sent = (order: ChildOrder): boolean => order.state !== 'planned' && !isEnd(order.state);

/** Somebody else traded in the account: what we think it holds is wrong, so nothing more leaves. */
export async function foreignFill(ctx: ExecutionContext, account: string, fill: VenueFill): Promise<void> {
  ctx.alert({
    code: 'FILL_UNKNOWN',
    severity: 'critical',
    message: `the venue reports a fill that no order of ours explains: ${describeFill(fill)}; the account was halted`,
    numbers: { account, executionId: fill.executionId, venueOrderId: fill.venueOrderId, quantity: fill.quantity },
    nextStep: 'find who traded in the account and reconcile before the halt is lifted',
  });
  await haltByRule(ctx, account, `a fill that no order explains: ${fill.executionId}`);
}
