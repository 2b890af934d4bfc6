import type { VenueFill, VenueOrder, VenuePosition } from '@ballast/execution-gateway';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';

/** An order as it was asked for. */
export interface Asked {
  readonly account: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
}

/** An order as the venue has it, with whose it is. */
export type BookedOrder = VenueOrder & { readonly account: string };

/** The venue's own truth: what was placed, what has filled, what each account has. The checkers compare with it. */
export class VenueBook {
  readonly orders = new Map<string, BookedOrder>();
  readonly fills: (VenueFill & { readonly account: string })[] = [];
  /** Every request that reached the venue, refused ones and repetitions too. */
  readonly placements: Asked[] = [];
  readonly #cash = new Map<string, Decimal>();

  deposit(account: string, amount: string): void {
    this.#cash.set(account, this.cash(account).plus(decimal(amount)));
  }

  cash(account: string): Decimal {
    return this.#cash.get(account) ?? decimal('0');
  }

  accept(asked: Asked, at: string): BookedOrder {
    const { account, clientOrderId, symbol, side, quantity } = asked;
    const order: BookedOrder = {
      account,
      clientOrderId,
      venueOrderId: `v-${this.orders.size + 1}`,
      symbol,
      side,
      quantity,
      filledQuantity: '0',
      status: 'working',
      submittedAt: at,
    };
    this.orders.set(clientOrderId, order);
    return order;
  }

  fill(clientOrderId: string, quantity: Decimal, price: Decimal, at: string): VenueFill {
    const order = this.orders.get(clientOrderId)!;
    const { account, venueOrderId, symbol, side } = order;
    const filled = decimal(order.filledQuantity).plus(quantity);
    const status = filled.greaterThanOrEqualTo(order.quantity) ? ('filled' as const) : order.status;
    this.orders.set(clientOrderId, { ...order, filledQuantity: formatDecimal(filled), status });
    const amount = quantity.times(price);
    this.#cash.set(account, side === 'buy' ? this.cash(account).minus(amount) : this.cash(account).plus(amount));
    const fill: VenueFill = {
      executionId: `x-${this.fills.length + 1}`,
      venueOrderId,
      symbol,
      side,
      quantity: formatDecimal(quantity),
      price: formatDecimal(price),
      at,
    };
    this.fills.push({ ...fill, account });
    return fill;
  }

  end(clientOrderId: string, status: 'cancelled' | 'expired' | 'rejected'): BookedOrder {
    const ended = { ...this.orders.get(clientOrderId)!, status };
    this.orders.set(clientOrderId, ended);
    return ended;
  }

  positions(account: string): VenuePosition[] {
    const held = new Map<string, Decimal>();
    for (const fill of this.fills.filter((each) => each.account === account)) {
      const signed = decimal(fill.quantity).times(fill.side === 'buy' ? 1 : -1);
      held.set(fill.symbol, (held.get(fill.symbol) ?? new Decimal(0)).plus(signed));
    }
    return [...held]
      .filter(([, quantity]) => !quantity.isZero())
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([symbol, quantity]) => ({ symbol, quantity: formatDecimal(quantity) }));
  }
}
