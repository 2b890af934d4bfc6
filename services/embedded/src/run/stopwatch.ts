/** Measures how long the parts of something took, on the machine's monotonic clock. */
export class Stopwatch {
  readonly #start = performance.now();
  #last = this.#start;
  readonly #laps: Record<string, number> = {};

  /** Ends a part; a part that comes again is added to. */
  lap(part: string): void {
    const now = performance.now();
    this.#laps[part] = (this.#laps[part] ?? 0) + now - this.#last;
    this.#last = now;
  }

  /** Whole milliseconds by part, and in all. */
  total(): Record<string, number> & { total: number } {
    const laps = Object.entries(this.#laps).map(([part, ms]) => [part, Math.round(ms)] as const);
    return { total: Math.round(performance.now() - this.#start), ...Object.fromEntries(laps) };
  }
}
