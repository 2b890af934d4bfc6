import type { DataOf, OrderCancelled, OrderFilled, OrderSubmitted, Side } from '@ballast/contracts';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';

/** An order as the book follows it; quantities are decimal text. */
export interface Order {
  readonly clientOrderId: string;
  readonly portfolioId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: string;
  readonly filled: string;
  readonly ended: boolean;
}

type Named = Pick<DataOf<typeof OrderCancelled>, 'clientOrderId' | 'portfolioId' | 'symbol' | 'side'>;

const named = ({ clientOrderId, portfolioId, symbol, side }: Named) => ({ clientOrderId, portfolioId, symbol, side });

/** The order was sent; what was heard of it before (a fill, an end) stays. */
export const submitted = (known: Order | null, data: DataOf<typeof OrderSubmitted>): Order => ({
  ...named(data),
  filled: known?.filled ?? '0',
  ended: known?.ended ?? false,
  quantity: data.quantity,
});

/** A fill of the order, heard for the first time; an order not known yet has the size that the fill tells of. */
export function filled(known: Order | null, data: DataOf<typeof OrderFilled>): Order {
  const before = decimal(known?.filled ?? '0');
  const size = known?.quantity ?? formatDecimal(decimal(data.cumulativeQuantity).plus(decimal(data.leavesQuantity)));
  const sum = before.plus(decimal(data.quantity));
  return {
    ...named(data),
    quantity: size,
    filled: formatDecimal(sum),
    // An order for an amount of money fills as many shares as it does: that nothing is left is said by its last fill.
    ended: (known?.ended ?? false) || sum.greaterThanOrEqualTo(decimal(size)) || decimal(data.leavesQuantity).isZero(),
  };
}

/** The order was cancelled, rejected or expired: nothing more of it is expected. */
export const ended = (known: Order | null, data: Named & { readonly filledQuantity: string }): Order => ({
  ...named(data),
  quantity: known?.quantity ?? data.filledQuantity,
  filled: known?.filled ?? '0',
  ended: true,
});

/** What may still fill, as decimal text. */
export function remainingOf(order: Order): string {
  if (order.ended) return '0';
  return formatDecimal(Decimal.max(0, decimal(order.quantity).minus(decimal(order.filled))));
}
