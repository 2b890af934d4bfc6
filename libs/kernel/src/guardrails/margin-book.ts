import { Decimal } from '../money/index.js';
import { initialMargin, maintenanceMargin } from '../risk-measures/index.js';
import type { Book } from './book.js';
import type { Holding } from './exposure.js';

export type MarginKind = 'initial' | 'maintenance';

/** What margin rules ask for a name or a book, in money, whichever working orders fill. */
type Requirement = Readonly<Record<MarginKind, Decimal>>;

const ZERO = new Decimal(0);
const NOTHING: Requirement = { initial: ZERO, maintenance: ZERO };
const RULES = { initial: initialMargin, maintenance: maintenanceMargin };

/** Margin of the book with the trades let through so far: a sum over names that moves with each trade. */
export class MarginBook {
  readonly #names = new Map<string, Requirement>();
  readonly #total = { initial: ZERO, maintenance: ZERO };
  /** Names that are held and have no mark: while there are any, nothing is known. */
  readonly #unpriced = new Set<string>();

  constructor(private readonly book: Book) {
    for (const [symbol, holding] of book.holdings()) this.set(symbol, holding);
  }

  get known(): boolean {
    return this.#unpriced.size === 0;
  }

  /** What would be asked for with this holding of the name. */
  with(kind: MarginKind, symbol: string, holding: Holding, mark: Decimal): Decimal {
    const before = (this.#names.get(symbol) ?? NOTHING)[kind];
    return this.#total[kind].plus(requirementOf(kind, holding, mark).minus(before));
  }

  /** Takes the holding of a name as it is now. */
  set(symbol: string, holding: Holding): void {
    const mark = this.book.mark(symbol);
    const before = this.#names.get(symbol) ?? NOTHING;
    const of = (kind: MarginKind): Decimal => (mark === null ? ZERO : requirementOf(kind, holding, mark));
    const after = { initial: of('initial'), maintenance: of('maintenance') };
    const held = [holding.position, holding.workingBuys, holding.workingSells].some((shares) => !shares.isZero());
    if (mark === null && held) this.#unpriced.add(symbol);
    else this.#unpriced.delete(symbol);
    this.#names.set(symbol, after);
    this.#total.initial = this.#total.initial.plus(after.initial.minus(before.initial));
    this.#total.maintenance = this.#total.maintenance.plus(after.maintenance.minus(before.maintenance));
  }
}

/** Both are convex in the shares held, so the most is asked for where all buys fill and no sells, or the other way round. */
function requirementOf(kind: MarginKind, { position, workingBuys, workingSells }: Holding, mark: Decimal): Decimal {
  const rule = RULES[kind];
  if (workingBuys.isZero() && workingSells.isZero()) return rule(position, mark);
  return Decimal.max(rule(position.plus(workingBuys), mark), rule(position.minus(workingSells), mark));
}
