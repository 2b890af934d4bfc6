import { describe, expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import { rulesWith } from '../../test/book.js';
import { toldOf } from './told.js';

const depth = {
  ...{ shares: new D(500), volumeShare: new D('0.1'), sharesPerMinute: new D(5000) },
  ...{ refreshMs: 60_000, participation: new D('0.2') },
};

describe('what was simulated', () => {
  it('is one sentence where nothing is switched on', () => {
    expect(toldOf(rulesWith(), [])).toEqual([
      "Fills are of the paper broker: on a seeded path inside the day's low and high, at its bid and ask, without size limits, fees or market impact.",
    ]);
  });

  it('names every setting with its numbers', () => {
    const rules = rulesWith({
      ...{ depth, latency: { minMs: 20, maxMs: 80 }, luldTier: 1, auctions: { shares: new D(9000) } },
      fees: { schedule: 'us', commissionPerShare: new D('0.005'), commissionBp: new D(0) },
      shorts: { shares: new D(1000), feeBp: new D(30) },
    });
    const told = toldOf(rules, ['SPY', 'IBM']);
    expect(told).toEqual([
      "Fills are of the paper broker: on a seeded path inside the day's low and high, at its bid and ask, without market impact; IBM and SPY at recorded quotes.",
      'Orders and cancels took 20 to 80 ms to reach the book.',
      "Quotes had the size that was recorded, else 10 % of the day's volume a minute, else 500 shares; what was taken came back after 60 s, and at most 20 % of what traded in that time. Resting orders queued behind the size shown; where no volume is known, 5000 shares traded a minute.",
      'Limit Up-Limit Down bands and pauses of tier 1 held for every symbol.',
      'Orders that waited for the open crossed at its official price, up to 9000 shares a side.',
      'Fees: SEC section 31 and FINRA TAF by the rates of their day and a commission of 0.005 a share.',
      'Short sales were possible: 1000 shares a symbol to borrow at 30 basis points a year, unless told otherwise.',
    ]);
  });

  it('names the model of impact with its parameters, and only counts many recordings', () => {
    const propagator = { model: 'propagator', prefactor: 1, decayExponent: 0.5, decayMinutes: 2 } as const;
    const told = toldOf(rulesWith({ impact: propagator }), ['A', 'B', 'C', 'D', 'E', 'F']);
    expect(told[0]).toContain('without size limits or fees; 6 symbols at recorded quotes.');
    expect(told[1]).toBe(
      "Fills that took from a quote moved it by a propagator: Y = 1, decaying as (1 + t / 2 min)^-0.5, until the close. Where no average volume and volatility was told, the day's own volume and range stood in. Prices were rounded to the next tick against whoever took.",
    );
    const almgren = { model: 'almgren2005', outstandingOverVolume: 200, minutes: 5 } as const;
    expect(toldOf(rulesWith({ impact: almgren }), [])[1]).toMatch(
      /Almgren, Thum, Hauptmann and Li \(2005\), with shares outstanding of 200 average days and what was taken on one side within 5 min as one order; the permanent part stayed until the close\./,
    );
  });
});
