import type { Instant } from '@ballast/contracts';
import { Retryable } from '@ballast/platform';

/** A call on the world that waits until the scheduler lets it go on. */
export interface Hold {
  readonly service: string;
  readonly label: string;
  /** When it goes on at the latest. */
  readonly by: Instant;
  readonly release: () => void;
  readonly abort: () => void;
}

/** Calls under way: how the world answers late, while everything else moves on. */
export class Holds {
  readonly #held: Hold[] = [];
  #waiting: ((hold: Hold) => void)[] = [];

  get held(): readonly Hold[] {
    return this.#held;
  }

  /** Waits until the scheduler goes on with this call. @throws Retryable where the service that made it has ended. */
  hold(service: string, label: string, by: Instant): Promise<void> {
    return new Promise((resolve, reject) => {
      const hold: Hold = {
        service,
        label,
        by,
        release: () => this.#remove(hold, resolve),
        abort: () =>
          this.#remove(hold, () => reject(new Retryable('SIMULATED_CRASH', `${service} ended while it waited`))),
      };
      this.#held.push(hold);
      for (const tell of this.#waiting.splice(0)) tell(hold);
    });
  }

  /** Resolves with the next call that begins to wait. */
  next(): Promise<Hold> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Breaks off every call of a service that has ended. */
  abortAll(service: string): void {
    for (const hold of this.#held.filter((each) => each.service === service)) hold.abort();
  }

  #remove(hold: Hold, then: () => void): void {
    const place = this.#held.indexOf(hold);
    if (place >= 0) this.#held.splice(place, 1);
    then();
  }
}
