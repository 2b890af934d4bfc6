import type { Instant, SessionDate } from '@ballast/kernel/calendar';
import type { Decimal } from '@ballast/kernel/money';

export type Side = 'buy' | 'sell';
export type OrderType = 'market' | 'limit' | 'stop' | 'stop_limit' | 'trailing_stop';
export type TimeInForce = 'day' | 'gtc' | 'ioc' | 'fok' | 'opg' | 'cls';
export type OrderStatus =
  'accepted' | 'new' | 'partially_filled' | 'filled' | 'canceled' | 'expired' | 'rejected' | 'replaced';
export type PositionIntent = 'buy_to_open' | 'buy_to_close' | 'sell_to_open' | 'sell_to_close';

/** What a client asked for, after validation. Quantities are shares, prices are US dollars a share. */
export interface OrderRequest {
  /** Null lets the venue choose one, as Alpaca does. */
  readonly clientOrderId: string | null;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly qty: Decimal;
  /** The amount in US dollars that it was asked for in place of shares; null for one of shares. */
  readonly notional: Decimal | null;
  /** Set exactly for limit and stop limit orders. */
  readonly limitPrice: Decimal | null;
  /** Set exactly for stop and stop limit orders. */
  readonly stopPrice: Decimal | null;
  /** Of a trailing stop exactly one is set: the distance in US dollars, or in per cent of the best price. */
  readonly trailPrice: Decimal | null;
  readonly trailPercent: Decimal | null;
  readonly extendedHours: boolean;
  /** What the client believes the order does to its position; null leaves that to the venue. */
  readonly positionIntent: PositionIntent | null;
}

/** A request as it comes: one for an amount of money is not yet for a number of shares. */
export type AskedOrder = Omit<OrderRequest, 'qty' | 'notional'> & AskedSize;
export type AskedSize =
  { readonly qty: Decimal; readonly notional: null } | { readonly qty: null; readonly notional: Decimal };

/** What an order on its way to replace another holds back beyond that one. */
export interface Excess {
  readonly cash: Decimal;
  readonly shares: Decimal;
  /** Shares that the other had filled when it was asked to make way. */
  readonly filledThen: Decimal;
}

export interface Order extends Omit<OrderRequest, 'clientOrderId' | 'positionIntent'> {
  readonly id: string;
  readonly account: string;
  readonly clientOrderId: string;
  /** Whether its fills open a position or close one. */
  readonly intent: PositionIntent;
  /** Place in the venue's book of all submissions; breaks ties of time. */
  readonly seq: number;
  readonly status: OrderStatus;
  readonly filledQty: Decimal;
  /** Sum of price times quantity over the fills, in US dollars. */
  readonly filledNotional: Decimal;
  readonly fillCount: number;
  /** Cash held back for each unfilled share of an order that opens a position, in US dollars. Zero for the others. */
  readonly reservePrice: Decimal;
  /** The session in which the order works; null waits for the next session that is set. */
  readonly sessionDate: SessionDate | null;
  /** When the venue has to look at the order again; null while nothing is foreseeable. */
  readonly dueAt: Instant | null;
  /** When the order, or the request to cancel it, reaches the book; null where nothing is on its way. */
  readonly arrivesAt: Instant | null;
  readonly cancelAt: Instant | null;
  /** When a stop was set off; null for one that still waits, and for orders that are none. */
  readonly triggeredAt: Instant | null;
  /** The best price that a trailing stop has seen: the highest for a sell, the lowest for a buy. */
  readonly highWaterMark: Decimal | null;
  /** Up to when trades and quotes were followed for stop, trail and queue; null before the order works. */
  readonly followedTo: Instant | null;
  /** Whether the order waits in the book at its own price, so that it trades there and nowhere better. */
  readonly rests: boolean;
  /** Shares that stand before it at its price; null while its price is not the best. Followed only in a book with depth. */
  readonly queueAhead: Decimal | null;
  readonly replaces: string | null;
  readonly replacedBy: string | null;
  readonly excess: Excess | null;
  readonly submittedAt: Instant;
  readonly updatedAt: Instant;
  readonly filledAt: Instant | null;
  readonly canceledAt: Instant | null;
  readonly expiredAt: Instant | null;
  readonly failedAt: Instant | null;
  readonly replacedAt: Instant | null;
}

export interface Fill {
  readonly executionId: string;
  readonly orderId: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: Side;
  readonly qty: Decimal;
  readonly price: Decimal;
  readonly filledAt: Instant;
  /** Of the order after this fill. */
  readonly cumQty: Decimal;
  readonly leavesQty: Decimal;
  readonly orderStatus: OrderStatus;
  /** Shares held after this fill; below zero for a short position. */
  readonly positionQty: Decimal;
}

const TERMINAL: ReadonlySet<OrderStatus> = new Set(['filled', 'canceled', 'expired', 'rejected', 'replaced']);

/** Whether nothing can happen to the order any more. */
export function isTerminal(order: Pick<Order, 'status'>): boolean {
  return TERMINAL.has(order.status);
}

/** Shares not filled yet. */
export function remainingQty(order: Pick<Order, 'qty' | 'filledQty'>): Decimal {
  return order.qty.minus(order.filledQty);
}

/** Whether the order is a stop of any kind that nothing has set off yet: it is not in the book. */
export function isDormant(order: Pick<Order, 'type' | 'triggeredAt'>): boolean {
  return order.type !== 'market' && order.type !== 'limit' && order.triggeredAt === null;
}

/** Whether the order is half of a replacement that is still on its way, the one to go or the one to come. */
export function isBeingReplaced(order: Pick<Order, 'status' | 'replacedBy' | 'excess'>): boolean {
  return !isTerminal(order) && (order.replacedBy !== null || order.excess !== null);
}
