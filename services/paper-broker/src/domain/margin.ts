import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';

/** Equity that an account needs before it may sell short, US dollars (FINRA Rule 4210(b)). */
export const SHORT_EQUITY_MIN = new D(2_000);
const INITIAL_SHARE = new D('0.5');
const MAINTENANCE_SHARE = new D('0.3');
const MAINTENANCE_A_SHARE = new D(5);
const CHEAP_BELOW = new D(5);
const CHEAP_A_SHARE = new D('2.5');

/**
 * What must be deposited beside the proceeds of a short sale, US dollars: half its value (Regulation T, 12 CFR 220.12),
 * and no less than must be maintained (FINRA Rule 4210(c)): from $5 a share on the greater of $5 a share and 30 %, below it
 * the greater of $2.50 a share and the whole value.
 */
export function shortDepositOf(qty: Decimal, price: Decimal): Decimal {
  const value = qty.times(price);
  const maintained = price.lessThan(CHEAP_BELOW)
    ? D.max(qty.times(CHEAP_A_SHARE), value)
    : D.max(qty.times(MAINTENANCE_A_SHARE), value.times(MAINTENANCE_SHARE));
  return D.max(value.times(INITIAL_SHARE), maintained);
}

/** Cash that a short sale ties up: its proceeds, which secure what was borrowed, and the deposit. */
export function collateralOf(qty: Decimal, price: Decimal): Decimal {
  return qty.times(price).plus(shortDepositOf(qty, price));
}
