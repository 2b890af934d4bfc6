import type { DataOf, Mark, Position, PositionValued, WorkingOrder } from '@ballast/contracts';
import { valuePositions } from '@ballast/kernel/ledger';
import { decimal, formatDecimal, sum } from '@ballast/kernel/money';
import { averageCostText, type Holding } from './position.js';
import { remainingOf, type Order } from './working-order.js';

export interface HeldName extends Holding {
  readonly symbol: string;
}

/** The most names without a mark that a valuation can list. */
export const UNPRICED_MAX = 1_000;

/** A book at marks. Equity leaves out what has no mark, and `unpriced` says what that is. */
export interface Valuation {
  readonly cash: string;
  readonly equity: string;
  readonly positions: Position[];
  readonly unpriced: DataOf<typeof PositionValued>['unpriced'];
  /** Null while anything held has no mark. */
  readonly unrealised: string | null;
}

/** Values a book: cash and what is held, by symbol, at the marks given. */
export function valueBook(
  cash: string,
  held: readonly HeldName[],
  marks: readonly Pick<Mark, 'symbol' | 'price'>[],
): Valuation {
  const bySymbol = new Map(held.map((each) => [each.symbol, each]));
  const valued = valuePositions(
    held.map(({ symbol, quantity, cost }) => ({ symbol, quantity: decimal(quantity), cost: decimal(cost) })),
    new Map(marks.filter((mark) => bySymbol.has(mark.symbol)).map((mark) => [mark.symbol, decimal(mark.price)])),
  );
  return {
    cash: formatDecimal(decimal(cash)),
    equity: formatDecimal(decimal(cash).plus(sum(valued.positions.map((each) => each.marketValue)))),
    positions: valued.positions.map(({ symbol, quantity, price, marketValue, unrealised }) => ({
      symbol,
      quantity: formatDecimal(quantity),
      averageCost: averageCostText(bySymbol.get(symbol)!),
      price: formatDecimal(price),
      marketValue: formatDecimal(marketValue),
      unrealised: formatDecimal(unrealised),
    })),
    unpriced: valued.unpriced.map(({ symbol, quantity }) => ({ symbol, quantity: formatDecimal(quantity) })),
    unrealised: valued.unrealised && formatDecimal(valued.unrealised),
  };
}

/** The orders that may still fill, by symbol and client order id. */
export function workingOrders(orders: readonly Order[]): WorkingOrder[] {
  return orders
    .map((order) => ({ order, remaining: remainingOf(order) }))
    .filter(({ remaining }) => remaining !== '0')
    .sort(({ order: a }, { order: b }) =>
      (a.symbol === b.symbol ? a.clientOrderId < b.clientOrderId : a.symbol < b.symbol) ? -1 : 1,
    )
    .map(({ order: { clientOrderId, symbol, side }, remaining }) => ({ clientOrderId, symbol, side, remaining }));
}
