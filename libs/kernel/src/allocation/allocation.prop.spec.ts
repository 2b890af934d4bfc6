import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { D, sum } from '../money/index.js';
import { correlation, inverseVolatility, rankAggregation, targetsToTrades, waterFill } from './index.js';

const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e6, noNaN: true }));
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const symbol = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F');

describe('waterFill', () => {
  it('spends the budget or says what is left, never above the cap, nothing where nothing was asked', () => {
    fc.assert(
      fc.property(fc.array(weight, { maxLength: 20 }), fraction, fraction, (raw, cap, budget) => {
        const { capped, residualCash, infeasible } = waterFill(raw, cap, budget);
        const spent = capped.reduce((total, each) => total + each, 0);
        return (
          Math.abs(spent + residualCash - budget) < 1e-9 &&
          capped.every((each, i) => each >= 0 && each <= cap && (raw[i] !== 0 || each === 0)) &&
          (!infeasible || capped.every((each, i) => raw[i] === 0 || each === cap))
        );
      }),
    );
  });

  it('keeps the order of the raw weights', () => {
    fc.assert(
      fc.property(fc.array(weight, { minLength: 2, maxLength: 12 }), fraction, (raw, cap) => {
        const { capped } = waterFill(raw, cap);
        return raw.every((a, i) => raw.every((b, j) => a < b || (capped[i] ?? 0) >= (capped[j] ?? 0) - 1e-12));
      }),
    );
  });

  it('weighs the calmer one more', () => {
    const vol = fc.option(fc.double({ min: -0.5, max: 2, noNaN: true }));
    fc.assert(
      fc.property(fc.array(vol, { maxLength: 12 }), (vols) => {
        const { raw, excluded } = inverseVolatility(vols, 1);
        const out = new Set(excluded.map(({ index }) => index));
        return raw.every((each, i) => Number.isFinite(each) && out.has(i) === !((vols[i] ?? 0) > 0));
      }),
    );
  });
});

describe('rankAggregation', () => {
  it('does not see the scale of scores and adds up to 1', () => {
    const scores = fc.dictionary(symbol, fc.integer({ min: -1000, max: 1000 }), { minKeys: 1 });
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('x', 'y', 'z'), scores, { minKeys: 1 }), (byStrategy) => {
        const scaled = Object.fromEntries(
          Object.entries(byStrategy).map(([name, bySymbol]) => [
            name,
            Object.fromEntries(Object.entries(bySymbol).map(([key, score]) => [key, score * 8 + 1])),
          ]),
        );
        const { weights } = rankAggregation(byStrategy);
        const total = Object.values(weights).reduce((a, b) => a + b, 0);
        return (
          Math.abs(total - 1) < 1e-9 && JSON.stringify(rankAggregation(scaled).weights) === JSON.stringify(weights)
        );
      }),
    );
  });
});

describe('correlation', () => {
  it('stays between -1 and 1', () => {
    const series = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(series, series, (a, b) => {
        const value = correlation({ a, b }).corr['a|b'] ?? 0;
        return value >= -1 && value <= 1;
      }),
    );
  });
});

describe('targetsToTrades', () => {
  const shares = fc.dictionary(symbol, fc.integer({ min: 0, max: 1000 }));
  const signed = fc.dictionary(symbol, fc.integer({ min: -1000, max: 1000 }));
  const prices = fc.dictionary(symbol, fc.integer({ min: 1, max: 100_000 }));
  const toMap = (counts: Record<string, number>, scale = 1) =>
    new Map(Object.entries(counts).map(([key, count]) => [key, new D(count).div(scale)]));

  it('never sells more than is held, trades a symbol once and on a mark, and spends no more than is investable', () => {
    fc.assert(
      fc.property(fc.dictionary(symbol, weight), shares, signed, prices, (raw, held, open, marks) => {
        const names = Object.keys(raw);
        const { capped } = waterFill(Object.values(raw), 0.4);
        const inputs = {
          targets: names.map((name, i) => ({ symbol: name, weight: capped[i] ?? 0 })),
          equity: new D(100_000),
          cashBufferFraction: 0.02,
          positions: toMap(held),
          working: toMap(open),
          marks: toMap(marks, 100),
          minNotional: new D(50),
        };
        const { trades, unpriced } = targetsToTrades(inputs);
        const bought = sum(trades.filter(({ side }) => side === 'buy').map(({ notional }) => notional));
        return (
          trades.every(({ symbol: name, side, qty }) => {
            const position = inputs.positions.get(name) ?? new D(0);
            return qty.greaterThan(0) && inputs.marks.has(name) && (side === 'buy' || qty.lessThanOrEqualTo(position));
          }) &&
          unpriced.every((name) => !inputs.marks.has(name)) &&
          new Set(trades.map((trade) => trade.symbol)).size === trades.length &&
          (Object.keys(open).length > 0 || bought.lessThanOrEqualTo(98_000))
        );
      }),
    );
  });
});
