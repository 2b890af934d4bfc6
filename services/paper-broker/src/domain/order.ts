import type { Instant, SessionDate } from '@ballast/kernel/calendar';
import type { Decimal } from '@ballast/kernel/money';

export type Side = 'buy' | 'sell';
export type OrderType = 'market' | 'limit';
export type TimeInForce = 'day' | 'ioc' | 'gtc';
export type OrderStatus = 'accepted' | 'new' | 'partially_filled' | 'filled' | 'canceled' | 'expired' | 'rejected';

/** What a client asked for, after validation. Quantities are shares, prices are US dollars a share. */
export interface OrderRequest {
  /** Null lets the venue choose one, as Alpaca does. */
  readonly clientOrderId: string | null;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly qty: Decimal;
  /** Set exactly for limit orders. */
  readonly limitPrice: Decimal | null;
}

export interface Order extends Omit<OrderRequest, 'clientOrderId'> {
  readonly id: string;
  readonly account: string;
  readonly clientOrderId: string;
  /** Place in the venue's book of all submissions; breaks ties of time. */
  readonly seq: number;
  readonly status: OrderStatus;
  readonly filledQty: Decimal;
  /** Sum of price times quantity over the fills, in US dollars. */
  readonly filledNotional: Decimal;
  readonly fillCount: number;
  /** Cash held back for each unfilled share of an open buy, in US dollars. Zero for sells. */
  readonly reservePrice: Decimal;
  /** The session in which the order works; null waits for the next session that is set. */
  readonly sessionDate: SessionDate | null;
  /** When the venue has to look at the order again; null while nothing is foreseeable. */
  readonly dueAt: Instant | null;
  readonly submittedAt: Instant;
  readonly updatedAt: Instant;
  readonly filledAt: Instant | null;
  readonly canceledAt: Instant | null;
  readonly expiredAt: Instant | null;
  readonly failedAt: Instant | null;
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
  /** Shares held after this fill. */
  readonly positionQty: Decimal;
}

const TERMINAL: ReadonlySet<OrderStatus> = new Set(['filled', 'canceled', 'expired', 'rejected']);

/** Whether nothing can happen to the order any more. */
export function isTerminal(order: Pick<Order, 'status'>): boolean {
  return TERMINAL.has(order.status);
}

/** Shares not filled yet. */
export function remainingQty(order: Pick<Order, 'qty' | 'filledQty'>): Decimal {
  return order.qty.minus(order.filledQty);
}
