import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ALMGREN_CHRISS_EXAMPLE,
  ALMGREN_CHRISS_EXAMPLE_BP,
  almgren2005,
  almgrenChriss,
  averagePaidBp,
  compareWithSingle,
  linearCost,
  optimalTrades,
  propagator,
  squareRootLaw,
} from './index.js';
import type { ImpactModel, ImpactSlice } from './index.js';

const volatility = fc.double({ min: 0.001, max: 0.1, noNaN: true });
const fraction = fc.double({ min: 1e-6, max: 1, noNaN: true });
const decayExponent = fc.double({ min: 0, max: 2, noNaN: true });
const decayMinutes = fc.double({ min: 0.01, max: 100, noNaN: true });
const count = fc.integer({ min: 2, max: 40 });

/** Slices of any sizes at any distances, none overlapping the next. */
const schedule = fc
  .array(
    fc.record({ volumeFraction: fraction, minutes: fc.double({ min: 0.1, max: 30, noNaN: true }), pause: fc.nat(20) }),
    { minLength: 1, maxLength: 20 },
  )
  .map((pieces) => {
    let startMinutes = 0;
    return pieces.map(({ volumeFraction, minutes, pause }): ImpactSlice => {
      const slice = { volumeFraction, startMinutes, minutes };
      startMinutes += minutes + pause;
      return slice;
    });
  });

const model = fc.oneof(
  volatility.map((each) => squareRootLaw({ volatility: each, prefactor: 1 })),
  volatility.map((each) => almgren2005({ volatility: each, outstandingOverVolume: 200 })),
  fc
    .tuple(volatility, decayExponent, decayMinutes)
    .map(([each, beta, t0]) => propagator({ volatility: each, prefactor: 1, decayExponent: beta, decayMinutes: t0 })),
  fc.constant<ImpactModel>(almgrenChriss(ALMGREN_CHRISS_EXAMPLE_BP)),
);

const even = (size: number, slices: number, horizon: number): ImpactSlice[] =>
  Array.from({ length: slices }, (_, i) => ({
    volumeFraction: size / slices,
    startMinutes: (i * horizon) / slices,
    minutes: horizon / slices,
  }));

const same = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

