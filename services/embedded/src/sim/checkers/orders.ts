import { decimal } from '@ballast/kernel/money';
import { Violation } from '@ballast/testing';
import type { Asked, BookedOrder } from '../venue/venue-book.js';

/** An order as the gateway has it. */
export interface OwnOrder {
  readonly client_order_id: string;
  readonly parent_order_id: string;
  readonly cycle_id: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: string;
  readonly slice: number;
  readonly quantity: string;
  readonly filled_quantity: string;
  readonly approved_hash: string;
  readonly state: string;
}

export interface OwnParent {
  readonly parent_order_id: string;
  readonly symbol: string;
  readonly quantity: string;
}

/** No client order id reaches the venue twice. */
export function placedOnce(placements: readonly Asked[]): void {
  const seen = new Set<string>();
  for (const { clientOrderId, symbol, side, quantity } of placements) {
    if (seen.has(clientOrderId)) {
      throw new Violation('no order is placed twice', `${side} ${quantity} ${symbol}: ${clientOrderId} was sent twice`);
    }
    seen.add(clientOrderId);
  }
}

/** No slice of a parent is taken by the venue twice, under whatever names. */
export function intentsOnce(venue: readonly BookedOrder[], own: readonly OwnOrder[]): void {
  const known = new Map(own.map((order) => [order.client_order_id, order]));
  const taken = new Map<string, string>();
  for (const { clientOrderId, symbol } of venue) {
    const order = known.get(clientOrderId);
    if (!order)
      throw new Violation('every order is known', `the venue has ${symbol} ${clientOrderId}, the gateway has not`);
    const intent = [order.account, order.cycle_id, order.symbol, order.side, order.slice].join(' ');
    const before = taken.get(intent);
    if (before) {
      throw new Violation(
        'no intent is executed twice',
        `${intent} was taken as ${before} and again as ${clientOrderId}`,
      );
    }
    taken.set(intent, clientOrderId);
  }
}

/** Nothing fills beyond what was ordered: no order at the venue or in our books, and no parent. */
export function filledWithinOrdered(
  venue: readonly BookedOrder[],
  own: readonly OwnOrder[],
  parents: readonly OwnParent[],
): void {
  const over = (what: string, filled: string, ordered: string): void => {
    if (decimal(filled).lessThanOrEqualTo(ordered)) return;
    throw new Violation('filled within ordered', `${what}: ${filled} filled of ${ordered}`);
  };
  for (const order of venue) over(`venue order ${order.clientOrderId}`, order.filledQuantity, order.quantity);
  for (const order of own) over(`order ${order.client_order_id}`, order.filled_quantity, order.quantity);
  for (const parent of parents) {
    const filled = own
      .filter((order) => order.parent_order_id === parent.parent_order_id)
      .reduce((total, order) => total.plus(order.filled_quantity), decimal('0'));
    over(`parent order of ${parent.symbol}`, filled.toFixed(), parent.quantity);
  }
}

/** When all is at rest, both sides agree on how each order ended. */
export function ordersAgree(venue: readonly BookedOrder[], own: readonly OwnOrder[]): void {
  const theirs = new Map(venue.map((order) => [order.clientOrderId, order]));
  for (const order of own) {
    const there = theirs.get(order.client_order_id);
    const ended = ['filled', 'cancelled', 'replaced', 'rejected', 'expired'].includes(order.state);
    if (!ended) {
      const where = there ? `${there.status} at the venue` : 'not at the venue';
      throw new Violation(
        'every order ends',
        `${order.symbol} ${order.client_order_id} is still ${order.state}, and ${where}`,
      );
    }
    if (!there) continue;
    if (!decimal(there.filledQuantity).equals(order.filled_quantity)) {
      throw new Violation(
        'orders agree',
        `${order.symbol} ${order.client_order_id}: ${order.filled_quantity} filled in our books, ${there.filledQuantity} at the venue`,
      );
    }
  }
}
