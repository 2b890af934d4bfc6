import type { Tick } from './tick.js';

/** Slots that have been taken are given back once there are this many and they are the most. */
const COMPACT_AT = 1_024;

/** A tick in a queue, with its place among all that were ever put in. */
export interface Queued {
  readonly tick: Tick;
  readonly place: number;
}

/** First in, first out, without moving what waits at each step. */
export class TickQueue {
  #slots: (Queued | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#slots.length - this.#head;
  }

  put(queued: Queued): void {
    this.#slots.push(queued);
  }

  take(): Queued | undefined {
    if (this.#head === this.#slots.length) return undefined;
    const taken = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head += 1;
    if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#slots.length) {
      this.#slots = this.#slots.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }
}
