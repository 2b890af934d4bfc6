import type { Mark, Position, Side, Trade, WorkingOrder } from '@ballast/contracts';
import { Decimal, decimal, sum } from '@ballast/kernel/money';

/** What was heard of a book, lists unpacked. */
export interface Heard {
  readonly marks: readonly Mark[];
  readonly valuation: {
    readonly equity: string;
    readonly ledgerSequence: number;
    readonly positions: readonly Pick<Position, 'symbol' | 'quantity'>[];
    readonly unpriced: readonly Held[];
  };
  readonly working: readonly Pick<WorkingOrder, 'symbol' | 'side' | 'remaining'>[];
  /** The ledger as it was posted last. */
  readonly posted: { readonly sequence: number; readonly cash: string; readonly positions: readonly Held[] } | null;
  /** Trades that were let through and are in no valuation and no ledger yet. */
  readonly outstanding: readonly Pick<Trade, 'symbol' | 'side' | 'quantity'>[];
}

interface Held {
  readonly symbol: string;
  readonly quantity: string;
}

/** A book as the guardrails look at it. A symbol that a map does not have is missing data. */
export interface BookView {
  readonly marks: ReadonlyMap<string, Mark>;
  readonly prices: ReadonlyMap<string, Decimal>;
  readonly sectors: ReadonlyMap<string, string>;
  readonly adv: ReadonlyMap<string, Decimal>;
  readonly positions: readonly { readonly symbol: string; readonly quantity: Decimal }[];
  readonly working: readonly { readonly symbol: string; readonly side: Side; readonly quantity: Decimal }[];
  /** Null where it is not known, or could be more than it is. */
  readonly equity: Decimal | null;
}

/**
 * The newest view of a book: positions of the posted ledger where that is newer than
 * the valuation, and whatever was let through since counted as working.
 */
export function bookView({ marks, valuation, working, posted, outstanding }: Heard): BookView {
  const prices = new Map(marks.map((mark) => [mark.symbol, decimal(mark.price)]));
  const newer = posted !== null && posted.sequence > valuation.ledgerSequence ? posted : null;
  const held = newer ? newer.positions : [...valuation.positions, ...valuation.unpriced];
  const positions = held.map(({ symbol, quantity }) => ({ symbol, quantity: decimal(quantity) }));
  return {
    prices,
    positions,
    marks: new Map(marks.map((mark) => [mark.symbol, mark])),
    sectors: new Map(marks.flatMap(({ symbol, sector }) => (sector === null ? [] : [[symbol, sector]]))),
    adv: new Map(marks.flatMap(({ symbol, adv }) => (adv === null ? [] : [[symbol, decimal(adv)]]))),
    working: [
      ...working.map(({ symbol, side, remaining }) => ({ symbol, side, quantity: decimal(remaining) })),
      ...outstanding.map(({ symbol, side, quantity }) => ({ symbol, side, quantity: decimal(quantity) })),
    ],
    equity: equityOf(positions, prices, newer ? newer.cash : null, valuation.equity),
  };
}

/** Shares of a name that a book holds; below zero where it is short. */
export const heldShares = ({ positions }: BookView, symbol: string): Decimal =>
  sum(positions.filter((each) => each.symbol === symbol).map(({ quantity }) => quantity));

/** Shares of a name that are working, or let through, on one side. */
export const workingShares = ({ working }: BookView, symbol: string, side: Side): Decimal =>
  sum(working.filter((each) => each.symbol === symbol && each.side === side).map(({ quantity }) => quantity));

/** A long position without a mark is left out of equity, which is careful; a short one would make it look larger. */
function equityOf(
  positions: BookView['positions'],
  prices: BookView['prices'],
  postedCash: string | null,
  valued: string,
): Decimal | null {
  const priced = ({ symbol }: { symbol: string }): boolean => prices.get(symbol)?.greaterThan(0) === true;
  if (positions.some((each) => !priced(each) && each.quantity.isNegative())) return null;
  if (postedCash === null) return decimal(valued);
  const values = positions.filter(priced).map(({ symbol, quantity }) => quantity.times(prices.get(symbol)!));
  return decimal(postedCash).plus(sum(values));
}
