import { D, KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';

/** One execution of a day; `quantity` is above zero. */
export interface DayExecution {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: Decimal;
}

const ZERO = new D(0);

/**
 * One symbol through a day. A day trade is counted each time closing begins of what was opened the same day: selling after buying, or
 * covering after selling short. What was held overnight and is closed before anything new is opened is none.
 * Source: FINRA Rule 4210(f)(8)(B) and the examples of its notice.
 */
export class DayCount {
  #position: Decimal;
  /** What was opened today and is still there, above zero. */
  #openedToday = ZERO;
  #lastSide: DayExecution['side'] | null = null;
  /** Whether the run of executions on `#lastSide` has been counted. */
  #counted = false;
  #dayTrades = 0;

  /** In: the position from the day before, below zero where short. */
  constructor(overnight: Decimal = ZERO) {
    this.#position = overnight;
  }

  get dayTrades(): number {
    return this.#dayTrades;
  }

  /** Takes the next execution of the symbol. @throws KernelError INVALID_QUANTITY unless it is above zero. */
  take(side: DayExecution['side'], quantity: Decimal): void {
    if (!quantity.isFinite() || !quantity.greaterThan(0)) {
      throw new KernelError(
        'INVALID_QUANTITY',
        `The quantity ${quantity.toString()} is not above zero; the side says which way it went.`,
      );
    }
    if (side !== this.#lastSide) this.#counted = false;
    this.#lastSide = side;
    const signed = side === 'buy' ? quantity : quantity.negated();
    const closes = !this.#position.isZero() && this.#position.isNegative() !== signed.isNegative();
    const closed = closes ? D.min(quantity, this.#position.abs()) : ZERO;
    if (closed.greaterThan(0) && this.#openedToday.greaterThan(0)) {
      if (!this.#counted) this.#dayTrades += 1;
      this.#counted = true;
      this.#openedToday = D.max(ZERO, this.#openedToday.minus(closed));
    }
    this.#openedToday = this.#openedToday.plus(quantity.minus(closed));
    this.#position = this.#position.plus(signed);
  }

  /** How many there would be after one more execution. */
  after(side: DayExecution['side'], quantity: Decimal): number {
    const copy = new DayCount(this.#position);
    copy.#openedToday = this.#openedToday;
    copy.#lastSide = this.#lastSide;
    copy.#counted = this.#counted;
    copy.#dayTrades = this.#dayTrades;
    copy.take(side, quantity);
    return copy.#dayTrades;
  }
}

/**
 * Day trades of a day over all symbols. In: executions in the order in which they happened, and what was held overnight by symbol.
 * @throws KernelError INVALID_QUANTITY.
 */
export function countDayTrades(
  executions: readonly DayExecution[],
  overnight: ReadonlyMap<string, Decimal> = new Map(),
): number {
  return [...dayCounts(executions, overnight).values()].reduce((sum, { dayTrades }) => sum + dayTrades, 0);
}

/** The counts of each symbol that was traded. @throws KernelError INVALID_QUANTITY. */
export function dayCounts(
  executions: readonly DayExecution[],
  overnight: ReadonlyMap<string, Decimal>,
): Map<string, DayCount> {
  const counts = new Map<string, DayCount>();
  for (const { symbol, side, quantity } of executions) {
    const count = counts.get(symbol) ?? new DayCount(overnight.get(symbol));
    count.take(side, quantity);
    counts.set(symbol, count);
  }
  return counts;
}
