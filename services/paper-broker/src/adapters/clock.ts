import type { MachineClock } from './ports.js';

const TIMER_MS_MAX = 3_600_000;

/** The clock of the machine, which never goes back within one process even where the system's does. */
export function machineClock(): MachineClock {
  let last = 0;
  const nowMs = (): number => {
    last = Math.max(last, Date.now());
    return last;
  };
  return {
    now: () => new Date(nowMs()).toISOString(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    callAt: (at, callback) => {
      const timer = setTimeout(callback, Math.min(Math.max(Date.parse(at) - nowMs(), 0), TIMER_MS_MAX));
      return () => clearTimeout(timer);
    },
  };
}
