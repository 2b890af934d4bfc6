import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import type { Order } from './order.js';
import type { SizedQuote, TradeEvent } from './tape.js';

/** What is known of a place in the queue. */
export type Queued = Pick<Order, 'side' | 'limitPrice' | 'queueAhead'>;

const ZERO = new D(0);

/**
 * Shares before a resting order once a quote stands. At the best price no more than are shown can stand before it; the first
 * time they all do. Where it is better than the best price it is first; behind the best nobody knows (null).
 */
export function queueAfterQuote(order: Queued, quote: SizedQuote): Decimal | null {
  const { limitPrice } = order;
  if (!limitPrice) return null;
  const [best, size] = order.side === 'buy' ? [quote.bid, quote.bidSize] : [quote.ask, quote.askSize];
  if (limitPrice.equals(best)) return D.min(order.queueAhead ?? size, size);
  const improves = order.side === 'buy' ? limitPrice.greaterThan(best) : limitPrice.lessThan(best);
  return improves ? ZERO : null;
}

/** What a trade means to a resting order. */
export interface Reached {
  /** Shares that come to the order, before what others here have had of them. */
  readonly qty: Decimal;
  readonly queueAhead: Decimal | null;
}

/**
 * What a trade brings a resting order. A trade through its price reaches it wholly; one at its price first serves who stands
 * before it, out of what met its side. A trade elsewhere brings nothing. Cancels before it are not seen, so that its
 * place is no better than it could be.
 */
export function reachOf(order: Queued, trade: TradeEvent): Reached {
  const { limitPrice, queueAhead } = order;
  if (!limitPrice) return { qty: ZERO, queueAhead };
  const through = order.side === 'buy' ? trade.low.lessThan(limitPrice) : trade.high.greaterThan(limitPrice);
  if (through) return { qty: trade.volume, queueAhead: ZERO };
  const touched = (order.side === 'buy' ? trade.low : trade.high).equals(limitPrice);
  if (!touched || queueAhead === null) return { qty: ZERO, queueAhead };
  const came = order.side === 'buy' ? trade.sells : trade.buys;
  return { qty: D.max(came.minus(queueAhead), ZERO), queueAhead: D.max(queueAhead.minus(came), ZERO) };
}
