import { addMilliseconds } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/kernel/calendar';
import { D, Decimal } from '@ballast/kernel/money';
import { rng } from '@ballast/kernel/random';
import { crossAt } from './auction.js';
import { fillDepth } from './depth.js';
import { follow } from './follow.js';
import { append, change, fill, finish, lacksCash, quiet, withdraw } from './lifecycle.js';
import type { Entry, Outcome } from './lifecycle.js';
import { nextLook, REMAINDER_DELAY_MS } from './look.js';
import { hoursOf } from './market.js';
import type { MarketSession } from './market.js';
import { isBeingReplaced, isDormant, isTerminal, remainingQty } from './order.js';
import type { Order } from './order.js';
import { refuse } from './refusal.js';
import type { Refusal } from './refusal.js';
import type { Rules } from './rules.js';
import { afterTaking, takingOf } from './taking.js';
import { viewOf } from './view.js';
import type { View } from './view.js';

/** Alpaca's paper venue fills a random 10 % of orders in pieces. */
const PARTIAL_FILL_SHARE = 0.1;

/**
 * Looks at an open order again because it fell due: makes it `new` where it starts to work, sets off its stop, fills what
 * the market has for it, ends what its time in force ends, and says when to look next. Harmless when called too early.
 */
export function wake(entry: Entry, session: MarketSession, now: Instant, rules: Rules): Outcome {
  const { order } = entry;
  if (isTerminal(order)) return quiet(change(entry, { dueAt: null }));
  if (order.cancelAt !== null && order.cancelAt <= now) return finish(entry, 'canceled', now, { canceledAt: now });
  if (order.sessionDate === null) return quiet(change(entry, { dueAt: order.cancelAt }));
  const hours = hoursOf(session, order);
  if (order.sessionDate !== session.date || now >= hours.to) return afterHours(entry, session, now, rules);
  if (now < hours.from) return until(quiet(entry), hours.from);
  if (order.arrivesAt !== null && now < order.arrivesAt) return until(quiet(entry), order.arrivesAt);
  return work(entry, session, now, rules);
}

/** Cancels an open order, or refuses with 422/42210000 where it has already ended. */
export function cancel(entry: Entry, now: Instant): Refusal | Outcome {
  const state = isBeingReplaced(entry.order) ? 'pending_replace' : entry.order.status;
  if (isTerminal(entry.order) || isBeingReplaced(entry.order)) {
    return refuse(422, 42210000, `order is already in "${state}" state`);
  }
  return finish(entry, 'canceled', now, { canceledAt: now });
}

/**
 * Sends a cancel that reaches the book `latencyMs` later. Until then the order can fill; where it has filled wholly, the
 * cancel finds nothing and that is told as `order_cancel_rejected`.
 */
export function requestCancel(entry: Entry, now: Instant, latencyMs: number): Refusal | Outcome {
  if (latencyMs === 0 || isTerminal(entry.order) || isBeingReplaced(entry.order)) return cancel(entry, now);
  if (entry.order.cancelAt !== null) return quiet(entry);
  const asked = change(entry, { cancelAt: addMilliseconds(now, latencyMs), updatedAt: now });
  return until(quiet(asked), entry.order.dueAt);
}

/** Gives an order that waits for a session the session that was just set; it looks around when it begins to work. */
export function joinSession(order: Order, session: MarketSession): Order {
  return order.sessionDate === null && !isTerminal(order)
    ? { ...order, sessionDate: session.date, dueAt: hoursOf(session, order).from }
    : order;
}

/** One look within the order's hours: the auction that it may be part of, then what it trades with now. */
function work(entry: Entry, session: MarketSession, now: Instant, rules: Rules): Outcome {
  const { status, timeInForce } = entry.order;
  const started = status === 'accepted' ? finish(entry, 'new', now, { arrivesAt: null }) : quiet(entry);
  const opened = now === session.open ? append(started, crossAt(started, session, 'open', rules)) : started;
  if (isTerminal(opened.order)) return opened;
  if (timeInForce === 'opg') return append(opened, finish(opened, 'canceled', now, { canceledAt: now }));
  if (timeInForce === 'cls') return until(opened, session.close);
  const matched = append(opened, trade(opened, session, now, rules));
  if (isTerminal(matched.order)) return matched;
  if (timeInForce === 'ioc' || timeInForce === 'fok') {
    return append(matched, finish(matched, 'canceled', now, { canceledAt: now }));
  }
  return until(matched, nextLook(matched.order, matched.book, session, now, rules));
}

