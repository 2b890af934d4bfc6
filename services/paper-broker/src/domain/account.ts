import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import type { Instant } from '@ballast/kernel/calendar';
import { isTerminal, remainingQty } from './order.js';
import type { Order, PositionIntent } from './order.js';

/** An account at the venue. Amounts are US dollars, exact: the venue never rounds a trade's cash. */
export interface Account {
  readonly name: string;
  readonly openingCash: Decimal;
  readonly cash: Decimal;
  /** Cash held back for open orders that open a position. Follows from the open orders. */
  readonly reserved: Decimal;
  /** Cash that short positions tie up: what they were sold for and the deposit. Follows from the holdings. */
  readonly collateral: Decimal;
  /** Fees of the session that are not booked yet, not rounded. Follows from the accruals. */
  readonly accruedFees: Decimal;
  readonly lastEquity: Decimal;
  readonly openedAt: Instant;
  /** How many trade_updates frames were ever made for the account. */
  readonly lastFrame: number;
}

/** Shares of one symbol in one account; below zero for a short position, which needs the venue's setting. */
export interface Holding {
  readonly account: string;
  readonly symbol: string;
  readonly qty: Decimal;
  /** What the shares held now have cost by average cost, in US dollars; below zero: what a short was sold for. */
  readonly costBasis: Decimal;
  /** Cash that the short position ties up. */
  readonly collateral: Decimal;
  /** Shares held back for open orders that close the position. Follows from the open orders. */
  readonly held: Decimal;
}

const ZERO = new D(0);
const COST_DECIMALS = 13;

export function openAccount(name: string, cash: Decimal, openedAt: Instant): Account {
  const nothing = { reserved: ZERO, collateral: ZERO, accruedFees: ZERO };
  return { name, openingCash: cash, cash, ...nothing, lastEquity: cash, openedAt, lastFrame: 0 };
}

export function emptyHolding(account: string, symbol: string): Holding {
  return { account, symbol, qty: ZERO, costBasis: ZERO, collateral: ZERO, held: ZERO };
}

/** Cash that a new order may use. */
export function buyingPower(account: Account): Decimal {
  return account.cash.minus(account.reserved).minus(account.collateral).minus(account.accruedFees);
}

/** Shares of the position, long or short, that a new order may close. */
export function availableQty(holding: Holding): Decimal {
  return holding.qty.abs().minus(holding.held);
}

/** Cash that an order holds back: the remaining shares of one that opens a position, at its reserve price. */
export function reserveOf(order: Order): Decimal {
  if (isTerminal(order) || isClosing(order.intent)) return ZERO;
  return order.excess ? order.excess.cash : remainingQty(order).times(order.reservePrice);
}

/** Shares that an order holds back: the remaining shares of one that closes a position. */
export function heldBy(order: Order): Decimal {
  if (isTerminal(order) || !isClosing(order.intent)) return ZERO;
  return order.excess ? order.excess.shares : remainingQty(order);
}

/** Whether fills of such an order make a position smaller. */
export function isClosing(intent: PositionIntent): boolean {
  return intent === 'buy_to_close' || intent === 'sell_to_close';
}

/** The holding after a fill that makes it larger; `collateral` is what a short sale ties up, zero for a buy. */
export function afterOpening(
  holding: Holding,
  side: Order['side'],
  qty: Decimal,
  price: Decimal,
  collateral: Decimal,
): Holding {
  const signed = side === 'buy' ? qty : qty.neg();
  return {
    ...holding,
    qty: holding.qty.plus(signed),
    costBasis: holding.costBasis.plus(signed.times(price)),
    collateral: holding.collateral.plus(collateral),
  };
}

/** The holding after a fill that makes it smaller; cost and collateral leave in proportion, and wholly with the last share. */
export function afterClosing(holding: Holding, side: Order['side'], qty: Decimal): Holding {
  const left = holding.qty.minus(side === 'sell' ? qty : qty.neg());
  const share = (amount: Decimal): Decimal =>
    left.isZero() || amount.isZero() ? ZERO : amount.times(left).div(holding.qty).toDecimalPlaces(COST_DECIMALS);
  return { ...holding, qty: left, costBasis: share(holding.costBasis), collateral: share(holding.collateral) };
}
