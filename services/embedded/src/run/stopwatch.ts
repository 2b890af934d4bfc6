/** Measures how long the parts of something took, on the machine's monotonic clock. */
export class Stopwatch {
  readonly #start = performance.now();
  #last = this.#start;
  readonly #laps: Record<string, number> = {};

  /** Ends a part. */
  lap(part: string): void {
    const now = performance.now();
    this.#laps[part] = Math.round(now - this.#last);
    this.#last = now;
  }

  /** Milliseconds by part, and in all. */
  total(): Record<string, number> & { total: number } {
    return { total: Math.round(performance.now() - this.#start), ...this.#laps };
  }
}
