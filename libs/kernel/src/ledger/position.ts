import { Decimal, KernelError } from '../money/index.js';

/** What is held of one name at average cost. */
export interface Position {
  readonly symbol: string;
  /** Shares: above zero long, below zero short. */
  readonly quantity: Decimal;
  /** Money paid for what is held; for a short, minus the money received. It has the sign of the quantity. */
  readonly cost: Decimal;
}

/** An execution; fees are posted by themselves and are not part of average cost. */
export interface Fill {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  /** Shares, above zero. */
  readonly quantity: Decimal;
  /** Money a share, zero or more. */
  readonly price: Decimal;
}

/** Cost taken off by a partial close is rounded to the scale of the database, so that what is kept adds up exactly. */
const COST_PLACES = 10;
const ZERO = new Decimal(0);

/** A position of nothing. */
export function flatPosition(symbol: string): Position {
  return { symbol, quantity: ZERO, cost: ZERO };
}

/** Money a share, zero or more, that the position cost (long) or brought in (short); null when flat. */
export function averageCost({ quantity, cost }: Position): Decimal | null {
  return quantity.isZero() ? null : cost.div(quantity).abs();
}

/**
 * Applies an execution at average cost. Adding to a position moves its average; closing realises
 * (price - average) × shares, the other way round for a short; what goes beyond zero opens anew at the fill's price.
 * Over any fills cost = money paid for buys - money received for sells + realised, to the last digit.
 * @throws KernelError INVALID_FILL for another symbol, a quantity not above zero or a negative price.
 */
export function applyFill(position: Position, fill: Fill): { position: Position; realised: Decimal } {
  requireFill(position, fill);
  const signed = fill.side === 'buy' ? new Decimal(fill.quantity) : new Decimal(fill.quantity).negated();
  const closing = closedShares(position.quantity, signed);
  const released = releasedCost(position, closing);
  const realised = closing.times(fill.price).minus(released);
  const opened = signed.plus(closing);
  return {
    position: {
      symbol: position.symbol,
      quantity: new Decimal(position.quantity).plus(signed),
      cost: new Decimal(position.cost).minus(released).plus(opened.times(fill.price)),
    },
    realised,
  };
}

/** Shares of the position that the fill closes, with the sign of the position; zero when the fill adds to it. */
function closedShares(held: Decimal, signed: Decimal): Decimal {
  if (held.isZero() || held.isNegative() === signed.isNegative()) return ZERO;
  const closed = Decimal.min(held.abs(), signed.abs());
  return held.isNegative() ? closed.negated() : closed;
}

function releasedCost({ quantity, cost }: Position, closing: Decimal): Decimal {
  if (closing.isZero()) return ZERO;
  if (closing.equals(quantity)) return cost;
  return new Decimal(cost).times(closing).div(quantity).toDecimalPlaces(COST_PLACES, Decimal.ROUND_HALF_EVEN);
}

function requireFill(position: Position, { symbol, quantity, price }: Fill): void {
  const problem =
    symbol !== position.symbol
      ? `it is of ${symbol}`
      : !quantity.isFinite() || !quantity.greaterThan(0)
        ? `its quantity ${quantity.toString()} is not above zero`
        : !price.isFinite() || price.lessThan(0)
          ? `its price ${price.toString()} is not zero or more`
          : null;
  if (problem === null) return;
  throw new KernelError(
    'INVALID_FILL',
    `The fill does not fit the position in ${position.symbol}: ${problem}; park it and compare it with the venue.`,
  );
}
