import { Decimal } from '../money/index.js';
import { afterTrade, reducibleQuantity, worstExposure } from './exposure.js';
import type { Holding } from './exposure.js';
import type { HeldPosition, PlannedTrade, WorkingOrder } from './types.js';

/** Exposures added up; while any name of it has no mark, the sum is not known. */
interface Total {
  gross: Decimal;
  unpriced: number;
}

/** What one name adds to the totals, in money; null where it has shares and no mark. */
interface Exposure {
  readonly gross: Decimal | null;
  /** Net exposure where all buys and no sells fill, and the other way round. */
  readonly high: Decimal;
  readonly low: Decimal;
}

const ZERO = new Decimal(0);
const NOTHING_HELD: Holding = { position: ZERO, workingBuys: ZERO, workingSells: ZERO };
const NO_EXPOSURE: Exposure = { gross: ZERO, high: ZERO, low: ZERO };
/** Names whose sector is not known are a sector of their own; no sector's name is empty. */
const NO_SECTOR = '';

/**
 * Positions, working orders and the trades let through so far. Sums move with each trade instead of being added up again, which keeps a
 * plan of ten thousand trades linear.
 */
export class Book {
  /** Marks as they were asked for, usable ones only. */
  readonly #marks = new Map<string, Decimal | null>();
  readonly #holdings = new Map<string, Holding>();
  readonly #exposures = new Map<string, Exposure>();
  readonly #sectors = new Map<string, Total>();
  readonly #planned = new Map<string, Decimal>();
  readonly #strategies: Map<string, Decimal>;
  readonly #all: Total = { gross: ZERO, unpriced: 0 };
  #high = ZERO;
  #low = ZERO;
  #opened = ZERO;

  constructor(
    positions: readonly HeldPosition[],
    working: readonly WorkingOrder[],
    private readonly marks: ReadonlyMap<string, Decimal>,
    private readonly sectors: ReadonlyMap<string, string>,
    strategyGross: ReadonlyMap<string, Decimal> = new Map(),
  ) {
    this.#strategies = new Map(strategyGross);
    for (const { symbol, quantity } of positions) {
      const held = this.holding(symbol);
      this.#holdings.set(symbol, { ...held, position: held.position.plus(quantity) });
    }
    for (const { symbol, side, quantity } of working) {
      const held = this.holding(symbol);
      const field = side === 'buy' ? 'workingBuys' : 'workingSells';
      this.#holdings.set(symbol, { ...held, [field]: held[field].plus(quantity) });
    }
    for (const [symbol, holding] of this.#holdings) this.#expose(symbol, holding);
  }

  /** Names with a position or a working order. */
  holdings(): ReadonlyMap<string, Holding> {
    return this.#holdings;
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
    let mark = this.#marks.get(symbol);
    if (mark === undefined) {
      const given = this.marks.get(symbol);
      mark = given !== undefined && given.isFinite() && given.greaterThan(0) ? new Decimal(given) : null;
      this.#marks.set(symbol, mark);
    }
    return mark;
  }

  /** Gross exposure of the sector without this name, in money; null while some other name in it has no mark. */
  sectorWithout(symbol: string, sector: string | null): Decimal | null {
    return this.#without(symbol, this.#sectors.get(sector ?? NO_SECTOR));
  }

  /** Gross exposure of all other names, in money; null while one of them has no mark. */
  grossWithout(symbol: string): Decimal | null {
    return this.#without(symbol, this.#all);
  }

  /** The extremes of the net exposure of the book, whichever working orders fill, in money; null while a name has no mark. */
  net(): { readonly high: Decimal; readonly low: Decimal } | null {
    return this.#all.unpriced > 0 ? null : { high: this.#high, low: this.#low };
  }

  /** What a strategy has asked for so far, in money; null where that is not known. */
  strategyGross(strategy: string): Decimal | null {
    return this.#strategies.get(strategy) ?? null;
  }

  /** What the trades of this plan open, in money. */
  opened(): Decimal {
    return this.#opened;
  }

  /** Counts a trade as done. */
  accept({ symbol, side, quantity, price, strategies = {} }: PlannedTrade): void {
    const before = this.holding(symbol);
    const after = afterTrade(before, side, quantity);
    this.#holdings.set(symbol, after);
    this.#planned.set(symbol, this.planned(symbol).plus(quantity));
    this.#expose(symbol, after);
    const mark = this.mark(symbol);
    if (mark === null) return;
    const opening = quantity.minus(Decimal.min(quantity, reducibleQuantity(before, side)));
    this.#opened = this.#opened.plus(opening.times(openingPrice(side, mark, price)));
    for (const [strategy, part] of Object.entries(strategies)) {
      const gross = this.#strategies.get(strategy) ?? ZERO;
      this.#strategies.set(strategy, gross.plus(opening.times(mark).times(part)));
    }
  }

  #without(symbol: string, total: Total | undefined): Decimal | null {
    if (total === undefined) return ZERO;
    const own = this.#exposures.get(symbol) ?? NO_EXPOSURE;
    if (own.gross === null || total.unpriced > 0) return null;
    return total.gross.minus(own.gross);
  }

  #expose(symbol: string, holding: Holding): void {
    const before = this.#exposures.get(symbol) ?? NO_EXPOSURE;
    const after = this.#exposureOf(symbol, holding);
    this.#exposures.set(symbol, after);
    this.#high = this.#high.plus(after.high.minus(before.high));
    this.#low = this.#low.plus(after.low.minus(before.low));
    const moved = (after.gross ?? ZERO).minus(before.gross ?? ZERO);
    for (const total of [this.#all, this.#sectorTotal(symbol)]) {
      total.gross = total.gross.plus(moved);
      total.unpriced += Number(after.gross === null) - Number(before.gross === null);
    }
  }

  #exposureOf(symbol: string, holding: Holding): Exposure {
    const shares = worstExposure(holding);
    if (shares.isZero()) return NO_EXPOSURE;
    const mark = this.mark(symbol);
    if (mark === null) return { gross: null, high: ZERO, low: ZERO };
    if (holding.workingBuys.isZero() && holding.workingSells.isZero()) {
      const net = holding.position.times(mark);
      return { gross: net.abs(), high: net, low: net };
    }
    return {
      gross: shares.times(mark),
      high: holding.position.plus(holding.workingBuys).times(mark),
      low: holding.position.minus(holding.workingSells).times(mark),
    };
  }

  #sectorTotal(symbol: string): Total {
    const sector = this.sectors.get(symbol) ?? NO_SECTOR;
    const total = this.#sectors.get(sector) ?? { gross: ZERO, unpriced: 0 };
    this.#sectors.set(sector, total);
    return total;
  }
}

/** What a share costs that is opened: its mark, or what a buyer has said to pay where that is more. */
export const openingPrice = (side: PlannedTrade['side'], mark: Decimal, price: Decimal | undefined): Decimal =>
  side === 'buy' && price !== undefined ? Decimal.max(mark, price) : mark;
