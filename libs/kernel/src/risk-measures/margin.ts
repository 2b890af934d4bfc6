import { D } from '../money/index.js';
import type { Decimal } from '../money/index.js';

/** Equity that an account needs before it may borrow money or sell short, US dollars (FINRA Rule 4210(b)). */
export const MARGIN_EQUITY_MIN = new D(2_000);
const INITIAL_SHARE = new D('0.5');
const LONG_MAINTENANCE_SHARE = new D('0.25');
const SHORT_MAINTENANCE_SHARE = new D('0.3');
const SHORT_MAINTENANCE_A_SHARE = new D(5);
const CHEAP_BELOW = new D(5);
const CHEAP_A_SHARE = new D('2.5');
const ZERO = new D(0);

/**
 * What must stay in the account for a position, US dollars (FINRA Rule 4210(c)). In: shares, below zero where short, and the
 * price of one. A quarter of a long position; of a short one from $5 a share on the greater of $5 a share and 30 %, below it
 * the greater of $2.50 a share and the whole value.
 */
export function maintenanceMargin(shares: Decimal, price: Decimal): Decimal {
  const value = shares.times(price);
  if (!shares.isNegative()) return value.times(LONG_MAINTENANCE_SHARE);
  const [short, size] = [shares.negated(), value.negated()];
  return price.lessThan(CHEAP_BELOW)
    ? D.max(short.times(CHEAP_A_SHARE), size)
    : D.max(short.times(SHORT_MAINTENANCE_A_SHARE), size.times(SHORT_MAINTENANCE_SHARE));
}

/** What must be there when a position is opened, US dollars: half its value (Regulation T, 12 CFR 220.12), and no less than must stay. */
export function initialMargin(shares: Decimal, price: Decimal): Decimal {
  const half = shares.times(price).abs().times(INITIAL_SHARE);
  return shares.isNegative() ? D.max(half, maintenanceMargin(shares, price)) : half;
}

/** What must be deposited beside the proceeds of a short sale of so many shares (above zero), US dollars. */
export function shortDepositOf(qty: Decimal, price: Decimal): Decimal {
  return initialMargin(new D(qty).negated(), price);
}

/** A purchase on margin by an account that holds nothing else. */
export interface MarginPurchase {
  /** Whether the equity is half of it, and at least 2,000 or the whole price where that is less. */
  readonly initialMet: boolean;
  /** US dollars that must stay in the account. */
  readonly maintenance: Decimal;
  /** By what fraction the price can fall before equity is below maintenance; 1 where nothing is borrowed. */
  readonly callAfterDrop: Decimal;
}

/** Buying for `value` with `equity` in the account, US dollars, both above zero. What is missing is borrowed. */
export function marginPurchase(equity: Decimal, value: Decimal): MarginPurchase {
  const needed = D.max(value.times(INITIAL_SHARE), D.min(MARGIN_EQUITY_MIN, value));
  const loan = D.max(ZERO, value.minus(equity));
  // Equity is a quarter of the value where the value has fallen to the loan over three quarters.
  const callValue = loan.div(new D(1).minus(LONG_MAINTENANCE_SHARE));
  return {
    initialMet: equity.greaterThanOrEqualTo(needed),
    maintenance: value.times(LONG_MAINTENANCE_SHARE),
    callAfterDrop: D.max(ZERO, new D(1).minus(callValue.div(value))),
  };
}
