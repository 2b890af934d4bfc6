// Goal: whoever takes more never pays less, a sale mirrors a buy, cutting at one moment saves nothing, and decay is decay.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import { barOf, sessionOf } from '../../test/book.js';
import { OPEN } from '../../test/times.js';
import { NO_FLOW, withSlice } from './flow.js';
import type { FlowSlice } from './flow.js';
import { impactOn, movedBp, movedTape, paidBp, priceTaken } from './impact.js';
import type { Impact, ImpactRules } from './impact.js';
import type { Side } from './order.js';
import { tapeOf } from './tape.js';

const parameter = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const rules: fc.Arbitrary<ImpactRules> = fc.oneof(
  fc.record({
    model: fc.constant('almgren2005' as const),
    outstandingOverVolume: parameter(10, 1_000),
    minutes: parameter(0.1, 60),
  }),
  fc.record({
    model: fc.constant('propagator' as const),
    prefactor: parameter(0.1, 3),
    decayExponent: parameter(0, 2),
    decayMinutes: parameter(0.1, 60),
  }),
);
const impact: fc.Arbitrary<Impact> = fc
  .tuple(rules, parameter(0.001, 0.1), fc.integer({ min: 1_000, max: 100_000_000 }))
  .map(([by, volatility, volume]) => impactOn({ ...barOf('A', '1'), volatility, averageVolume: new D(volume) }, by)!);

const MINUTES = 390;
const side = fc.constantFrom<Side>('buy', 'sell');
const qty = fc.integer({ min: 1, max: 5_000_000 }).map((shares) => new D(shares));
const flow = fc
  .array(fc.record({ ms: fc.nat(MINUTES * 60_000), side, qty }), { maxLength: 12 })
  .map((all) =>
    all
      .sort((a, b) => a.ms - b.ms)
      .reduce((so, { ms, ...each }) => withSlice(so, 'd', { ...each, at: addMilliseconds(OPEN, ms) }), NO_FLOW),
  )
  .map(({ slices }) => slices);
const END = addMilliseconds(OPEN, MINUTES * 60_000);
const price = fc.integer({ min: 1, max: 1_000_000 }).map((ticks) => new D(ticks).div(ticks < 10_000 ? 10_000 : 100));

const mirrored = (slices: readonly FlowSlice[]): FlowSlice[] =>
  slices.map((each) => ({ ...each, side: each.side === 'buy' ? 'sell' : 'buy' }));

describe('taking from a quote', () => {
  it('never gets cheaper by being larger, and never costs less than the quote', () => {
    fc.assert(
      fc.property(impact, flow, price, side, qty, qty, (on, slices, quoted, which, a, b) => {
        const [less, more] = [D.min(a, b), D.max(a, b)].map((size) =>
          priceTaken(quoted, which, paidBp(on, slices, which, size, END)),
        );
        const dearer = which === 'buy' ? more!.minus(less!) : less!.minus(more!);
        const above = which === 'buy' ? less!.minus(quoted) : quoted.minus(less!);
        expect(dearer.isNegative() || above.isNegative()).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same for a sale as for a buy, the other way', () => {
    fc.assert(
      fc.property(impact, flow, qty, (on, slices, size) => {
        expect(paidBp(on, mirrored(slices), 'sell', size, END)).toBe(paidBp(on, slices, 'buy', size, END));
        expect(movedBp(on, mirrored(slices), END)).toBeCloseTo(-movedBp(on, slices, END), 9);
      }),
    );
  });

  it('costs the same in one piece and in many at one moment', () => {
    fc.assert(
      fc.property(
        impact,
        fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 2, maxLength: 8 }),
        (on, sizes) => {
          let slices: readonly FlowSlice[] = [];
          let cost = 0;
          for (const size of sizes) {
            const piece = { at: OPEN, side: 'buy' as const, qty: new D(size) };
            cost += size * (movedBp(on, slices, OPEN) + paidBp(on, slices, 'buy', piece.qty, OPEN));
            slices = withSlice({ date: 'd', slices }, 'd', piece).slices;
          }
          const total = sizes.reduce((sum, size) => sum + size, 0);
          const whole = total * paidBp(on, [], 'buy', new D(total), OPEN);
          expect(Math.abs(cost / whole - 1)).toBeLessThan(1e-6);
        },
      ),
    );
  });
});

describe('what a fill leaves', () => {
  it('shrinks with time towards where the quote was, and is gone where less than half a tick is left', () => {
    const decays = fc.record({
      model: fc.constant('propagator' as const),
      prefactor: parameter(0.1, 3),
      decayExponent: parameter(1, 2),
      decayMinutes: parameter(0.1, 2),
    });
    const session = sessionOf({ bars: new Map([['A', barOf('A', '20')]]) });
    const tape = tapeOf(session, 'A', { spreadBp: 0, depth: null })!;
    fc.assert(
      fc.property(decays, side, fc.integer({ min: 1, max: 200 }), (by, which, shares) => {
        const on = impactOn({ ...barOf('A', '20'), volatility: 0.02, averageVolume: new D(1_000_000) }, by)!;
        const slices = [{ at: OPEN, side: which, qty: new D(shares) }];
        const moves = [0, 1, 5, 60, 389].map((minute) => {
          const at = addMilliseconds(OPEN, minute * 60_000);
          const bp = Math.abs(movedBp(on, slices, at));
          const ticks = movedTape(tape, on, slices).quoteAt(at)!.mid.minus(20).div('0.01').toNumber();
          expect(Math.abs(Math.abs(ticks) - bp / 5)).toBeLessThanOrEqual(0.5 + 1e-9);
          return bp;
        });
        expect(moves).toEqual([...moves].sort((a, b) => b - a));
        expect(movedTape(tape, on, slices).quoteAt(END)!.bid.toFixed()).toBe('20');
      }),
    );
  });

  it('never crosses a quote, nor brings it to nothing', () => {
    fc.assert(
      fc.property(impact, flow, price, fc.nat(50), (on, slices, bid, spread) => {
        const ask = bid.plus(new D(spread).div(bid.lessThan(1) ? 10_000 : 100));
        const tape = {
          quoteAt: () => ({ bid, ask, mid: bid, bidSize: bid, askSize: ask }),
          ...{ events: () => [], volumeIn: () => bid },
        };
        const moved = movedTape(tape, on, slices).quoteAt(END)!;
        expect(moved.bid.lessThanOrEqualTo(moved.ask) && moved.bid.greaterThan(0)).toBe(true);
      }),
    );
  });
});
