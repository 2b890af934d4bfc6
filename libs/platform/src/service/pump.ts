/** A loop that works while there is work, then sleeps until it is woken or its floor has passed. */
export class Pump {
  #woken = false;
  #stopped = false;
  #busy = false;
  #wake: (() => void) | undefined;
  #running: Promise<void> | undefined;

  /**
   * @param step does one piece of work; returns in how many ms to look again at the latest (0 = at once).
   * @param failed is told of what a step threw, and returns in how many ms to try again.
   */
  constructor(
    private readonly step: () => Promise<number>,
    private readonly failed: (error: unknown) => number,
  ) {}

  start(): void {
    this.#running = this.#run();
  }

  /** There may be something to do. */
  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** Tells whether the loop is asleep with nothing known to do. */
  get resting(): boolean {
    return !this.#busy && !this.#woken;
  }

  /** Ends the loop after the step in hand. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#busy = true;
      this.#woken = false;
      let pause: number;
      try {
        pause = await this.step();
      } catch (error) {
        pause = this.failed(error);
      }
      this.#busy = false;
      if (pause > 0 && !this.#stopped && !this.#woken) await this.#sleep(pause);
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = done;
    });
  }
}
