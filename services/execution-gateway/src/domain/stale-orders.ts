import type { Instant } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import type { ChildOrder, News } from './child-order.js';
import { AT_VENUE } from './order-machine.js';

export const STALE = 'STALE';

/**
 * The slices at the market that the venue still works so long after their due time: nobody wanted them to rest. What a
 * person ordered under terms rests as long as these say.
 */
export function staleOrders(
  open: readonly ChildOrder[],
  now: Instant,
  ageMs: number,
): { readonly order: ChildOrder; readonly news: News }[] {
  return open
    .filter(
      ({ terms, state, cancelRequested, dueAt }) =>
        terms === null && AT_VENUE.has(state) && !cancelRequested && addMilliseconds(dueAt, ageMs) < now,
    )
    .map((order) => ({
      order,
      news: {
        name: 'cancel_requested',
        code: STALE,
        reason: `it was due at ${order.dueAt} and has not filled in ${ageMs / 60_000} minutes`,
      },
    }));
}
