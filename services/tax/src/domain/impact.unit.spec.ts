// Goal: what a plan's sells would realise is told before they are made, and never from half the lots.
import type { Trade } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import { fillFixture } from '../../test/fill.fixture.js';
import { assessImpact } from './impact.js';
import { takeFills } from './lots.js';

const trade = (symbol: string, side: Trade['side'], quantity: string, referencePrice: string): Trade => ({
  ...{ symbol, side, quantity, referencePrice, exchange: 'XNYS', notional: '0', contributors: [] },
});

const lots = new Map(
  ['AAA', 'BBB'].map((symbol) => [
    symbol,
    takeFills(
      [],
      [
        fillFixture({ symbol, executionId: `${symbol}-1`, filledAt: '2025-11-19T15:00:00.000Z', price: '4' }),
        fillFixture({ symbol, executionId: `${symbol}-2`, filledAt: '2026-11-19T15:00:00.000Z', price: '6' }),
      ],
    ).lots,
  ]),
);

describe('the impact of a plan', () => {
  it('is what its sells relieve at their reference prices, by symbol', () => {
    const trades = [trade('BBB', 'sell', '10', '3'), trade('AAA', 'sell', '15', '7'), trade('CCC', 'buy', '1', '1')];
    const { relief, totals, warnings } = assessImpact(trades, lots, '2026-11-20');
    expect(relief.map(({ lotId, quantity, gain, term }) => [lotId, quantity, gain, term])).toEqual([
      ['paper:AAA-1', '10', '30', 'long_term'],
      ['paper:AAA-2', '5', '5', 'short_term'],
      ['paper:BBB-1', '10', '-10', 'long_term'],
    ]);
    expect(totals).toEqual({ shortTerm: '5', longTerm: '20' });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['2026-11-19', 'short_term'],
    ['2026-11-20', 'long_term'],
  ])('on %s takes a lot of 2025-11-19 as %s', (tradeDate, term) => {
    expect(assessImpact([trade('AAA', 'sell', '1', '5')], lots, tradeDate).relief[0]!.term).toBe(term);
  });

  it.each([
    ['more than the lots hold', trade('AAA', 'sell', '21', '7')],
    ['what has no lots', trade('CCC', 'sell', '1', '7')],
  ])('warns of a sell of %s and counts nothing of it', (_what, sale) => {
    const { relief, totals, warnings } = assessImpact([sale], lots, '2026-11-20');
    expect(relief).toEqual([]);
    expect(totals).toEqual({ shortTerm: '0', longTerm: '0' });
    expect(warnings).toMatchObject([{ code: 'NOT_ENOUGH_LOTS', symbol: sale.symbol }]);
  });

  it('leaves the lots as they are', () => {
    const before = [...lots.values()].map((each) => each.map(({ qty }) => qty.toFixed()));
    assessImpact([trade('AAA', 'sell', '15', '7'), trade('AAA', 'sell', '5', '7')], lots, '2026-11-20');
    expect([...lots.values()].map((each) => each.map(({ qty }) => qty.toFixed()))).toEqual(before);
  });
});
