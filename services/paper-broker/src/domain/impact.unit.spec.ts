// Goal: fills move the price by the numbers of the papers, in whole ticks, and nothing is moved by guess.
import { describe, expect, it } from '@jest/globals';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import { barOf } from '../../test/book.js';
import { OPEN } from '../../test/times.js';
import { FLOW_SLICES_MAX, NO_FLOW, slicesIn, withSlice } from './flow.js';
import type { Flow, FlowSlice } from './flow.js';
import { impactOn, movedBp, paidBp, priceTaken, unknownImpact } from './impact.js';
import type { ImpactRules } from './impact.js';
import type { Side } from './order.js';

const ALMGREN: ImpactRules = { model: 'almgren2005', outstandingOverVolume: 1728 / 6.561, minutes: 39 };
const PROPAGATOR: ImpactRules = { model: 'propagator', prefactor: 1, decayExponent: 0.5, decayMinutes: 1 };
const IBM = { ...barOf('IBM', '100'), averageVolume: new D(6_561_000), volatility: 0.0157 };
const after = (minutes: number): string => addMilliseconds(OPEN, minutes * 60_000);
const slice = (minutes: number, side: Side, qty: number): FlowSlice => ({ at: after(minutes), side, qty: new D(qty) });

describe('Almgren 2005', () => {
  const impact = impactOn(IBM, ALMGREN)!;

  it("charges a tenth of IBM's day within a tenth of it what the paper's example does, and leaves its permanent part", () => {
    const qty = new D(656_100);
    expect(paidBp(impact, [], 'buy', qty, OPEN)).toBeCloseTo(32.22385, 5);
    expect(movedBp(impact, [slice(0, 'buy', 656_100)], after(300))).toBeCloseTo(19.8597, 4);
  });

  it('takes what one side did within its minutes for one order, and what came earlier for another', () => {
    const half = new D(328_050);
    const first = paidBp(impact, [], 'buy', half, OPEN);
    const soon = paidBp(impact, [slice(0, 'buy', 328_050)], 'buy', half, after(38));
    // The second half pays, above the quote that the first has moved, what makes the two as dear as the whole.
    expect((first + soon + 19.8597 / 2) / 2).toBeCloseTo(32.22385, 4);
    expect(paidBp(impact, [slice(0, 'buy', 328_050)], 'buy', half, after(39))).toBeCloseTo(first, 9);
    expect(paidBp(impact, [slice(0, 'sell', 328_050)], 'buy', half, after(1))).toBeCloseTo(first, 9);
  });

  it('stands where it was once as much was sold as was bought', () => {
    expect(movedBp(impact, [slice(0, 'buy', 500), slice(7, 'sell', 500)], after(8))).toBe(0);
  });
});

describe('the propagator', () => {
  const impact = impactOn(IBM, PROPAGATOR)!;

  it('moves by the root of the part of the day, charges two thirds of it, and forgets', () => {
    expect(paidBp(impact, [], 'sell', new D(65_610), OPEN)).toBeCloseTo((2 / 3) * 15.7, 9);
    const bought = [slice(0, 'buy', 65_610)];
    expect([0, 1, 3, 8].map((minutes) => movedBp(impact, bought, after(minutes)).toFixed(4))).toEqual(
      [1, 2, 4, 9].map((past) => (15.7 / Math.sqrt(past)).toFixed(4)),
    );
  });

  it('does not know what is still to come', () => {
    expect(movedBp(impact, [slice(5, 'buy', 65_610)], after(4))).toBe(0);
  });
});

describe('a price taken', () => {
  it.each([
    ['100', 'buy', 0.4, '100.01'],
    ['100', 'sell', 0.4, '99.99'],
    ['100', 'buy', 1, '100.01'],
    ['100', 'buy', 1.01, '100.02'],
    ['0.5', 'buy', 3, '0.5002'],
    ['0.5', 'sell', 3, '0.4998'],
    ['0.02', 'sell', 20_000, '0.0001'],
    ['20', 'buy', 1e-9, '20'],
  ] as const)('at %s for a %s and %d basis points is %s', (quoted, side, bp, price) => {
    expect(priceTaken(new D(quoted), side, bp).toFixed()).toBe(price);
  });
});

describe('what a symbol trades and moves on an average day', () => {
  const day = barOf('AAA', '100', '103', '99', '101', '2000000');

  it('is what the host told, else what the day itself shows', () => {
    const told = impactOn({ ...day, averageVolume: new D(1_000_000), volatility: 0.02 }, PROPAGATOR)!;
    expect(told.averageVolume.toFixed()).toBe('1000000');
    expect(paidBp(told, [], 'buy', new D(10_000), OPEN)).toBeCloseTo((2 / 3) * 20, 9);
    const shown = impactOn(day, PROPAGATOR)!;
    expect(shown.averageVolume.toFixed()).toBe('2000000');
    const parkinson = Math.log(103 / 99) / 1.6651092223153954;
    expect(paidBp(shown, [], 'buy', new D(20_000), OPEN)).toBeCloseTo((2 / 3) * parkinson * 1_000, 9);
  });

  it.each([
    ['volume', { volume: null }, /AAA cannot be told: .* no average_volume/],
    ['volume above zero', { volume: new D(0) }, /no average_volume/],
    ['range', { high: day.low, low: day.low }, /no volatility/],
    ['either', { volume: null, high: day.low }, /no average_volume.*; and no volatility/],
  ])('is never made up: without a %s an order is refused by name', (_, less, message) => {
    const unknown = { ...day, ...less };
    expect(impactOn(unknown, ALMGREN)).toBeNull();
    expect(unknownImpact(unknown, ALMGREN)?.body.message).toMatch(message);
    expect(unknownImpact(unknown, null)).toBeNull();
  });
});

describe('the flow of a symbol', () => {
  const flowOf = (slices: readonly FlowSlice[]): Flow =>
    slices.reduce((flow, each) => withSlice(flow, '2017-07-03', each), NO_FLOW);

  it('takes the pieces of one instant and side for one', () => {
    const flow = flowOf([slice(1, 'buy', 10), slice(1, 'sell', 3), slice(1, 'buy', 5), slice(2, 'buy', 1)]);
    expect(flow.slices.map(({ side, qty }) => `${side} ${qty.toFixed()}`)).toEqual(['buy 15', 'sell 3', 'buy 1']);
  });

  it('is forgotten with its session', () => {
    const flow = flowOf([slice(1, 'buy', 10)]);
    expect(slicesIn(flow, '2017-07-05')).toEqual([]);
    expect(withSlice(flow, '2017-07-05', slice(9, 'sell', 1)).slices).toHaveLength(1);
  });

  it('has a bound, beyond which the oldest of one side become one and no share is lost', () => {
    const slices = [...Array(FLOW_SLICES_MAX + 50).keys()].map((i) => slice(i / 10, i === 0 ? 'sell' : 'buy', 1));
    const kept = flowOf(slices).slices;
    expect(kept).toHaveLength(FLOW_SLICES_MAX);
    expect(kept.slice(0, 2)).toEqual([slice(0, 'sell', 1), slice(5.1, 'buy', 51)]);
    expect(kept.reduce((sum, { qty }) => sum + qty.toNumber(), 0)).toBe(slices.length);
  });
});
