import { setTimeout as pause } from 'node:timers/promises';
import {
  callRules,
  openBudget,
  takeCall,
  type CallBudget,
  type CallPurpose,
  type CallRules,
} from '../domain/call-budget.js';

/** Keeps one account's calls under the venue's limit of calls a minute. Without a limit (0) everything goes at once. */
export class CallLimit {
  readonly #rules: CallRules | null;
  #budget: CallBudget | undefined;

  constructor(
    perMinute: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.#rules = perMinute === 0 ? null : callRules(perMinute);
  }

  /** Takes a call for an order. Out: 0 where it may be made now, else how long it has to wait, in ms: nothing was taken. */
  send(): number {
    return this.#take('send');
  }

  /** Resolves when a cancel or a question may be put. */
  async room(purpose: Exclude<CallPurpose, 'send'>): Promise<void> {
    for (let waitMs = this.#take(purpose); waitMs > 0; waitMs = this.#take(purpose)) await pause(waitMs);
  }

  #take(purpose: CallPurpose): number {
    if (this.#rules === null) return 0;
    const now = this.nowMs();
    const taken = takeCall(this.#budget ?? openBudget(this.#rules, now), purpose, now, this.#rules);
    this.#budget = taken.budget;
    return taken.waitMs;
  }
}
