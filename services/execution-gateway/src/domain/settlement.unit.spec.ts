import { describe, expect, it } from '@jest/globals';
import { settlementOf } from './settlement.js';

describe('how an order without an answer is settled', () => {
  it.each([
    // dedupes, lookup, replays: window, resends, concludes
    [true, true, true, 15_000, true, true],
    [true, true, false, 30_000, true, true],
    [true, false, true, 30_000, false, false],
    [true, false, false, 60_000, false, false],
    [false, true, true, 30_000, false, true],
    [false, true, false, 60_000, false, true],
    [false, false, true, 60_000, false, false],
    [false, false, false, 120_000, false, false],
  ])(
    'where the venue dedupes %s, looks up %s, replays %s',
    (dedupes, lookup, replays, windowMs, resends, concludes) => {
      const guarantees = { dedupesClientOrderId: dedupes, lookupByClientId: lookup, replaysFills: replays };
      expect(settlementOf(guarantees, 15_000)).toEqual({ windowMs, resends, concludes });
    },
  );

  it('is asked for within ten minutes, and never sooner than the operator says', () => {
    const none = { dedupesClientOrderId: false, lookupByClientId: false, replaysFills: false };
    expect(settlementOf(none, 120_000).windowMs).toBe(600_000);
    expect(settlementOf(none, 700_000).windowMs).toBe(700_000);
  });
});