describe('models of impact', () => {
  it('make a larger order dearer by the share, and move the price further', () => {
    fc.assert(
      fc.property(model, schedule, fc.double({ min: 1.01, max: 10, noNaN: true }), (each, slices, factor) => {
        const larger = slices.map((slice) => ({ ...slice, volumeFraction: slice.volumeFraction * factor }));
        return averagePaidBp(each, larger) > averagePaidBp(each, slices) && each.movedBp(larger) > each.movedBp(slices);
      }),
    );
  });

  it('say what a slice pays from what came before it, never from what comes after', () => {
    fc.assert(
      fc.property(model, schedule, (each, slices) =>
        each.paidBp(slices).every((paid, i) => paid > 0 && paid === each.paidBp(slices.slice(0, i + 1)).at(-1)),
      ),
    );
  });

  it('save nothing by any schedule under the pure square-root law', () => {
    fc.assert(
      fc.property(volatility, schedule, (each, slices) => {
        return compareWithSingle(squareRootLaw({ volatility: each, prefactor: 1 }), slices, 1).saving === 0;
      }),
    );
  });

  it('save by time alone under Almgren 2005: an even schedule costs what one order of its length costs', () => {
    fc.assert(
      fc.property(volatility, fraction, count, fc.integer({ min: 2, max: 390 }), (each, size, slices, horizon) => {
        const name = almgren2005({ volatility: each, outstandingOverVolume: 200 });
        const twap = even(size, slices, horizon);
        const { saving } = compareWithSingle(name, twap, horizon);
        return saving === 0 && compareWithSingle(name, twap, horizon / 2).saving > 0;
      }),
    );
  });

  it('save less where the book forgets more slowly, and never more than 1 - 1/√n under the propagator', () => {
    const slower = fc.double({ min: 1, max: 10, noNaN: true });
    fc.assert(
      fc.property(fraction, count, decayExponent, decayMinutes, slower, (size, slices, beta, t0, factor) => {
        const savingOf = (decay: number, minutes: number): number =>
          compareWithSingle(
            propagator({ volatility: 0.02, prefactor: 1, decayExponent: decay, decayMinutes: minutes }),
            even(size, slices, 60),
            1,
          ).saving;
        const saving = savingOf(beta, t0);
        return (
          savingOf(beta, t0 * factor) <= saving + 1e-9 &&
          savingOf(beta / factor, t0) <= saving + 1e-9 &&
          saving <= 1 - 1 / Math.sqrt(slices) + 1e-9
        );
      }),
    );
  });

  it('lose by slicing where nothing decays, and with β = 1/4 at the distances of a TWAP of an hour', () => {
    const remembered = fc.oneof(
      fc.tuple(fc.constant(0), decayMinutes),
      fc.tuple(fc.constant(0.25), fc.double({ min: 0.5, max: 60, noNaN: true })),
    );
    fc.assert(
      fc.property(fraction, remembered, fc.integer({ min: 6, max: 60 }), (size, [beta, t0], slices) => {
        const book = propagator({ volatility: 0.02, prefactor: 1, decayExponent: beta, decayMinutes: t0 });
        return compareWithSingle(book, even(size, slices, 60), 1).saving < 0;
      }),
    );
  });

  it('save the same share at any size under the propagator', () => {
    fc.assert(
      fc.property(fraction, fraction, count, decayExponent, decayMinutes, (one, other, slices, beta, t0) => {
        const book = propagator({ volatility: 0.02, prefactor: 1, decayExponent: beta, decayMinutes: t0 });
        const [first, second] = [one, other].map((size) => compareWithSingle(book, even(size, slices, 60), 1).saving);
        return Math.abs(first! - second!) < 1e-9;
      }),
    );
  });
});

describe('trajectories of Almgren and Chriss', () => {
  const lambda = fc.double({ min: 0, max: 1e-3, noNaN: true });

  it('sell everything, sooner and dearer the more risk counts', () => {
    fc.assert(
      fc.property(lambda, fc.double({ min: 1, max: 100, noNaN: true }), (risk, factor) => {
        const [calm, anxious] = [risk, risk * factor].map((each) => {
          const { trades } = optimalTrades(ALMGREN_CHRISS_EXAMPLE, each);
          return { trades, ...linearCost(ALMGREN_CHRISS_EXAMPLE, trades) };
        });
        const total = anxious!.trades.reduce((sum, trade) => sum + trade, 0);
        return (
          same(total, ALMGREN_CHRISS_EXAMPLE.size) &&
          anxious!.trades.every((trade, i) => trade > 0 && trade <= (anxious!.trades[i - 1] ?? trade) * (1 + 1e-9)) &&
          anxious!.expected >= calm!.expected * (1 - 1e-9) &&
          anxious!.variance <= calm!.variance * (1 + 1e-9)
        );
      }),
    );
  });

  it('are the best there are: no other trades have a lower cost and risk, and none is cheaper than equal ones', () => {
    const weights = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(lambda, weights, (risk, shares) => {
        const total = shares.reduce((sum, share) => sum + share, 0);
        const others = linearCost(
          ALMGREN_CHRISS_EXAMPLE,
          shares.map((share) => (share / total) * ALMGREN_CHRISS_EXAMPLE.size),
        );
        const best = linearCost(ALMGREN_CHRISS_EXAMPLE, optimalTrades(ALMGREN_CHRISS_EXAMPLE, risk).trades);
        return (
          best.expected + risk * best.variance <= (others.expected + risk * others.variance) * (1 + 1e-9) &&
          others.expected >= 662_500 * (1 - 1e-9)
        );
      }),
    );
  });
});
