import { Decimal } from '../money/index.js';
import { ScenarioProfits, shockOf } from '../risk-measures/index.js';
import type { Scenario } from '../risk-measures/index.js';
import type { Book } from './book.js';
import type { Holding } from './exposure.js';
import type { Facts } from './facts.js';

/** A part of a book's risk that is a sum over names, and the names for which it is not known. */
interface Sum {
  value: number;
  readonly unknown: Set<string>;
}

/**
 * The book as statistics see it: profits over history, beta, and losses in scenarios, in money. All working orders count as filled. A sum
 * is not known while a name that is held has no mark, no history or no sensitivity.
 */
export class ScenarioBook {
  readonly profits: ScenarioProfits;
  /** Names that are held without a mark or without a whole history. */
  readonly unknownHistory = new Set<string>();
  readonly beta: Sum = { value: 0, unknown: new Set() };
  readonly stress: readonly Sum[];
  readonly #values = new Map<string, number>();
  readonly #shocks = new Map<string, readonly (number | null)[]>();

  constructor(
    private readonly book: Book,
    private readonly facts: Facts,
    private readonly sectors: ReadonlyMap<string, string>,
    private readonly scenarios: readonly Scenario[],
  ) {
    this.profits = new ScenarioProfits(observationsOf(facts));
    this.stress = scenarios.map(() => ({ value: 0, unknown: new Set<string>() }));
    // Sums of floating point depend on their order; by symbol, they do not depend on the order in which the book was written down.
    for (const [symbol, holding] of [...book.holdings()].sort(([a], [b]) => (a < b ? -1 : 1)))
      this.set(symbol, holding);
  }

  /** The history of a name; null where it is missing or not as long as that of others. */
  returns(symbol: string): ArrayLike<number> | null {
    const returns = this.facts.returns?.get(symbol);
    return returns !== undefined && returns.length === this.profits.observations ? returns : null;
  }

  /** The beta of a name; null where it is not known. */
  betaOf(symbol: string): number | null {
    const beta = this.facts.betas?.get(symbol);
    return beta !== undefined && Number.isFinite(beta) ? beta : null;
  }

  /** By what fraction a name moves in each of the scenarios; null where that is not known. */
  shocks(symbol: string): readonly (number | null)[] {
    const known = this.#shocks.get(symbol);
    if (known !== undefined) return known;
    const sensitivity = {
      symbol,
      sector: this.sectors.get(symbol),
      beta: this.facts.betas?.get(symbol),
      factors: this.facts.factors?.get(symbol),
    };
    const shocks = this.scenarios.map((scenario) => shockOf(scenario, sensitivity));
    this.#shocks.set(symbol, shocks);
    return shocks;
  }

  /** What the book holds of a name, in money. */
  value(symbol: string): number {
    return this.#values.get(symbol) ?? 0;
  }

  /** Takes the holding of a name as it is now. */
  set(symbol: string, { position, workingBuys, workingSells }: Holding): void {
    const idle = workingBuys.isZero() && workingSells.isZero();
    const shares = idle ? position : position.plus(workingBuys).minus(workingSells);
    const mark = this.book.mark(symbol);
    const held = !shares.isZero();
    const value = mark === null ? 0 : moneyOf(shares, mark);
    const moved = value - this.value(symbol);
    this.#values.set(symbol, value);
    const returns = this.returns(symbol);
    mentionIf(held && (mark === null || returns === null), this.unknownHistory, symbol);
    if (returns !== null && moved !== 0) this.profits.add(returns, moved);
    this.#move(this.beta, symbol, held && mark === null ? null : this.betaOf(symbol), held, moved);
    const shocks = this.scenarios.length === 0 ? [] : this.shocks(symbol);
    for (const [i, sum] of this.stress.entries()) {
      this.#move(sum, symbol, held && mark === null ? null : shocks[i]!, held, moved);
    }
  }

  #move(sum: Sum, symbol: string, each: number | null, held: boolean, moved: number): void {
    mentionIf(held && each === null, sum.unknown, symbol);
    sum.value += (each ?? 0) * moved;
  }
}

/** Shares at a price in floating point, for statistics. */
export const moneyOf = (shares: Decimal, mark: Decimal): number => shares.toNumber() * mark.toNumber();

function mentionIf(condition: boolean, names: Set<string>, name: string): void {
  if (condition) names.add(name);
  else if (names.size > 0) names.delete(name);
}

/** Histories are of the same sessions, so the first tells how many there are. */
function observationsOf({ returns }: Facts): number {
  for (const each of returns?.values() ?? []) return each.length;
  return 0;
}
