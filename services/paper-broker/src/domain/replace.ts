import type { Instant } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import { heldBy, isClosing, reserveOf } from './account.js';
import { append, change, finish, quiet, tell } from './lifecycle.js';
import type { Entry, Outcome } from './lifecycle.js';
import { unknownImpact } from './impact.js';
import type { MarketSession } from './market.js';
import { wake } from './matching.js';
import { isBeingReplaced, isTerminal, remainingQty } from './order.js';
import type { Order, OrderRequest } from './order.js';
import { lackOfCash, lackOfLending, lackOfShares, newOrder, reservePriceOf } from './place.js';
import type { Lending } from './place.js';
import { refuse } from './refusal.js';
import type { Refusal } from './refusal.js';
import type { Rules } from './rules.js';

/** What a replacement needs beside the order that is to go. */
export interface Replacement {
  readonly session: MarketSession | null;
  readonly now: Instant;
  readonly seq: number;
  readonly clientOrderId: string;
  /** What decides short sales, the old order's shares among those that are lent; null where the venue refuses them. */
  readonly lending: Lending | null;
}

/** The order that goes and the one that comes, in the order in which they are to be written. */
export interface Replaced {
  readonly acknowledged: Order;
  readonly gone: Outcome;
  readonly come: Outcome;
}

const ZERO = new D(0);

/**
 * Replaces an open order by a new one with the quantity that is left. Where requests take time the new one is on its way
 * until it arrives, and holds back only what it needs beyond the old one; what fills meanwhile is taken off its quantity.
 * @param request the order as it is to be, in its whole quantity with what has filled already.
 */
export function replace(old: Entry, request: OrderRequest, replacement: Replacement, rules: Rules): Refusal | Replaced {
  const refusal = irreplaceable(old.order);
  if (refusal) return refusal;
  const { session, now } = replacement;
  if (!session) return refuse(422, 42210000, 'cannot replace order while no market is set');
  const { intent, filledQty } = old.order;
  const left = { ...request, qty: request.qty.minus(filledQty) };
  const bar = session.bars.get(request.symbol);
  const unknown = bar && unknownImpact(bar, rules.impact);
  if (unknown) return unknown;
  const price = reservePriceOf(left, intent, { session, book: old.book, now }, rules);
  const made = newOrder(left, { ...replacement, account: old.account }, { intent, price, session, rules });
  const next: Order = { ...made, replaces: old.order.id };
  const lack = lackWithout(old, left, next, replacement.lending);
  if (lack) return lack;
  const leaving = { replacedBy: next.id, updatedAt: now };
  if (next.arrivesAt !== null) {
    const waiting = { ...next, dueAt: next.arrivesAt, excess: excessOf(old.order, next) };
    const gone = quiet(change(old, leaving));
    return { acknowledged: waiting, gone, come: quiet(enter(gone, waiting)) };
  }
  const gone = finish(old, 'replaced', now, { ...leaving, replacedAt: now });
  const entered = enter(gone, next);
  return { acknowledged: next, gone, come: wake(entered, session, now, rules) };
}

/** Lets a replacement arrive: the old order makes way if it is still there, otherwise the new one is rejected. */
export function arrive(
  next: Entry,
  old: Order | undefined,
  session: MarketSession,
  now: Instant,
  rules: Rules,
): { gone: Outcome | null; come: Outcome } {
  const { excess } = next.order;
  const filledSince = old && excess ? old.filledQty.minus(excess.filledThen) : ZERO;
  const qty = next.order.qty.minus(filledSince);
  if (!old || isTerminal(old) || qty.lessThanOrEqualTo(0)) {
    const rejected = finish(next, 'rejected', now, { failedAt: now });
    const freed = old && !isTerminal(old) ? quiet(change({ ...rejected, order: old }, { replacedBy: null })) : null;
    return { gone: freed, come: append(rejected, tell(rejected, 'order_replace_rejected', now)) };
  }
  const gone = finish({ ...next, order: old }, 'replaced', now, { replacedAt: now });
  const arrived = change({ ...gone, order: next.order }, { excess: null, qty });
  return { gone, come: wake(arrived, session, now, rules) };
}

/** Alpaca's words where an order cannot be replaced any more, or not yet. */
function irreplaceable(order: Order): Refusal | null {
  if (order.status === 'replaced') return refuse(422, 42210000, 'order already replaced');
  const status = isBeingReplaced(order) ? 'pending_replace' : order.cancelAt ? 'pending_cancel' : order.status;
  if (status === 'new' || status === 'partially_filled') return null;
  return refuse(422, 42210000, `cannot replace order in ${status} status`);
}

function lackWithout(old: Entry, left: OrderRequest, next: Order, lending: Lending | null): Refusal | null {
  const reserved = old.account.reserved.minus(reserveOf(old.order));
  const held = old.holding.held.minus(heldBy(old.order));
  if (next.intent === 'sell_to_open') {
    const free = lending && { ...lending, available: lending.available.plus(remainingQty(old.order)) };
    const refusal = lackOfLending(left, { lending: free, opening: [] });
    if (refusal) return refusal;
  }
  return isClosing(next.intent)
    ? lackOfShares({ ...old.holding, held }, left)
    : lackOfCash({ ...old.account, reserved }, left.qty, next.reservePrice);
}

function excessOf(old: Order, next: Order): Order['excess'] {
  return {
    cash: D.max(reserveOf(next).minus(reserveOf(old)), 0),
    shares: D.max(heldBy(next).minus(heldBy(old)), 0),
    filledThen: old.filledQty,
  };
}

/** The entry of a new order on the account and the holding as another left them. */
function enter(after: Entry, order: Order): Entry {
  return {
    order,
    book: after.book,
    account: { ...after.account, reserved: after.account.reserved.plus(reserveOf(order)) },
    holding: { ...after.holding, held: after.holding.held.plus(heldBy(order)) },
  };
}