/** Sets off a stop whose price was reached, and fills what there is for the order. */
function trade(entry: Entry, session: MarketSession, now: Instant, rules: Rules): Outcome {
  const view = viewOf(entry.order, entry.book, session, now, rules);
  // Nothing trades in a halt or a pause, and what the tape shows meanwhile is not for anybody here.
  if (view.stands) return quiet(change(entry, { followedTo: now }));
  const { order, reached } = follow(entry.order, view, now, rules.depth !== null);
  const followed = change(entry, order);
  if (isDormant(order) || !view.quote) return quiet(followed);
  if (!rules.depth) return fillWhole(followed, view, session, now, rules);
  return fillDepth(followed, reached, view, now, { fees: rules.fees, date: session.date }, rules.depth);
}

/** The book without depth: an order that the quote crosses fills wholly, at the quote and what taking it costs. */
function fillWhole(entry: Entry, view: View, session: MarketSession, now: Instant, rules: Rules): Outcome {
  const { order, book } = entry;
  const left = remainingQty(order);
  const pieces = piecesOf(order, session, rules);
  const rest = addMilliseconds(now, REMAINDER_DELAY_MS);
  const atOnce = order.timeInForce === 'ioc' || rest >= session.close ? pieces : pieces.slice(0, 1);
  const wanted = D.sum(...atOnce);
  const taking = takingOf(order, wanted, view, now);
  if (!taking || (order.timeInForce === 'fok' && taking.qty.lessThan(left))) return quiet(entry);
  const { qty, price } = taking;
  const isLess = qty.lessThan(wanted);
  if (lacksCash(entry, isLess ? qty : left, price)) return withdraw(entry, now);
  const booking = { fees: rules.fees, date: session.date };
  const taken = { ...entry, book: afterTaking(book, view, session.date, { at: now, side: order.side, qty }) };
  return (isLess ? [qty] : atOnce).reduce(
    (state, piece) => append(state, fill(state, piece, price, now, booking)),
    quiet(taken),
  );
}

/** The quantities in which what remains of an order fills: one, or two for the share that the seed picks. */
function piecesOf(order: Order, session: MarketSession, rules: Rules): Decimal[] {
  const whole = remainingQty(order);
  if (!rules.partialFills || order.fillCount > 0 || order.timeInForce === 'fok') return [whole];
  const draw = rng(`${session.seed}:partial:${order.id}`);
  if (draw.uniform() >= PARTIAL_FILL_SHARE) return [whole];
  const decimals = whole.isInteger() ? 0 : 9;
  const share = 0.1 + 0.8 * draw.uniform();
  const first = whole.times(share).toDecimalPlaces(decimals, Decimal.ROUND_FLOOR);
  return first.isZero() ? [whole] : [first, whole.minus(first)];
}

/** What the end of the hours does: the closing auction, then the end of all orders but those that are good for more days. */
function afterHours(entry: Entry, session: MarketSession, now: Instant, rules: Rules): Outcome {
  const { order } = entry;
  if (order.timeInForce === 'gtc') {
    const forgotten = { followedTo: null, rests: false, queueAhead: null };
    return quiet(change(entry, { sessionDate: null, dueAt: order.cancelAt, ...forgotten }));
  }
  if (order.timeInForce !== 'cls') return finish(entry, 'expired', now, { expiredAt: now });
  const inTime = order.sessionDate === session.date && now === session.close;
  const started = order.status === 'accepted' ? finish(entry, 'new', now, { arrivesAt: null }) : quiet(entry);
  const closed = inTime ? append(started, crossAt(started, session, 'close', rules)) : started;
  if (isTerminal(closed.order)) return closed;
  return append(closed, finish(closed, 'canceled', now, { canceledAt: now }));
}

/** The outcome, to be looked at again at a moment, or when a cancel arrives before it. */
function until(outcome: Outcome, at: Instant | null): Outcome {
  const { cancelAt } = outcome.order;
  const dueAt = cancelAt !== null && (at === null || cancelAt < at) ? cancelAt : at;
  return { ...outcome, ...change(outcome, { dueAt }) };
}
