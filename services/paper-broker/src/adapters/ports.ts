import type { Instant } from '@ballast/kernel/calendar';

/** The machine's time and its timers, the one place where the venue meets them. */
export interface MachineClock {
  now(): Instant;
  sleep(ms: number): Promise<void>;
  /** Calls back once, when `at` has come or after an hour at the latest. Out: a function that takes the call back. */
  callAt(at: Instant, callback: () => void): () => void;
}
