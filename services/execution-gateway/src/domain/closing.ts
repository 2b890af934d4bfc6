import type { Side } from '@ballast/contracts';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';

/** What an account holds by its fills (below zero where it is short), and what of its orders may still fill. */
export interface Holdings {
  readonly positions: readonly { readonly symbol: string; readonly quantity: string }[];
  readonly working: readonly { readonly symbol: string; readonly side: Side; readonly remaining: string }[];
}

/**
 * Shares that can still be traded of a name on a side so that, whatever else fills, the position neither grows nor turns:
 * what is held the other way, less what is working on that side. A name and side that is not there has none.
 */
export type Room = ReadonlyMap<string, Decimal>;

const place = (symbol: string, side: Side): string => `${symbol} ${side}`;

/** The room to close that holdings leave. */
export function roomOf({ positions, working }: Holdings): Room {
  const room = new Map<string, Decimal>();
  const add = (symbol: string, side: Side, quantity: Decimal): void => {
    const at = place(symbol, side);
    room.set(at, (room.get(at) ?? decimal('0')).plus(quantity));
  };
  for (const { symbol, quantity } of positions) {
    const held = decimal(quantity);
    add(symbol, 'sell', held);
    add(symbol, 'buy', held.negated());
  }
  for (const { symbol, side, remaining } of working) add(symbol, side, decimal(remaining).negated());
  return room;
}

/**
 * Takes trades out of the room to close.
 * @returns what is left, or the reason why one of them would do more than shrink what is held.
 */
export function takeRoom(
  room: Room,
  trades: readonly { readonly symbol: string; readonly side: Side; readonly quantity: string }[],
): { readonly left: Room } | { readonly grows: string } {
  const left = new Map(room);
  for (const { symbol, side, quantity } of trades) {
    const free = Decimal.max(0, left.get(place(symbol, side)) ?? 0);
    if (free.lessThan(quantity)) {
      return {
        grows: `${symbol}: a ${side} of ${quantity} does more than close; ${formatDecimal(free)} can be closed`,
      };
    }
    left.set(place(symbol, side), free.minus(quantity));
  }
  return { left };
}
