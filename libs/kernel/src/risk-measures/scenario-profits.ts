import { shiftedTailLoss, smallest } from './historical.js';
import type { Tail, TailLoss } from './historical.js';
import type { Normal } from './parametric.js';

/**
 * What a book would have gained in each of the scenarios, one for a day of history, in its currency. A position adds its value times its
 * returns, so a trade moves the vector instead of having all positions added up again.
 */
export class ScenarioProfits {
  readonly #profits: Float64Array;
  #scratch = smallest(0);

  /** In: the number of scenarios; every vector of returns has as many. */
  constructor(readonly observations: number) {
    this.#profits = new Float64Array(observations);
  }

  /** Adds a position, or a trade: its value in money, below zero where it is short or sells. */
  add(returns: ArrayLike<number>, value: number): void {
    const profits = this.#profits;
    for (let i = 0; i < profits.length; i += 1) profits[i]! += value * returns[i]!;
  }

  /** Value at risk and shortfall in money with so much more of a name in the book. @throws KernelError INVALID_RETURN. */
  tailLossWith(returns: ArrayLike<number>, value: number, tail: Tail): TailLoss {
    if (this.#scratch.length !== tail.index + 1) this.#scratch = smallest(tail.index + 1);
    return shiftedTailLoss(this.#profits, returns, value, tail, this.#scratch);
  }

  /** Mean and sample standard deviation in money with so much more of a name in the book; NaN below two scenarios. */
  momentsWith(returns: ArrayLike<number>, value: number): Normal {
    const profits = this.#profits;
    const n = profits.length;
    let total = 0;
    for (let i = 0; i < n; i += 1) total += profits[i]! + value * returns[i]!;
    const mean = total / n;
    let squares = 0;
    for (let i = 0; i < n; i += 1) squares += (profits[i]! + value * returns[i]! - mean) ** 2;
    return { mean, deviation: Math.sqrt(squares / (n - 1)) };
  }

  /**
   * The correlation of a name with the rest of the book, `own` being what the book holds of the name itself in money; null where one of the
   * two does not move, as where nothing else is held.
   */
  correlationWith(returns: ArrayLike<number>, own: number): number | null {
    const profits = this.#profits;
    const n = profits.length;
    let [sumX, sumY, largest] = [0, 0, 0];
    for (let i = 0; i < n; i += 1) {
      const rest = profits[i]! - own * returns[i]!;
      sumX += returns[i]!;
      sumY += rest;
      largest = Math.max(largest, Math.abs(profits[i]!));
    }
    const [meanX, meanY] = [sumX / n, sumY / n];
    let [xx, yy, xy] = [0, 0, 0];
    for (let i = 0; i < n; i += 1) {
      const x = returns[i]! - meanX;
      const y = profits[i]! - own * returns[i]! - meanY;
      xx += x * x;
      yy += y * y;
      xy += x * y;
    }
    // What is left of a book after its only name is taken out is rounding, not a position.
    const noise = largest * n * Number.EPSILON;
    if (xx === 0 || yy <= noise * noise * n) return null;
    return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  }
}
