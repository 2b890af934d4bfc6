import { Decimal } from '../money/index.js';
import type { Side } from './types.js';

/** Shares of one name: what is held and what working orders may still buy or sell. */
export interface Holding {
  readonly position: Decimal;
  readonly workingBuys: Decimal;
  readonly workingSells: Decimal;
}

/** How far one check lets a trade go. */
export type Room =
  | { readonly kind: 'any' }
  | { readonly kind: 'none' }
  | { readonly kind: 'quantity'; readonly max: Decimal }
  /** The name's worst exposure after the trade, times the factor where there is one, may reach this value, or the trade must only reduce. */
  | { readonly kind: 'exposure'; readonly value: Decimal; readonly factor?: Decimal }
  /** Every quantity passes up to the largest that does, and zero does. */
  | { readonly kind: 'upTo'; readonly passes: (quantity: Decimal) => boolean };

const ZERO = new Decimal(0);
const ROOM_PLACES = 20;

/**
 * The largest exposure in shares that the name can reach, whichever working orders fill: the exposure is a convex
 * function of what fills, so its maximum is where all buys fill and no sells, or the other way round.
 */
export function worstExposure(holding: Holding): Decimal {
  const { position, workingBuys, workingSells } = holding;
  if (workingBuys.isZero() && workingSells.isZero()) return position.abs();
  return Decimal.max(position.plus(workingBuys).abs(), position.minus(workingSells).abs());
}

/** The holding once the trade is done. */
export function afterTrade(holding: Holding, side: Side, quantity: Decimal): Holding {
  const position = side === 'buy' ? holding.position.plus(quantity) : holding.position.minus(quantity);
  return { ...holding, position };
}

/**
 * The largest quantity that only closes what is held, with working orders of the same side already taken off; zero when
 * the trade opens. Up to this quantity no outcome of the working orders makes the exposure larger than it is.
 */
export function reducibleQuantity({ position, workingBuys, workingSells }: Holding, side: Side): Decimal {
  const closable = side === 'sell' ? position.minus(workingSells) : position.plus(workingBuys).negated();
  return closable.greaterThan(0) ? closable : ZERO;
}

/**
 * The largest quantity, at most `requested`, that every room lets through; zero when there is none. Closed form, but for rooms that only
 * say whether a quantity passes: theirs is found by bisection over whole lots.
 *
 * Seen in the direction of the trade, the exposures that must stay within ±value are low + q and high + q (price times
 * shares), so the passing quantities are those that only reduce, q <= reducible, and one interval, value bounds minus
 * high and low. The requested quantity is kept as it is when it passes; any other answer is a whole number of lots.
 */
export function largestPassing(
  holding: Holding,
  side: Side,
  requested: Decimal,
  mark: Decimal | null,
  rooms: readonly Room[],
  lotSize: Decimal,
): Decimal {
  if (rooms.some((room) => room.kind === 'none')) return ZERO;
  const cap = Decimal.min(requested, ...rooms.flatMap((room) => capsOf(room, requested, lotSize)));
  const values = rooms.flatMap((room) => (room.kind === 'exposure' ? [exposureOf(room)] : []));
  const wholeLots = (quantity: Decimal): Decimal => quantity.divToInt(lotSize).times(lotSize);
  if (values.length === 0) return cap.equals(requested) ? requested : positive(wholeLots(cap));
  if (mark === null) return ZERO;

  const value = Decimal.min(...values);
  const reducible = reducibleQuantity(holding, side);
  const { high, low } = directed(holding, side, mark);
  const passes = (quantity: Decimal): boolean => {
    const bought = quantity.times(mark);
    const within = high.plus(bought).lessThanOrEqualTo(value) && low.plus(bought).greaterThanOrEqualTo(value.negated());
    return quantity.lessThanOrEqualTo(cap) && (within || quantity.lessThanOrEqualTo(reducible));
  };
  if (passes(requested)) return requested;
  // Dividing by mark × lot at once keeps the quotient a whole number, so no rounded division can step over the limit.
  const intervalEnd = value.minus(high).divToInt(mark.times(lotSize)).times(lotSize);
  const candidates = [Decimal.min(wholeLots(cap), intervalEnd), wholeLots(Decimal.min(cap, reducible))];
  return positive(Decimal.max(ZERO, ...candidates.filter((quantity) => quantity.greaterThan(0) && passes(quantity))));
}

/** Cut downwards, so that a quotient never steps over its limit. */
const exposureOf = ({ value, factor }: Extract<Room, { kind: 'exposure' }>): Decimal =>
  factor === undefined ? value : value.div(factor).toDecimalPlaces(ROOM_PLACES, Decimal.ROUND_DOWN);

/** The largest quantity of a room that has one by itself. */
function capsOf(room: Room, requested: Decimal, lotSize: Decimal): readonly Decimal[] {
  if (room.kind === 'quantity') return [room.max];
  if (room.kind !== 'upTo' || room.passes(requested)) return [];
  let [low, high] = [0, requested.divToInt(lotSize).toNumber()];
  // A quantity of whole lots that does not pass lies above what is looked for, one that does at it or below.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (room.passes(lotSize.times(middle))) low = middle;
    else high = middle - 1;
  }
  return [lotSize.times(low)];
}

/** The extremes of the exposure before the trade, in money, with the direction of the trade counted as positive. */
function directed({ position, workingBuys, workingSells }: Holding, side: Side, mark: Decimal) {
  return side === 'buy'
    ? { high: position.plus(workingBuys).times(mark), low: position.minus(workingSells).times(mark) }
    : {
        high: workingSells.minus(position).times(mark),
        low: position.plus(workingBuys).negated().times(mark),
      };
}

function positive(quantity: Decimal): Decimal {
  return quantity.greaterThan(0) ? quantity : ZERO;
}
