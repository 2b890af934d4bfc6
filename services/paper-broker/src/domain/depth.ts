import type { Instant } from '@ballast/kernel/calendar';
import { D, Decimal } from '@ballast/kernel/money';
import { append, change, fill, lacksCash, quiet, withdraw } from './lifecycle.js';
import type { Booking, Entry, Outcome } from './lifecycle.js';
import { fillPrice } from './market.js';
import { isTerminal, remainingQty } from './order.js';
import type { Order } from './order.js';
import { queueAfterQuote } from './queue.js';
import type { DepthRules } from './rules.js';
import { take, takenIn, takenOfTrade } from './symbol-book.js';
import type { SymbolBook } from './symbol-book.js';
import { afterTaking, takingOf } from './taking.js';
import type { Taking } from './taking.js';
import { isAllowed } from './view.js';
import type { View } from './view.js';

const ZERO = new D(0);

/**
 * Fills an order in a book with depth: first what trades of this instant brought it in its place in the queue, at its own
 * price; then what the quote shows on the other side and nobody here has taken within the refresh. What is left rests.
 * @param reached shares that trades of this instant brought the order, before what other orders here had of them.
 */
export function fillDepth(
  entry: Entry,
  reached: Decimal,
  view: View,
  now: Instant,
  booking: Booking,
  depth: DepthRules,
): Outcome {
  const served = serveQueue(entry, reached, view, now, booking, depth);
  if (isTerminal(served.order)) return served;
  const swept = append(served, takeQuote(served, view, now, booking, depth));
  return isTerminal(swept.order) ? swept : { ...swept, ...rest(swept, view) };
}

/** Shares that an order may take of what the quote shows: its size less what was taken, within the participation. */
export function availableAt(order: Order, book: SymbolBook, view: View, depth: DepthRules): Decimal {
  if (!view.quote) return ZERO;
  const taken = takenIn(book.refresh, view.window.name);
  const shown = order.side === 'buy' ? view.quote.askSize.minus(taken.bought) : view.quote.bidSize.minus(taken.sold);
  return D.max(D.min(shown, allowanceOf(book, view, depth)), ZERO);
}

function serveQueue(
  entry: Entry,
  reached: Decimal,
  view: View,
  now: Instant,
  booking: Booking,
  depth: DepthRules,
): Outcome {
  const { order, book } = entry;
  if (!order.rests || !order.limitPrice || reached.isZero()) return quiet(entry);
  const left = D.min(reached.minus(takenOfTrade(book, now)), allowanceOf(book, view, depth));
  const qty = wholeOf(left, remainingQty(order));
  if (qty.isZero() || !isAllowed(view.luld, order.side, order.limitPrice, now)) return quiet(entry);
  const taken = takenIn(book.refresh, view.window.name);
  const refresh = { ...taken, filled: taken.filled.plus(qty) };
  const after = { ...book, refresh, tradeAt: now, tradeTaken: takenOfTrade(book, now).plus(qty) };
  return fill({ ...entry, book: after }, qty, order.limitPrice, now, booking);
}

function takeQuote(entry: Entry, view: View, now: Instant, booking: Booking, depth: DepthRules): Outcome {
  const { order, book } = entry;
  const left = remainingQty(order);
  const available = wholeOf(availableAt(order, book, view, depth), left);
  const taking = order.rests ? meetingOf(order, available, view, now) : takingOf(order, available, view, now);
  if (!taking || (order.timeInForce === 'fok' && taking.qty.lessThan(left))) return quiet(entry);
  const { qty, price } = taking;
  if (lacksCash(entry, qty, price)) return withdraw(entry, now);
  const refresh = take(takenIn(book.refresh, view.window.name), order.side, qty);
  const taken = { ...book, refresh };
  const slice = { at: now, side: order.side, qty };
  const after = order.rests ? taken : afterTaking(taken, view, booking.date, slice);
  return fill({ ...entry, book: after }, qty, price, now, booking);
}

/** Whoever comes to an order that rests trades at its price and no better: it takes nothing, and moves no price. */
function meetingOf(order: Order, qty: Decimal, view: View, now: Instant): Taking | null {
  const quoted = view.quote && fillPrice(order, view.quote);
  const price = order.limitPrice ?? quoted;
  return quoted && price && !qty.isZero() && isAllowed(view.luld, order.side, price, now) ? { qty, price } : null;
}

/** Puts what is left of a limit order into the book once the quote no longer crosses it, behind who stands there. */
function rest(entry: Entry, view: View): Entry {
  const { order } = entry;
  if (order.rests || !order.limitPrice || !view.quote || fillPrice(order, view.quote)) return entry;
  return change(entry, { rests: true, queueAhead: queueAfterQuote(order, view.quote) });
}

/** Shares that the participation still allows within the refresh. */
function allowanceOf(book: SymbolBook, view: View, depth: DepthRules): Decimal {
  if (depth.participation === null || !view.tape) return new D(Number.MAX_SAFE_INTEGER);
  const volume = view.tape.volumeIn(view.window.from, view.window.to);
  return volume.times(depth.participation).minus(takenIn(book.refresh, view.window.name).filled);
}

/** All of what is wanted, or the whole shares of what there is. */
export function wholeOf(available: Decimal, wanted: Decimal): Decimal {
  if (available.greaterThanOrEqualTo(wanted)) return wanted;
  return D.max(available.toDecimalPlaces(0, Decimal.ROUND_FLOOR), ZERO);
}
