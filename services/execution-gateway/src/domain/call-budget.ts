/** What a call to the venue is for. Cancels and questions may use up what sending must leave. */
export type CallPurpose = 'send' | 'cancel' | 'ask';

/** How a limit of calls a minute is kept. Times are in milliseconds of a clock that never goes back. */
export interface CallRules {
  /** Calls that may go out at once. */
  readonly burst: number;
  /** Of those, what sending leaves for cancels and questions. */
  readonly reserve: number;
  /** How long it takes until one more may go out. */
  readonly intervalMs: number;
}

/** What is left of the limit. */
export interface CallBudget {
  readonly calls: number;
  /** The moment at which that was so. */
  readonly atMs: number;
  /** When the place behind everybody who was told to wait with sending comes up. */
  readonly lineMs: number;
}

const MINUTE_MS = 60_000;
/** The tenth of a minute's calls may go out at once: enough for the slices of one moment, little enough to leave room after it. */
const BURST_PART = 10;
/** A quarter of that is never used for sending. */
const RESERVE_PART = 4;

/**
 * Rules that never let more than `perMinute` calls (a whole number from 10) out within any 60 seconds: what may go at
 * once and what comes back in a minute add up to it. A plain bucket of `perMinute` would let out twice as many.
 */
export function callRules(perMinute: number): CallRules {
  const burst = Math.floor(perMinute / BURST_PART);
  const reserve = Math.ceil(burst / RESERVE_PART);
  // One is left out, so that a call at each end of the minute still fits.
  return { burst, reserve: Math.min(reserve, burst - 1), intervalMs: MINUTE_MS / Math.max(1, perMinute - burst - 1) };
}

/** At the start nobody knows what an instance before this one has used: only the reserve is believed to be there. */
export const openBudget = ({ reserve }: CallRules, nowMs: number): CallBudget => ({
  calls: reserve,
  atMs: nowMs,
  lineMs: nowMs,
});

/**
 * Takes one call out of the budget, or says how long to wait before asking again (`waitMs` above zero: nothing was taken).
 * Whoever waits with sending gets a place of its own in the line, so that they do not all come back at the same moment.
 */
export function takeCall(
  budget: CallBudget,
  purpose: CallPurpose,
  nowMs: number,
  rules: CallRules,
): { readonly budget: CallBudget; readonly waitMs: number } {
  const { burst, reserve, intervalMs } = rules;
  const calls = Math.min(burst, budget.calls + Math.max(0, nowMs - budget.atMs) / intervalMs);
  const kept = purpose === 'send' ? reserve : 0;
  const left = { calls, atMs: Math.max(nowMs, budget.atMs), lineMs: budget.lineMs };
  if (calls >= kept + 1) return { budget: { ...left, calls: calls - 1 }, waitMs: 0 };
  const freeMs = nowMs + (kept + 1 - calls) * intervalMs;
  if (purpose !== 'send') return { budget: left, waitMs: Math.ceil(freeMs - nowMs) };
  const placeMs = Math.max(freeMs, budget.lineMs + intervalMs);
  return { budget: { ...left, lineMs: placeMs }, waitMs: Math.ceil(placeMs - nowMs) };
}
