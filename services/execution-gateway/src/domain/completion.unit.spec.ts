import { describe, expect, it } from '@jest/globals';
import type { VenueBar } from '../messages.js';
import { figuresOf } from './benchmark.js';
import { completeParent, midOf, reportOf, type EndedParent } from './completion.js';

/** Of a parent that left at once and about whose market nothing is known. */
const NOTHING_MORE = {
  sessionClose: '2024-03-04T21:00:00.000Z',
  horizonEndAt: '2024-03-04T16:00:00.000Z',
  ending: 'open',
  lostQuantity: '0',
  codes: [],
  lastSlice: 5,
  largestPlanned: '2',
  firstSubmittedAt: '2024-03-04T15:00:00.010Z',
  lastEndedAt: '2024-03-04T15:50:01.000Z',
  latenessMs: [],
  benchmark: 'answered',
  market: { figures: null, reason: 'VENUE_AWAY' },
} as const;

describe('a completed parent', () => {
  const parent: EndedParent = {
    parentOrderId: '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f02',
    cycleId: '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f01',
    portfolioId: 'main',
    account: 'main',
    symbol: 'AAPL',
    side: 'buy',
    quantity: '10',
    filledQuantity: '10',
    filledNotional: '1001',
    arrivalPrice: '100',
    ...NOTHING_MORE,
  };

  it.each([
    ['a buy above arrival', {}, { status: 'filled', averagePrice: '100.1', slippageBp: '10', reason: null }],
    ['a sell above arrival', { side: 'sell' }, { slippageBp: '-10' }],
    [
      'a third of a cent',
      { filledQuantity: '3', filledNotional: '301', codes: ['HALTED'] },
      { status: 'partially_filled', averagePrice: '100.333333333', slippageBp: '33.3333', reason: 'HALTED' },
    ],
    [
      'nothing',
      { filledQuantity: '0', filledNotional: '0', codes: ['CANCELLED', 'HALTED'] },
      { status: 'unfilled', averagePrice: null, slippageBp: null, reason: 'CANCELLED, HALTED' },
    ],
    ['no quote', { arrivalPrice: null }, { slippageBp: null, averagePrice: '100.1' }],
    ['all of it at the second attempt', { codes: ['DEFERRED'] }, { status: 'filled', reason: null }],
  ] as [string, Partial<EndedParent>, object][])('of %s', (_, more, expected) => {
    expect(completeParent({ ...parent, ...more }).data).toMatchObject(expected);
  });

  it('arrives at the middle of a sound quote only', () => {
    expect([
      midOf({ bid: '99.9', ask: '100.1' }),
      midOf({ bid: '0', ask: '100' }),
      midOf({ bid: '101', ask: '100' }),
    ]).toEqual(['100', null, null]);
  });
});

describe('the report of a parent', () => {
  const figures = { twap: '100.5', vwap: '100.4', volume: '5000', lastPrice: '102' };
  const parent: EndedParent = {
    ...{ parentOrderId: 'p', cycleId: 'c', portfolioId: 'main', account: 'main', symbol: 'AAPL', side: 'buy' },
    ...{ quantity: '10', filledQuantity: '10', filledNotional: '1001', arrivalPrice: '100' },
    ...NOTHING_MORE,
    market: { figures, reason: null },
  };

  // filled | notional | side | arrival | last | shortfall
  const golden = `
    10 | 1001  | buy  | 100 | 102 | 10
    10 | 1001  | sell | 100 | 102 | -10
    10 | 1001  | buy  | 100 |     | 10
    5  | 500.5 | buy  | 100 | 102 | 105
    5  | 500.5 | sell | 100 | 102 | -105
    5  | 500.5 | buy  | 100 |     |
    0  | 0     | buy  | 100 | 99  | -100
    0  | 0     | buy  | 100 | 100 | 0
    10 | 1001  | buy  |     | 102 |
  `;
  it.each(
    golden
      .trim()
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim())),
  )('of %s of 10 for %s (%s) from "%s", last at "%s", has a shortfall of "%s" bp', (...row) => {
    const [filledQuantity = '', filledNotional = '', side, arrival, lastPrice = '', shortfall] = row;
    const market =
      lastPrice === '' ? { figures: null, reason: 'none' } : { figures: { ...figures, lastPrice }, reason: null };
    const of = {
      ...parent,
      filledQuantity,
      filledNotional,
      side: side as 'buy',
      arrivalPrice: arrival || null,
      market,
    };
    expect(reportOf(of).shortfallBp ?? '').toBe(shortfall);
  });

  it('has the market beside it, its part of the volume, and how late its orders left', () => {
    expect(reportOf({ ...parent, latenessMs: [2, 3, 900, 1_000, 1_001, 60_000] })).toEqual({
      from: '2024-03-04T15:00:00.010Z',
      to: '2024-03-04T15:50:01.000Z',
      marketTwap: '100.5',
      marketVwap: '100.4',
      marketVolume: '5000',
      lastPrice: '102',
      marketReason: null,
      shortfallBp: '10',
      participation: '0.002',
      lateness: { orders: 6, p50Ms: 900, maxMs: 60_000, overOneSecond: 2 },
    });
  });

  it('says why the market is not known, and leaves null what is not', () => {
    expect(reportOf({ ...parent, market: { figures: null, reason: 'VENUE_AWAY' } })).toMatchObject({
      ...{ marketTwap: null, marketVwap: null, marketVolume: null, lastPrice: null, participation: null },
      ...{ marketReason: 'VENUE_AWAY', lateness: { orders: 0, p50Ms: null, maxMs: null } },
    });
    expect(reportOf({ ...parent, market: null, firstSubmittedAt: null })).toMatchObject({
      marketReason: 'nothing of it left',
    });
    const still = { ...figures, volume: '0', vwap: null };
    expect(reportOf({ ...parent, market: { figures: still, reason: null } }).participation).toBeNull();
  });
});

describe('the figures of a market', () => {
  const bar = (minute: number, low: string, high: string, close: string, volume: string, vwap: string): VenueBar => ({
    ...{ symbol: 'AAPL', at: `2024-03-04T15:0${minute}:00.000Z`, open: low, high, low, close, volume, vwap },
  });

  it('are its mean price by time and by volume, and its last', () => {
    const bars = [bar(0, '100', '102', '102', '100', '101'), bar(1, '102', '104', '104', '300', '103')];
    expect(figuresOf(bars)).toEqual({ twap: '102', vwap: '102.5', volume: '400', lastPrice: '104' });
  });

  it('have no mean by volume where nothing traded, and are none without a minute', () => {
    expect(figuresOf([bar(0, '100', '100', '100', '0', '100')])).toMatchObject({
      vwap: null,
      volume: '0',
      twap: '100',
    });
    expect(figuresOf([])).toBeNull();
  });
});
