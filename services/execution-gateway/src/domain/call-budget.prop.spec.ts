// Goal: whatever is asked for and when, the venue never gets more calls in a minute than it takes, and a cancel has room.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callRules, openBudget, takeCall, type CallPurpose } from './call-budget.js';

const perMinutes = fc.integer({ min: 10, max: 10_000 });
const asked = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 2_000 }),
    purpose: fc.constantFrom<CallPurpose>('send', 'cancel', 'ask'),
  }),
  { minLength: 1, maxLength: 400 },
);

/** Puts questions to a budget one after another; gives when which were let out, and the waits of the others. */
function put(perMinute: number, questions: readonly { readonly afterMs: number; readonly purpose: CallPurpose }[]) {
  const rules = callRules(perMinute);
  let budget = openBudget(rules, 0);
  let nowMs = 0;
  const out: { at: number; purpose: CallPurpose }[] = [];
  const waits: { until: number; purpose: CallPurpose }[] = [];
  for (const { afterMs, purpose } of questions) {
    nowMs += afterMs;
    const taken = takeCall(budget, purpose, nowMs, rules);
    budget = taken.budget;
    if (taken.waitMs === 0) out.push({ at: nowMs, purpose });
    else waits.push({ until: nowMs + taken.waitMs, purpose });
  }
  return { rules, budget, nowMs, out, waits };
}

describe('the budget of calls', () => {
  it('lets no more out within any 60 seconds than the venue takes', () => {
    fc.assert(
      fc.property(perMinutes, asked, (perMinute, questions) => {
        const { out } = put(perMinute, questions);
        for (const [i, { at }] of out.entries()) {
          const within = out.slice(i).filter((call) => call.at < at + 60_000);
          expect(within.length).toBeLessThanOrEqual(perMinute);
        }
      }),
    );
  });

  it('has room for a cancel right after sending was told to wait', () => {
    fc.assert(
      fc.property(perMinutes, fc.integer({ min: 1, max: 2_000 }), (perMinute, sends) => {
        const all = Array.from({ length: sends }, () => ({ afterMs: 0, purpose: 'send' as const }));
        const { rules, budget, nowMs, waits } = put(perMinute, [{ afterMs: 60_000, purpose: 'send' }, ...all]);
        fc.pre(waits.length > 0 && rules.reserve > 0);
        expect(takeCall(budget, 'cancel', nowMs, rules).waitMs).toBe(0);
      }),
    );
  });

  it('gives everybody who waits with sending a later place, at the pace of the limit', () => {
    fc.assert(
      fc.property(perMinutes, fc.integer({ min: 2, max: 300 }), (perMinute, sends) => {
        const all = Array.from({ length: sends }, () => ({ afterMs: 0, purpose: 'send' as const }));
        const { rules, waits } = put(perMinute, all);
        for (const [i, { until }] of waits.entries()) {
          if (i > 0) expect(until - waits[i - 1]!.until).toBeGreaterThanOrEqual(Math.floor(rules.intervalMs));
        }
      }),
    );
  });

  it('lets out at its moment who came back when told, and nobody else asked', () => {
    fc.assert(
      fc.property(perMinutes, fc.constantFrom<CallPurpose>('send', 'cancel', 'ask'), (perMinute, purpose) => {
        const rules = callRules(perMinute);
        let budget = openBudget(rules, 0);
        let taken = takeCall(budget, purpose, 0, rules);
        while (taken.waitMs === 0) {
          budget = taken.budget;
          taken = takeCall(budget, purpose, 0, rules);
        }
        // A millisecond more: a time of rounded milliseconds can lie just before the moment.
        expect(takeCall(taken.budget, purpose, taken.waitMs + 1, rules).waitMs).toBe(0);
      }),
    );
  });

  it('of Alpaca: 20 at once, 5 of them not for sending, then one in 335 ms', () => {
    const rules = callRules(200);
    expect({ ...rules, intervalMs: Math.round(rules.intervalMs) }).toEqual({ burst: 20, reserve: 5, intervalMs: 335 });
    expect(openBudget(rules, 7)).toEqual({ calls: 5, atMs: 7, lineMs: 7 });
  });
});
