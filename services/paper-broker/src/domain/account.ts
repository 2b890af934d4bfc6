import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import type { Instant } from '@ballast/kernel/calendar';
import { isTerminal, remainingQty } from './order.js';
import type { Order } from './order.js';

/** A cash account at the venue. Amounts are US dollars, exact: the venue never rounds a trade's cash. */
export interface Account {
  readonly name: string;
  readonly openingCash: Decimal;
  readonly cash: Decimal;
  /** Cash held back for open buys. Follows from the open orders. */
  readonly reserved: Decimal;
  readonly lastEquity: Decimal;
  readonly openedAt: Instant;
  /** How many trade_updates frames were ever made for the account. */
  readonly lastFrame: number;
}

/** Shares of one symbol in one account; never negative, because the venue refuses short sales. */
export interface Holding {
  readonly account: string;
  readonly symbol: string;
  readonly qty: Decimal;
  /** What the shares held now have cost, by average cost, in US dollars. */
  readonly costBasis: Decimal;
  /** Shares held back for open sells. Follows from the open orders. */
  readonly held: Decimal;
}

const ZERO = new D(0);

export function openAccount(name: string, cash: Decimal, openedAt: Instant): Account {
  return { name, openingCash: cash, cash, reserved: ZERO, lastEquity: cash, openedAt, lastFrame: 0 };
}

export function emptyHolding(account: string, symbol: string): Holding {
  return { account, symbol, qty: ZERO, costBasis: ZERO, held: ZERO };
}

/** Cash that a new buy may use. */
export function buyingPower(account: Account): Decimal {
  return account.cash.minus(account.reserved);
}

/** Shares that a new sell may use. */
export function availableQty(holding: Holding): Decimal {
  return holding.qty.minus(holding.held);
}

/** Cash that an order holds back: remaining shares of an open buy at its reserve price. */
export function reserveOf(order: Order): Decimal {
  return order.side === 'buy' && !isTerminal(order) ? remainingQty(order).times(order.reservePrice) : ZERO;
}

/** Shares that an order holds back: the remaining shares of an open sell. */
export function heldBy(order: Order): Decimal {
  return order.side === 'sell' && !isTerminal(order) ? remainingQty(order) : ZERO;
}

/** The holding after a buy of `qty` at `price`. */
export function afterBuy(holding: Holding, qty: Decimal, price: Decimal): Holding {
  return { ...holding, qty: holding.qty.plus(qty), costBasis: holding.costBasis.plus(qty.times(price)) };
}

/** The holding after a sale of `qty`; the cost leaves in proportion, and wholly with the last share. */
export function afterSale(holding: Holding, qty: Decimal): Holding {
  const left = holding.qty.minus(qty);
  const costBasis = left.isZero() ? ZERO : holding.costBasis.times(left).div(holding.qty).toDecimalPlaces(13);
  return { ...holding, qty: left, costBasis };
}
