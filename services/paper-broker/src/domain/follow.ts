import type { Instant } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import { pauseAt } from './luld.js';
import { isDormant } from './order.js';
import type { Order } from './order.js';
import { queueAfterQuote, reachOf } from './queue.js';
import { isSetOff, pricesOf, trailed } from './stops.js';
import type { TapeEvent } from './tape.js';
import type { View } from './view.js';

/** An order that knows the tape up to now, and the shares that trades of this very instant bring it. */
export interface Followed {
  readonly order: Order;
  readonly reached: Decimal;
}

const ZERO = new D(0);

/**
 * Lets an order see what the tape showed since it looked last: its stop is set off or follows the price, its place in the
 * queue moves up. What is seen for the first time is the quote in force.
 */
export function follow(order: Order, view: View, now: Instant, hasDepth: boolean): Followed {
  const { tape, quote } = view;
  // An order in a book without depth has no place in a queue: it needs nothing but the quote of its moment.
  if (!hasDepth && !isDormant(order)) return { order, reached: ZERO };
  if (!tape || !quote) return { order: { ...order, followedTo: now }, reached: ZERO };
  if (order.followedTo === null)
    return { order: { ...atFirstSight(order, quote.mid, now), followedTo: now }, reached: ZERO };
  let seen = order;
  let reached = ZERO;
  for (const event of tape.events(order.followedTo, now)) {
    if (view.luld && pauseAt(view.luld, event.at)) continue;
    const [next, came] = afterEvent(seen, event, now, hasDepth);
    seen = next;
    if (event.at === now) reached = reached.plus(came);
  }
  return { order: { ...seen, followedTo: now }, reached };
}

/** An order after one event, and the shares that the event brings it where it rests in a book with depth. */
export function afterEvent(order: Order, event: TapeEvent, now: Instant, hasDepth: boolean): readonly [Order, Decimal] {
  if (isDormant(order)) {
    const prices = pricesOf(event);
    if (!prices) return [order, ZERO];
    if (isSetOff(order, prices.low, prices.high)) return [{ ...order, triggeredAt: now }, ZERO];
    return [{ ...order, highWaterMark: trailed(order, prices.low, prices.high) }, ZERO];
  }
  if (!hasDepth || !order.rests) return [order, ZERO];
  if (event.kind === 'quote') return [{ ...order, queueAhead: queueAfterQuote(order, event.quote) }, ZERO];
  const { qty, queueAhead } = reachOf(order, event);
  return [{ ...order, queueAhead }, qty];
}

/** A stop that has just come to the book looks at the middle of the quote. */
function atFirstSight(order: Order, mid: Decimal, now: Instant): Order {
  if (!isDormant(order)) return order;
  const marked = { ...order, highWaterMark: trailed(order, mid, mid) };
  return isSetOff(marked, mid, mid) ? { ...marked, triggeredAt: now } : marked;
}
