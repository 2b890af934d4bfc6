import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { allocateCents, D, decimal, formatDecimal, roundDownTo, sum, toCents } from './index.js';

const anyDecimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, scale]) => new D(digits.toString()).div(new D(10).pow(scale)));
const weight = fc.nat({ max: 1_000_000 }).map((n) => new D(n).div(1000));

describe('money', () => {
  it('reads what it wrote', () => {
    fc.assert(fc.property(anyDecimal, (value) => decimal(formatDecimal(value)).equals(value)));
  });

  it('splits into whole cents that add up, each within a cent of its exact share', () => {
    fc.assert(
      fc.property(anyDecimal, fc.array(weight, { minLength: 1, maxLength: 12 }), (total, weights) => {
        fc.pre(weights.some((each) => each.greaterThan(0)));
        const pieces = allocateCents(total, weights);
        const whole = sum(weights);
        return (
          sum(pieces).equals(toCents(total)) &&
          pieces.every((piece) => toCents(piece).equals(piece)) &&
          pieces.every((piece, i) => {
            const exact = toCents(total)
              .times(weights[i] ?? NaN)
              .div(whole);
            return piece.minus(exact).abs().lessThanOrEqualTo('0.01');
          })
        );
      }),
    );
  });

  it('cuts towards zero to a multiple', () => {
    fc.assert(
      fc.property(anyDecimal, fc.integer({ min: 1, max: 5000 }), (value, thousandths) => {
        const increment = new D(thousandths).div(1000);
        const cut = roundDownTo(value, increment);
        return (
          cut.mod(increment).isZero() &&
          cut.abs().lessThanOrEqualTo(value.abs()) &&
          value.minus(cut).abs().lessThan(increment)
        );
      }),
    );
  });
});
