import { describe, expect, it } from '@jest/globals';
import type { Trade } from './allocator.js';
import { approvedHashOf, inPlanOrder, permitText, planHashOf } from './permit.js';

const trade = (symbol: string, side: 'buy' | 'sell', quantity = '10'): Trade => ({
  symbol,
  exchange: 'NYSE',
  side,
  quantity,
  referencePrice: '100',
  notional: '1000',
  contributors: [{ strategyId: 'momentum', weight: '0.1' }],
});

const trades = [trade('XOM', 'sell'), trade('AAPL', 'buy'), trade('AAPL', 'sell'), trade('BRK.B', 'buy')];
/** Every order of four trades. */
const orders = permutations(trades);
const plan = { cycleId: 'c', portfolioId: 'main', pricingPackId: 'p' };
const approved = { cycleId: 'c', account: 'main' };

describe('the hashes of a plan', () => {
  it('do not depend on the order of the trades', () => {
    expect(orders).toHaveLength(24);
    expect(new Set(orders.map((each) => planHashOf({ ...plan, trades: each }))).size).toBe(1);
    expect(new Set(orders.map((each) => approvedHashOf({ ...approved, trades: each }))).size).toBe(1);
  });

  it('do not change the list that they were given', () => {
    const given = Object.freeze([...trades]);
    expect(inPlanOrder(given).map(({ symbol, side }) => `${symbol} ${side}`)).toEqual([
      'AAPL buy',
      'AAPL sell',
      'BRK.B buy',
      'XOM sell',
    ]);
    expect(given).toEqual(trades);
  });

  it('depend on everything else: cycle, account, prices, every field of every trade', () => {
    const others = [
      planHashOf({ ...plan, trades }),
      planHashOf({ ...plan, cycleId: 'd', trades }),
      planHashOf({ ...plan, portfolioId: 'other', trades }),
      planHashOf({ ...plan, pricingPackId: 'q', trades }),
      planHashOf({ ...plan, trades: trades.slice(1) }),
      planHashOf({ ...plan, trades: [...trades.slice(1), trade('XOM', 'sell', '11')] }),
      planHashOf({ ...plan, trades: [...trades.slice(1), trade('XOM', 'buy')] }),
      approvedHashOf({ ...approved, trades }),
      approvedHashOf({ ...approved, account: 'other', trades }),
      approvedHashOf({ ...approved, trades: [] }),
    ];
    expect(new Set(others).size).toBe(others.length);
  });

  it('are the ones that were signed before this version', () => {
    expect(planHashOf({ ...plan, trades: [trade('AAPL', 'buy')] })).toBe(
      '892387b4234550ad8f3f80dde7b0a8ba4224fd50ab492b6f7673d2f601df537b',
    );
    expect(approvedHashOf({ ...approved, trades: [trade('AAPL', 'buy')] })).toBe(
      '4af0b2298fb661eb9b7cb098ed39a345580bd4bbbf508c3667fddb25ea84cdf4',
    );
  });
});

describe('permitText', () => {
  it('is the same text however the permit was put together', () => {
    const permit = {
      planHash: 'a',
      approvedHash: 'b',
      account: 'main',
      limitsVersion: '1',
      expiresAt: '2026-11-20T14:45:00.000Z',
      haltEpoch: 0,
      purpose: 'trade' as const,
    };
    const text =
      '{"account":"main","approvedHash":"b","expiresAt":"2026-11-20T14:45:00.000Z","haltEpoch":0,"limitsVersion":"1","planHash":"a","purpose":"trade"}';
    expect(permitText(permit)).toBe(text);
    expect(permitText({ ...permit, purpose: 'flatten' })).not.toBe(text);
    expect(permitText(Object.fromEntries(Object.entries(permit).reverse()) as typeof permit)).toBe(text);
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [first, ...rest]),
  );
}
