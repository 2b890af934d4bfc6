import { Decimal } from '../money/index.js';
import { averageCost } from './position.js';
import type { Position } from './position.js';

/** One position at a mark, in the currency of the mark. */
export interface ValuedPosition {
  readonly symbol: string;
  readonly quantity: Decimal;
  readonly averageCost: Decimal;
  readonly price: Decimal;
  readonly marketValue: Decimal;
  readonly unrealised: Decimal;
}

/** Positions at marks. The totals are null while anything is unpriced: a part is not the whole. */
export interface Valuation {
  /** By symbol. */
  readonly positions: ValuedPosition[];
  /** Held without a usable mark, by symbol. */
  readonly unpriced: { readonly symbol: string; readonly quantity: Decimal }[];
  /** Sum of market values, shorts counted negative. */
  readonly net: Decimal | null;
  /** Sum of absolute market values. */
  readonly gross: Decimal | null;
  readonly unrealised: Decimal | null;
}

/** Values what is held; flat positions are left out. A mark must be above zero, anything else counts as missing. */
export function valuePositions(positions: readonly Position[], marks: ReadonlyMap<string, Decimal>): Valuation {
  const held = positions
    .filter(({ quantity }) => !quantity.isZero())
    .sort((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0));
  const valued: ValuedPosition[] = [];
  const unpriced: { symbol: string; quantity: Decimal }[] = [];
  for (const position of held) {
    const { symbol, quantity, cost } = position;
    const price = marks.get(symbol);
    if (price === undefined || !price.isFinite() || !price.greaterThan(0)) {
      unpriced.push({ symbol, quantity });
      continue;
    }
    const marketValue = new Decimal(quantity).times(price);
    const unrealised = marketValue.minus(cost);
    valued.push({ symbol, quantity, averageCost: averageCost(position)!, price, marketValue, unrealised });
  }
  const total = (part: (position: ValuedPosition) => Decimal): Decimal | null =>
    unpriced.length > 0 ? null : valued.reduce((sum, position) => sum.plus(part(position)), new Decimal(0));
  return {
    positions: valued,
    unpriced,
    net: total(({ marketValue }) => marketValue),
    gross: total(({ marketValue }) => marketValue.abs()),
    unrealised: total(({ unrealised }) => unrealised),
  };
}
