import type { Decimal } from '@ballast/kernel/money';
import { MARGIN_EQUITY_MIN, shortDepositOf } from '@ballast/kernel/risk-measures';

export { MARGIN_EQUITY_MIN as SHORT_EQUITY_MIN, shortDepositOf };

/** Cash that a short sale ties up: its proceeds, which secure what was borrowed, and the deposit. */
export function collateralOf(qty: Decimal, price: Decimal): Decimal {
  return qty.times(price).plus(shortDepositOf(qty, price));
}
