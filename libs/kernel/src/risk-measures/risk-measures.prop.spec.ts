// Goal: laws of the measures: shortfall is coherent, a shifted vector is the vector built whole, margins and bands keep their order.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { D } from '../money/index.js';
import {
  bandsFor,
  gaussianShortfall,
  historicalTailLoss,
  initialMargin,
  maintenanceMargin,
  shiftedTailLoss,
  studentShortfall,
  tailOf,
  volatilityScale,
} from './index.js';

const value = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 8);
const vector = fc.array(value, { minLength: 1, maxLength: 80 });
const pair = fc
  .array(fc.tuple(value, value), { minLength: 1, maxLength: 80 })
  .map((rows) => [rows.map(([a]) => a), rows.map(([, b]) => b)] as const);
const alpha = fc.integer({ min: 1, max: 999 }).map((n) => n / 1000);
/** Values are eighths below 125: sums of a tail differ by rounding in the division alone. */
const SLACK = 1e-9;

/** The estimator as it is written, with a sort. */
function byDefinition(values: readonly number[], a: number): number {
  const x = [...values].sort((left, right) => left - right);
  const weight = new D(a).times(x.length);
  const i = weight.ceil().toNumber() - 1;
  const beyond = x.slice(0, i + 1).reduce((sum, each) => sum + each - x[i]!, 0);
  return -x[i]! - beyond / weight.toNumber();
}

describe('historical shortfall', () => {
  const of = (values: readonly number[], a: number): number =>
    historicalTailLoss(values, tailOf(values.length, a)).shortfall;

  it('is what the definition says, in whatever order the values come', () => {
    fc.assert(
      fc.property(vector, alpha, (values, a) => {
        expect(Math.abs(of(values, a) - byDefinition(values, a))).toBeLessThan(SLACK);
        expect(of([...values].reverse(), a)).toBe(of(values, a));
      }),
      { numRuns: 300 },
    );
  });

  it('lies between value at risk and the worst loss, and grows as the tail gets thinner', () => {
    fc.assert(
      fc.property(vector, alpha, alpha, (values, a, b) => {
        const { valueAtRisk, shortfall } = historicalTailLoss(values, tailOf(values.length, a));
        expect(shortfall).toBeGreaterThanOrEqual(valueAtRisk - SLACK);
        expect(shortfall).toBeLessThanOrEqual(-Math.min(...values) + SLACK);
        const [thin, thick] = [Math.min(a, b), Math.max(a, b)];
        expect(of(values, thin)).toBeGreaterThanOrEqual(of(values, thick) - SLACK);
      }),
      { numRuns: 300 },
    );
  });

  it('is subadditive, scales with size and falls by what is certain', () => {
    fc.assert(
      fc.property(pair, alpha, fc.integer({ min: 0, max: 20 }), ([x, y], a, scale) => {
        const together = x.map((each, i) => each + y[i]!);
        expect(of(together, a)).toBeLessThanOrEqual(of(x, a) + of(y, a) + SLACK);
        const scaled = x.map((each) => each * scale);
        expect(Math.abs(of(scaled, a) - scale * of(x, a))).toBeLessThan(SLACK * (1 + scale));
        const safer = x.map((each) => each + scale);
        expect(Math.abs(of(safer, a) - (of(x, a) - scale))).toBeLessThan(SLACK);
      }),
      { numRuns: 300 },
    );
  });

  it('of a shifted vector is that of the vector built whole, to the bit', () => {
    fc.assert(
      fc.property(pair, alpha, fc.integer({ min: -50, max: 50 }), ([base, unit], a, scale) => {
        const tail = tailOf(base.length, a);
        const whole = base.map((each, i) => each + scale * unit[i]!);
        expect(shiftedTailLoss(base, unit, scale, tail)).toEqual(historicalTailLoss(whole, tail));
      }),
      { numRuns: 300 },
    );
  });
});

describe('shortfall of a distribution', () => {
  it('is beyond value at risk, linear in the deviation, and larger with fatter tails', () => {
    const confidence = fc.integer({ min: 900, max: 995 }).map((n) => n / 1000);
    fc.assert(
      fc.property(confidence, fc.integer({ min: 3, max: 30 }), fc.integer({ min: 1, max: 100 }), (c, nu, percent) => {
        const unit = { mean: 0, deviation: 1 };
        const wide = { mean: 0, deviation: percent / 100 };
        const student = studentShortfall(unit, nu, c);
        expect(student.shortfall).toBeGreaterThan(student.valueAtRisk);
        expect(studentShortfall(wide, nu, c).shortfall).toBeCloseTo((percent / 100) * student.shortfall, 9);
        if (c >= 0.975) expect(student.shortfall).toBeGreaterThan(gaussianShortfall(unit, c).shortfall);
      }),
      { numRuns: 60 },
    );
  });
});

describe('rules of the market', () => {
  const price = fc.integer({ min: 1, max: 50_000 }).map((cents) => new D(cents).div(100));

  it('ask for no less at first than they ask to be kept, and for more of a larger position', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 5000 }), price, (shares, at) => {
        const [initial, kept] = [initialMargin(new D(shares), at), maintenanceMargin(new D(shares), at)];
        expect(initial.greaterThanOrEqualTo(kept)).toBe(true);
        expect(kept.greaterThanOrEqualTo(0)).toBe(true);
        const larger = new D(shares + Math.sign(shares));
        expect(maintenanceMargin(larger, at).greaterThanOrEqualTo(kept)).toBe(true);
      }),
    );
  });

  it('keep the reference price between the bands, wider at the end of the day than before', () => {
    fc.assert(
      fc.property(fc.constantFrom<1 | 2>(1, 2), price, price, (tier, reference, previousClose) => {
        const day = bandsFor({ tier, reference, previousClose, lastMinutes: false });
        const end = bandsFor({ tier, reference, previousClose, lastMinutes: true });
        expect(day.lower.lessThanOrEqualTo(reference) && day.upper.greaterThanOrEqualTo(reference)).toBe(true);
        expect(end.lower.lessThanOrEqualTo(day.lower) && end.upper.greaterThanOrEqualTo(day.upper)).toBe(true);
      }),
    );
  });

  it('scale a book to no more than its target and its cap', () => {
    const percent = fc.integer({ min: 1, max: 200 }).map((n) => n / 100);
    fc.assert(
      fc.property(percent, percent, percent, percent, (target, realised, cap, floor) => {
        const scale = volatilityScale({ target, realised, cap, floor });
        expect(scale).toBeLessThanOrEqual(cap);
        expect(scale * realised).toBeLessThanOrEqual(target * (1 + 1e-12));
      }),
    );
  });
});
