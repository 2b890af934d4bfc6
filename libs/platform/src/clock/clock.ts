import type { Instant } from '@ballast/contracts';

/** The only place that time comes from; timers belong to it, so that a simulated clock moves them too. */
export interface Clock {
  /** The present moment; never earlier than the answer before. */
  now(): Instant;
  /** Calls back once `at` has come (soon, where it has passed). Returns a function that forgets the call. */
  wakeAt(at: Instant, callback: () => void): () => void;
}

/** The machine's clock, made monotonic: a clock set back by the operating system stands still instead. */
export class SystemClock implements Clock {
  #last = 0;

  now(): Instant {
    this.#last = Math.max(this.#last, Date.now());
    return new Date(this.#last).toISOString();
  }

  wakeAt(at: Instant, callback: () => void): () => void {
    // setTimeout counts at most 2^31 - 1 ms; a longer wait is cut short and looked at again.
    const wait = Math.min(Math.max(0, Date.parse(at) - Date.parse(this.now())), 2_147_483_647);
    const timer = setTimeout(() => (this.now() >= at ? callback() : this.wakeAt(at, callback)), wait);
    timer.unref();
    return () => clearTimeout(timer);
  }
}

/** A clock that stands still until it is moved. */
export class SimulatedClock implements Clock {
  #now: Instant;
  #sleepers = new Set<{ at: Instant; callback: () => void }>();

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  wakeAt(at: Instant, callback: () => void): () => void {
    const sleeper = { at, callback };
    if (at <= this.#now) queueMicrotask(callback);
    else this.#sleepers.add(sleeper);
    return () => this.#sleepers.delete(sleeper);
  }

  /** Moves to `to` and wakes in order of time whoever waited for a moment up to it. @throws RangeError backwards. */
  advanceTo(to: Instant): void {
    if (to < this.#now) throw new RangeError(`a clock does not go back: ${this.#now} to ${to}`);
    this.#now = to;
    const due = [...this.#sleepers]
      .filter((sleeper) => sleeper.at <= to)
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    for (const sleeper of due) {
      this.#sleepers.delete(sleeper);
      sleeper.callback();
    }
  }
}
