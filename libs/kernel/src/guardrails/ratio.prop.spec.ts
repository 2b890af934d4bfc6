// Goal: the way through floating point tells the digits that decimals tell, rounded up, near every boundary too.
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { D } from '../money/index.js';
import { ratioText, roundStatistic, shareText, statisticText, tellDecimal } from './ratio.js';

const over = fc.integer({ min: 1, max: 2_000_000_000 }).map((cents) => new D(cents).div(100));
const cents = fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }).map((n) => new D(n).div(100));

it('a quotient is told as its exact value is', () => {
  fc.assert(
    fc.property(cents, over, (value, by) => {
      expect({ text: ratioText(value, by), share: shareText(value, by) }).toEqual(tellDecimal(value.div(by)));
    }),
    { numRuns: 2000 },
  );
});

it('so is one that lies at a last place, or a hair beside it', () => {
  const units = fc.integer({ min: -5_000_000_000, max: 5_000_000_000 });
  const hair = fc.constantFrom('0', '1e-12', '-1e-12', '1e-14', '-1e-14', '1e-20', '1e-30');
  fc.assert(
    fc.property(units, over, hair, (n, by, aside) => {
      const ratio = new D(n).div('1e10').plus(aside);
      const value = ratio.times(by);
      expect({ text: ratioText(value, by), share: shareText(value, by) }).toEqual(tellDecimal(value.div(by)));
    }),
    { numRuns: 2000 },
  );
});

it('what exceeds a limit is never told as equal to it', () => {
  const limit = fc.integer({ min: 1, max: 10_000 }).map((n) => new D(n).div(10_000));
  fc.assert(
    fc.property(limit, over, fc.integer({ min: 1, max: 1_000_000 }), (bound, by, excess) => {
      const value = bound.times(by).plus(new D(excess).div('1e18'));
      expect(ratioText(value, by)).not.toBe(bound.toFixed());
    }),
    { numRuns: 1000 },
  );
});

it('a statistic is told as it is compared', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
      const rounded = roundStatistic(value);
      expect(Number(statisticText(rounded))).toBeCloseTo(rounded, 9);
      expect(statisticText(rounded)).toMatch(/^-?\d+(\.\d*[1-9])?$/);
    }),
    { numRuns: 1000 },
  );
});
