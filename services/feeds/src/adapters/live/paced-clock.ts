import type { Instant } from '@ballast/contracts';
import type { Clock } from '@ballast/platform';

/** A clock that shows another day than the one it follows, and runs a number of times as fast. */
export class PacedClock implements Clock {
  readonly #startedMs: number;
  readonly #originMs: number;

  /**
   * @param base the clock that it follows.
   * @param origin what it shows now.
   * @param speed how many of its seconds pass in one of the other's; above zero.
   */
  constructor(
    private readonly base: Clock,
    origin: Instant,
    private readonly speed: number,
  ) {
    this.#startedMs = Date.parse(base.now());
    this.#originMs = Date.parse(origin);
  }

  now(): Instant {
    const passed = (Date.parse(this.base.now()) - this.#startedMs) * this.speed;
    return new Date(this.#originMs + Math.floor(passed)).toISOString();
  }

  wakeAt(at: Instant, callback: () => void): () => void {
    const wait = Math.ceil((Date.parse(at) - this.#originMs) / this.speed);
    return this.base.wakeAt(new Date(this.#startedMs + wait).toISOString(), callback);
  }
}
