import { Decimal } from '../money/index.js';
import { initialMargin, maintenanceMargin } from '../risk-measures/index.js';
import type { Book } from './book.js';
import type { Holding } from './exposure.js';

/** What margin rules ask for a book, in money, whichever working orders fill. */
export interface Requirement {
  readonly initial: Decimal;
  readonly maintenance: Decimal;
}

const ZERO = new Decimal(0);
const NOTHING: Requirement = { initial: ZERO, maintenance: ZERO };

/** Margin of the book with the trades let through so far: a sum over names that moves with each trade. */
export class MarginBook {
  readonly #names = new Map<string, Requirement>();
  #initial = ZERO;
  #maintenance = ZERO;
  /** Names that are held and have no mark: while there are any, nothing is known. */
  readonly #unpriced = new Set<string>();

  constructor(private readonly book: Book) {
    for (const [symbol, holding] of book.holdings()) this.set(symbol, holding);
  }

  get known(): boolean {
    return this.#unpriced.size === 0;
  }

  /** What would be asked for with this holding of the name. */
  with(symbol: string, holding: Holding, mark: Decimal): Requirement {
    const before = this.#names.get(symbol) ?? NOTHING;
    const after = requirementOf(holding, mark);
    return {
      initial: this.#initial.minus(before.initial).plus(after.initial),
      maintenance: this.#maintenance.minus(before.maintenance).plus(after.maintenance),
    };
  }

  /** Takes the holding of a name as it is now. */
  set(symbol: string, holding: Holding): void {
    const mark = this.book.mark(symbol);
    const before = this.#names.get(symbol) ?? NOTHING;
    const after = mark === null ? NOTHING : requirementOf(holding, mark);
    const held = [holding.position, holding.workingBuys, holding.workingSells].some((shares) => !shares.isZero());
    if (mark === null && held) this.#unpriced.add(symbol);
    else this.#unpriced.delete(symbol);
    this.#names.set(symbol, after);
    this.#initial = this.#initial.minus(before.initial).plus(after.initial);
    this.#maintenance = this.#maintenance.minus(before.maintenance).plus(after.maintenance);
  }
}

/** Both are convex in the shares held, so the most is asked for where all buys fill and no sells, or the other way round. */
function requirementOf({ position, workingBuys, workingSells }: Holding, mark: Decimal): Requirement {
  const high = position.plus(workingBuys);
  if (workingBuys.isZero() && workingSells.isZero()) {
    return { initial: initialMargin(high, mark), maintenance: maintenanceMargin(high, mark) };
  }
  const low = position.minus(workingSells);
  return {
    initial: Decimal.max(initialMargin(high, mark), initialMargin(low, mark)),
    maintenance: Decimal.max(maintenanceMargin(high, mark), maintenanceMargin(low, mark)),
  };
}
