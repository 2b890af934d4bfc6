import { D, Decimal } from '@ballast/kernel/money';
import type { Holding } from '../domain/account.js';
import { assetIdOf } from '../domain/identity.js';
import type { Order } from '../domain/order.js';
import { refuse } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';
import type { Rules } from '../domain/rules.js';
import { placeOrder } from './desk.js';
import type { UnitOfWork } from './state.js';

/** How much of a position to close; all of it where neither is given. */
export interface Part {
  readonly qty: string | null;
  readonly percentage: string | null;
}

const QTY_DECIMALS = 9;

/** Closes a position, or a part of it, with a market order of the day. Out: the order as acknowledged. */
export function closePosition(
  uow: UnitOfWork,
  account: string,
  symbolOrAssetId: string,
  part: Part,
  rules: Rules,
): Order | Refusal {
  const holding = uow
    .holdingsOf(account)
    .find(({ symbol }) => symbol === symbolOrAssetId || assetIdOf(symbol) === symbolOrAssetId);
  if (!holding) return refuse(404, 40410000, `position not found: ${symbolOrAssetId}`);
  return placeOrder(uow, account, closingBody(holding, part), rules);
}

/** Closes every position of an account, and says of each what came of it. */
export function closeAllPositions(
  uow: UnitOfWork,
  account: string,
  rules: Rules,
): { symbol: string; outcome: Order | Refusal }[] {
  const whole = { qty: null, percentage: null };
  const holdings = [...uow.holdingsOf(account)].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  return holdings.map((holding) => ({
    symbol: holding.symbol,
    outcome: placeOrder(uow, account, closingBody(holding, whole), rules),
  }));
}

function closingBody({ symbol, qty }: Holding, part: Part): object {
  const side = qty.isNegative() ? 'buy' : 'sell';
  return { symbol, side, type: 'market', time_in_force: 'day', qty: partOf(qty.abs(), part).toFixed() };
}

/** A part of whole shares is whole shares; only a position with a fraction is closed by fractions (Alpaca). */
function partOf(held: Decimal, { qty, percentage }: Part): Decimal {
  if (qty !== null) return new D(qty);
  if (percentage === null) return held;
  const decimals = held.isInteger() ? 0 : QTY_DECIMALS;
  return held.times(percentage).div(100).toDecimalPlaces(decimals, Decimal.ROUND_FLOOR);
}
