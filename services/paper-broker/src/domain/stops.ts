import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import type { Order } from './order.js';
import type { TapeEvent } from './tape.js';

/** What an order needs to know of its stop. */
export type Stop = Pick<Order, 'type' | 'side' | 'stopPrice' | 'trailPrice' | 'trailPercent' | 'highWaterMark'>;

const PRICE_DECIMALS = 4;

/** The price that sets a stop off, US dollars; null for a trailing stop that has not seen a price yet. */
export function stopPriceOf(order: Stop): Decimal | null {
  if (order.type !== 'trailing_stop') return order.stopPrice;
  if (!order.highWaterMark) return null;
  const distance = order.trailPrice ?? order.highWaterMark.times(order.trailPercent ?? 0).div(100);
  const stop = order.side === 'sell' ? order.highWaterMark.minus(distance) : order.highWaterMark.plus(distance);
  return stop.toDecimalPlaces(PRICE_DECIMALS);
}

/** Whether prices between `low` and `high` set a stop off: a sell at or below it, a buy at or above. */
export function isSetOff(order: Stop, low: Decimal, high: Decimal): boolean {
  const stop = stopPriceOf(order);
  if (!stop) return false;
  return order.side === 'sell' ? low.lessThanOrEqualTo(stop) : high.greaterThanOrEqualTo(stop);
}

/** The best price that a trailing stop has seen after prices between `low` and `high`; the same for every other order. */
export function trailed(order: Stop, low: Decimal, high: Decimal): Decimal | null {
  if (order.type !== 'trailing_stop') return order.highWaterMark;
  if (!order.highWaterMark) return order.side === 'sell' ? high : low;
  return order.side === 'sell' ? D.max(order.highWaterMark, high) : D.min(order.highWaterMark, low);
}

/** The prices that an event tells stops: those of a trade, or the middle of a quote where the market has no trades. */
export function pricesOf(event: TapeEvent): { low: Decimal; high: Decimal } | null {
  if (event.kind === 'trade') return { low: event.low, high: event.high };
  return event.price && { low: event.price, high: event.price };
}
