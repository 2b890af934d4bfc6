import { Decimal } from '../money/index.js';
import { afterTrade, worstExposure } from './exposure.js';
import type { Holding } from './exposure.js';
import type { HeldPosition, PlannedTrade, WorkingOrder } from './types.js';

interface SectorSum {
  gross: Decimal;
  /** Names with exposure but without a mark; while there are any, the gross of the sector is not known. */
  unpriced: number;
}

const ZERO = new Decimal(0);
const NOTHING_HELD: Holding = { position: ZERO, workingBuys: ZERO, workingSells: ZERO };

/**
 * Positions, working orders and the trades let through so far. Sector sums move with each trade instead of being added
 * up again, which keeps a plan of ten thousand trades linear.
 */
export class Book {
  readonly #holdings = new Map<string, Holding>();
  readonly #planned = new Map<string, Decimal>();
  readonly #sectors = new Map<string, SectorSum>();

  constructor(
    positions: readonly HeldPosition[],
    working: readonly WorkingOrder[],
    private readonly marks: ReadonlyMap<string, Decimal>,
    private readonly sectors: ReadonlyMap<string, string>,
  ) {
    for (const { symbol, quantity } of positions) {
      const held = this.holding(symbol);
      this.#holdings.set(symbol, { ...held, position: held.position.plus(quantity) });
    }
    for (const { symbol, side, quantity } of working) {
      const held = this.holding(symbol);
      const field = side === 'buy' ? 'workingBuys' : 'workingSells';
      this.#holdings.set(symbol, { ...held, [field]: held[field].plus(quantity) });
    }
    for (const [symbol, holding] of this.#holdings) this.#countInSector(symbol, worstExposure(holding));
  }

  holding(symbol: string): Holding {
    return this.#holdings.get(symbol) ?? NOTHING_HELD;
  }

  /** Shares of the name that trades of this plan already take from the day's volume, both sides added up. */
  planned(symbol: string): Decimal {
    return this.#planned.get(symbol) ?? ZERO;
  }

  /** The price of a share; null when it is missing, not finite or not above zero. */
  mark(symbol: string): Decimal | null {
    const mark = this.marks.get(symbol);
    return mark !== undefined && mark.isFinite() && mark.greaterThan(0) ? new Decimal(mark) : null;
  }

  /** Gross exposure of the sector without this name, in money; null while some other name in it has no mark. */
  sectorWithout(symbol: string, sector: string): Decimal | null {
    const sum = this.#sectors.get(sector);
    if (sum === undefined) return ZERO;
    const mark = this.mark(symbol);
    const own = worstExposure(this.holding(symbol));
    if (mark === null || sum.unpriced > 0) return null;
    return sum.gross.minus(own.times(mark));
  }

  /** Counts a trade as done. */
  accept({ symbol, side, quantity }: PlannedTrade): void {
    const before = this.holding(symbol);
    const after = afterTrade(before, side, quantity);
    this.#holdings.set(symbol, after);
    this.#planned.set(symbol, this.planned(symbol).plus(quantity));
    this.#countInSector(symbol, worstExposure(after).minus(worstExposure(before)));
  }

  #countInSector(symbol: string, shares: Decimal): void {
    const sector = this.sectors.get(symbol);
    if (sector === undefined || shares.isZero()) return;
    const sum = this.#sectors.get(sector) ?? { gross: ZERO, unpriced: 0 };
    const mark = this.mark(symbol);
    if (mark === null) sum.unpriced += 1;
    else sum.gross = sum.gross.plus(shares.times(mark));
    this.#sectors.set(sector, sum);
  }
}
