import { D, Decimal, decimal } from '@ballast/kernel/money';
import type { VenueFill } from '../messages.js';
import type { ChildOrder } from './child-order.js';

/** The finest part of a share. */
const SHARE_DECIMALS = 9;
const LEAST_SHARE = new D(1).div(new D(10).pow(SHARE_DECIMALS));

/** By how much of its amount an order may cost more before it is more than was ordered: venues turn money into shares by a quote. */
const AMOUNT_TOLERANCE = new D('0.01');

/** Whether an order is for an amount of money: only the venue knows how many shares that is, once all of it has filled. */
export const isByAmount = ({ terms }: Pick<ChildOrder, 'terms'>): boolean => terms?.notional !== undefined;

/**
 * How many shares an order is for once a fill has come. Of one for shares that never changes. One for an amount of money is
 * for as many as the venue says in the end (`ordered`), and until then for what its amount buys at the average price so far,
 * always more than has filled. Where its fills cost more than the amount it is for fewer than have filled.
 */
export function sizeAfter(
  order: Pick<ChildOrder, 'terms' | 'state' | 'quantity' | 'filledQuantity' | 'filledNotional'>,
  fill: Pick<VenueFill, 'quantity' | 'price'>,
  ordered: string | null,
): Decimal {
  const amount = order.terms?.notional;
  if (amount === undefined || order.state === 'filled') return decimal(order.quantity);
  const filled = decimal(order.filledQuantity).plus(fill.quantity);
  const spent = decimal(order.filledNotional).plus(decimal(fill.quantity).times(fill.price));
  if (spent.isZero()) return Decimal.max(order.quantity, filled.plus(LEAST_SHARE));
  const bought = filled.times(amount).div(spent);
  if (spent.greaterThan(decimal(amount).times(AMOUNT_TOLERANCE.plus(1)))) {
    return bought.toDecimalPlaces(SHARE_DECIMALS, Decimal.ROUND_DOWN);
  }
  if (ordered !== null) return decimal(ordered);
  return Decimal.max(bought.toDecimalPlaces(SHARE_DECIMALS, Decimal.ROUND_UP), filled.plus(LEAST_SHARE));
}
