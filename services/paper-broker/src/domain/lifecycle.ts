import type { Instant } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import { afterClosing, afterOpening, heldBy, isClosing, reserveOf } from './account.js';
import type { Account, Holding } from './account.js';
import { feesOf } from './fees.js';
import type { Fee, FeeRules } from './fees.js';
import { executionIdOf } from './identity.js';
import { collateralOf } from './margin.js';
import type { Fill, Order, OrderStatus } from './order.js';
import type { SymbolBook } from './symbol-book.js';

/** One order with the account, the holding and the book that it moves: all that a decision reads and writes. */
export interface Entry {
  readonly account: Account;
  readonly holding: Holding;
  readonly book: SymbolBook;
  readonly order: Order;
}

export type EventName =
  | 'new'
  | 'fill'
  | 'partial_fill'
  | 'canceled'
  | 'expired'
  | 'rejected'
  | 'replaced'
  | 'order_cancel_rejected'
  | 'order_replace_rejected';

/** Something that happened to an order, with the order as it was right after it. */
export interface VenueEvent {
  readonly name: EventName;
  readonly order: Order;
  readonly at: Instant;
  readonly fill: Fill | null;
  /** What the fill costs beside its price, booked when the session is over. */
  readonly fees: readonly Fee[];
}

export interface Outcome extends Entry {
  readonly events: readonly VenueEvent[];
}

/** What must be known of fees when a fill is booked. */
export interface Booking {
  readonly fees: FeeRules;
  /** The day of the session, in New York. */
  readonly date: string;
}

const ZERO = new D(0);

export const quiet = (entry: Entry): Outcome => ({ ...entry, events: [] });

/** Changes an order and, with it, what it holds back of cash and shares. */
export function change(entry: Entry, fields: Partial<Order>): Entry {
  const order: Order = { ...entry.order, ...fields };
  return {
    order,
    book: entry.book,
    account: {
      ...entry.account,
      reserved: entry.account.reserved.minus(reserveOf(entry.order)).plus(reserveOf(order)),
    },
    holding: { ...entry.holding, held: entry.holding.held.minus(heldBy(entry.order)).plus(heldBy(order)) },
  };
}

/** Moves an order to a status and tells it. */
export function finish(
  entry: Entry,
  name: 'new' | 'canceled' | 'expired' | 'rejected' | 'replaced',
  now: Instant,
  times: Partial<Order>,
): Outcome {
  const ended = name === 'new' ? {} : { dueAt: null, cancelAt: null };
  return tell(change(entry, { status: name, updatedAt: now, ...ended, ...times }), name, now);
}

/** Says something of an order that changes nothing of it. */
export function tell(entry: Entry, name: EventName, now: Instant): Outcome {
  return { ...entry, events: [{ name, order: entry.order, at: now, fill: null, fees: [] }] };
}

/** The later outcome with everything that happened before it. */
export function append(before: Outcome, after: Outcome): Outcome {
  return { ...after, events: [...before.events, ...after.events] };
}

/** Books a fill: cash, holding, fees and the order's own numbers. */
export function fill(entry: Entry, qty: Decimal, price: Decimal, now: Instant, booking: Booking): Outcome {
  const { order } = entry;
  const filledQty = order.filledQty.plus(qty);
  const whole = filledQty.equals(order.qty);
  const status: OrderStatus = whole ? 'filled' : 'partially_filled';
  const after = change(moved(entry, qty, price), {
    status,
    filledQty,
    filledNotional: order.filledNotional.plus(qty.times(price)),
    fillCount: order.fillCount + 1,
    updatedAt: now,
    filledAt: now,
    ...(whole ? { dueAt: null } : {}),
  });
  const made: Fill = {
    executionId: executionIdOf(order.id, order.fillCount + 1),
    orderId: order.id,
    account: order.account,
    symbol: order.symbol,
    side: order.side,
    qty,
    price,
    filledAt: now,
    cumQty: filledQty,
    leavesQty: order.qty.minus(filledQty),
    orderStatus: status,
    positionQty: after.holding.qty,
  };
  const fees = feesOf(booking.fees, { date: booking.date, side: order.side, qty, price });
  const owed = fees.reduce((sum, { amount }) => sum.plus(amount), ZERO);
  const account = { ...after.account, accruedFees: after.account.accruedFees.plus(owed) };
  const name = whole ? 'fill' : 'partial_fill';
  const filled = { ...after, account, events: [{ name, order: after.order, at: now, fill: made, fees } as const] };
  // A cancel on its way finds an order that is done.
  return whole && order.cancelAt !== null ? append(filled, lateCancel(filled, now)) : filled;
}

function lateCancel(entry: Entry, now: Instant): Outcome {
  return tell(change(entry, { cancelAt: null }), 'order_cancel_rejected', now);
}

/** Moves cash, shares and collateral as a fill does. */
function moved(entry: Entry, qty: Decimal, price: Decimal): Entry {
  const { side, intent } = entry.order;
  const notional = qty.times(price);
  const tied = intent === 'sell_to_open' ? collateralOf(qty, price) : ZERO;
  const holding = isClosing(intent)
    ? afterClosing(entry.holding, side, qty)
    : afterOpening(entry.holding, side, qty, price, tied);
  const { account } = entry;
  return {
    ...entry,
    holding,
    account: {
      ...account,
      cash: side === 'buy' ? account.cash.minus(notional) : account.cash.plus(notional),
      collateral: account.collateral.minus(entry.holding.collateral).plus(holding.collateral),
    },
  };
}

/** Whether the account cannot pay a fill: only an order whose price was not known when it was accepted comes to that. */
export function lacksCash({ account, order }: Entry, qty: Decimal, price: Decimal): boolean {
  if (order.side === 'sell' || isClosing(order.intent)) return false;
  const others = account.reserved.minus(reserveOf(order)).plus(account.collateral).plus(account.accruedFees);
  return qty.times(price).greaterThan(account.cash.minus(others));
}

/** Ends an order that its account cannot pay. */
export function withdraw(entry: Entry, now: Instant): Outcome {
  return entry.order.fillCount === 0
    ? finish(entry, 'rejected', now, { failedAt: now })
    : finish(entry, 'canceled', now, { canceledAt: now });
}
