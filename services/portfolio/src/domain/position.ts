import { applyFill } from '@ballast/kernel/ledger';
import { Decimal, decimal, formatDecimal, sum } from '@ballast/kernel/money';
import { inVenueOrder, type Fill } from './fill.js';

/** Shares (signed) and the money they cost, as decimal text. */
export interface Holding {
  readonly quantity: string;
  readonly cost: string;
}

export const NOTHING: Holding = { quantity: '0', cost: '0' };

/** One fill and what it did to its position. */
export interface AppliedFill {
  readonly fill: Fill;
  readonly realised: Decimal;
}

/**
 * Applies fills of one symbol to what the ledger has of it, in the ledger's order,
 * whatever order they are given in.
 */
export function applyFills(symbol: string, posted: Holding, fills: readonly Fill[]) {
  let position = { symbol, quantity: decimal(posted.quantity), cost: decimal(posted.cost) };
  const applied: AppliedFill[] = [];
  for (const fill of inVenueOrder(fills)) {
    const { side, quantity, price } = fill;
    const result = applyFill(position, { symbol, side, quantity: decimal(quantity), price: decimal(price) });
    position = result.position;
    applied.push({ fill, realised: result.realised });
  }
  const holding: Holding = { quantity: formatDecimal(position.quantity), cost: formatDecimal(position.cost) };
  return { holding, applied, realised: sum(applied.map((each) => each.realised)) };
}

/** What a fill does to cash: the price of what was bought or sold, less fees. */
export function cashChange({ side, quantity, price, fees }: Fill): Decimal {
  const value = decimal(quantity).times(decimal(price));
  return (side === 'buy' ? value.negated() : value).minus(decimal(fees));
}

/** Average cost a share for reading, with ten decimals; 0 where nothing is held. */
export function averageCostText({ quantity, cost }: Holding): string {
  const held = decimal(quantity);
  return held.isZero() ? '0' : formatDecimal(new Decimal(cost).div(held).abs().toDecimalPlaces(10));
}
