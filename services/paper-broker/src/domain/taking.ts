import type { Instant } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import { withSlice } from './flow.js';
import type { FlowSlice } from './flow.js';
import { paidBp, priceTaken } from './impact.js';
import { fillPrice, isWithinLimit } from './market.js';
import type { Order } from './order.js';
import type { SymbolBook } from './symbol-book.js';
import { isAllowed } from './view.js';
import type { View } from './view.js';

/** What an order takes from the quote at once: shares, and what each of them costs. */
export interface Taking {
  readonly qty: Decimal;
  readonly price: Decimal;
}

/**
 * What of `wanted` shares an order can take from the quote within its limit and the bands. Where taking moves the price it
 * takes no more whole shares than its limit pays for on average. Null where there is nothing for it.
 */
export function takingOf(order: Order, wanted: Decimal, view: View, now: Instant): Taking | null {
  const quoted = view.quote && fillPrice(order, view.quote);
  if (!quoted || wanted.isZero()) return null;
  const { impact, slices, luld } = view;
  const priceOf = (qty: Decimal): Decimal =>
    impact ? priceTaken(quoted, order.side, paidBp(impact, slices, order.side, qty, now)) : quoted;
  const canTake = (qty: Decimal): boolean => {
    const price = priceOf(qty);
    return isWithinLimit(order, price) && isAllowed(luld, order.side, price, now);
  };
  const qty = canTake(wanted) || !impact ? wanted : mostBelow(wanted, canTake);
  return qty.isZero() || !canTake(qty) ? null : { qty, price: priceOf(qty) };
}

/** The book after something was taken from its quote: it moves what comes after it where taking moves prices. */
export function afterTaking(book: SymbolBook, { impact }: View, date: string, slice: FlowSlice): SymbolBook {
  return impact ? { ...book, flow: withSlice(book.flow, date, slice) } : book;
}

/** The most whole shares below `wanted` that can be taken; whoever takes more pays no less. */
function mostBelow(wanted: Decimal, canTake: (qty: Decimal) => boolean): Decimal {
  let [can, cannot] = [0, wanted.ceil().toNumber()];
  while (cannot - can > 1) {
    const middle = Math.floor((can + cannot) / 2);
    if (canTake(new D(middle))) can = middle;
    else cannot = middle;
  }
  return new D(can);
}
