// Goal: the synthetic market is decided by its seed, grows without restating, and has the features it claims to have:
// correlated names, sectors, volatility that clusters, gaps and splits.
import { describe, expect, it } from '@jest/globals';
import { KernelError } from '../money/index.js';
import { mean, pearson, simpleReturns, stdev } from '../statistics/index.js';
import { SECTORS, syntheticMarket } from './index.js';
import type { SyntheticBar, SyntheticMarket } from './index.js';

const input = { seed: 'spec', symbols: 22, from: '2012-08-13', sessions: 800 };
const market = syntheticMarket(input);

const barsOf = ({ bars }: SyntheticMarket, symbol: string): SyntheticBar[] =>
  bars.filter((bar) => bar.symbol === symbol);
const returnsOf = (symbol: string): Float64Array => simpleReturns(barsOf(market, symbol).map(({ close }) => close));
const symbols = market.sectors.map(({ symbol }) => symbol);
const returns = new Map(symbols.map((symbol) => [symbol, returnsOf(symbol)]));
const correlations = (pick: (i: number, j: number) => boolean): number[] =>
  symbols.flatMap((a, i) =>
    symbols.flatMap((b, j) => (i < j && pick(i, j) ? [pearson(returns.get(a)!, returns.get(b)!)!] : [])),
  );

describe('a synthetic market', () => {
  it('starts with these bars, for ever', () => {
    const { bars } = syntheticMarket({ seed: 'golden', symbols: 2, from: '2012-08-12', sessions: 2 });
    expect(bars.map((bar) => Object.values(bar).join(' '))).toEqual([
      '2012-08-13 SYN001 25.88 26.93 25.59 26.81 1343579',
      '2012-08-13 SYN002 91.63 94.69 91.47 94.69 1316474',
      '2012-08-14 SYN001 26.82 26.89 26.14 26.42 1554154',
      '2012-08-14 SYN002 95.6 96.06 95.28 95.91 1856273',
    ]);
  });

  it('has a bar for each name and session, from the first session on or after the date', () => {
    expect(market.bars).toHaveLength(22 * 800);
    expect(market.bars[0]).toMatchObject({ date: '2012-08-13', symbol: 'SYN001' });
    const saturday = syntheticMarket({ ...input, symbols: 1, from: '2012-08-11', sessions: 1 });
    expect(saturday.bars[0]!.date).toBe('2012-08-13');
    // 2012-10-29 and -30: the exchange was closed for a hurricane.
    const storm = syntheticMarket({ ...input, symbols: 1, from: '2012-10-26', sessions: 2 });
    expect(storm.bars.map(({ date }) => date)).toEqual(['2012-10-26', '2012-10-31']);
  });

  it('changes nothing that was there when it grows in sessions or in symbols', () => {
    const small = { ...input, symbols: 12, sessions: 150 };
    const base = syntheticMarket(small);
    const longer = syntheticMarket({ ...small, sessions: 250 });
    expect(longer.bars.slice(0, base.bars.length)).toEqual(base.bars);
    expect(longer.splits.slice(0, base.splits.length)).toEqual(base.splits);
    const wider = syntheticMarket({ ...small, symbols: 20 });
    expect(barsOf(wider, 'SYN007')).toEqual(barsOf(base, 'SYN007'));
    expect(syntheticMarket(small)).toEqual(base);
    expect(syntheticMarket({ ...small, seed: 'other' }).bars).not.toEqual(base.bars);
  });

  it('is consistent within each bar, in whole cents and shares', () => {
    const wrong = market.bars.filter(
      ({ open, high, low, close, volume }) =>
        high < Math.max(open, close) ||
        low > Math.min(open, close) ||
        low <= 0 ||
        volume < 1 ||
        !Number.isInteger(volume) ||
        [open, high, low, close].some((price) => Math.round(price * 100) / 100 !== price),
    );
    expect(wrong).toEqual([]);
  });

  it('spreads its names over eleven sectors', () => {
    expect(new Set(market.sectors.map(({ sector }) => sector))).toEqual(new Set(SECTORS));
    expect(market.sectors[0]!.symbol).toBe('SYN001');
    expect(syntheticMarket({ ...input, symbols: 1001, sessions: 1 }).sectors.at(-1)!.symbol).toBe('SYN1001');
  });

  it('correlates names, and those of a sector more', () => {
    const same = mean(correlations((i, j) => i % 11 === j % 11))!;
    const other = mean(correlations((i, j) => i % 11 !== j % 11))!;
    expect(other).toBeGreaterThan(0.2);
    expect(same).toBeGreaterThan(other + 0.05);
    expect(same).toBeLessThan(0.8);
  });

  it('has volatilities of real names, in clusters', () => {
    const volatilities = symbols.map((symbol) => stdev(returns.get(symbol)!)! * Math.sqrt(252));
    expect(Math.min(...volatilities)).toBeGreaterThan(0.1);
    expect(Math.max(...volatilities)).toBeLessThan(0.8);
    const index = Array.from({ length: 799 }, (_, d) => mean(symbols.map((symbol) => returns.get(symbol)![d]!))!);
    const sizes = index.map(Math.abs);
    expect(pearson(sizes.slice(5), sizes.slice(0, -5))).toBeGreaterThan(0.1);
  });

  it('opens away from the close before', () => {
    const bars = barsOf(market, 'SYN001');
    const gaps = bars.slice(1).map((bar, i) => Math.abs(bar.open / bars[i]!.close - 1));
    expect(mean(gaps)).toBeGreaterThan(0.002);
    expect(Math.max(...gaps)).toBeGreaterThan(0.02);
  });

  it('lists splits and leaves no trace of them in the bars', () => {
    expect(market.splits.length).toBeGreaterThan(2);
    for (const { date, symbol, ratio } of market.splits) {
      expect([2, 3, 4, 0.1]).toContain(ratio);
      const bars = barsOf(market, symbol);
      const at = bars.findIndex((bar) => bar.date === date);
      expect(Math.abs(bars[at]!.open / bars[at - 1]!.close - 1)).toBeLessThan(0.2);
    }
  });

  it('refuses counts and dates that make no market', () => {
    const codeOf = (overrides: Partial<typeof input>): unknown => {
      try {
        return syntheticMarket({ ...input, ...overrides });
      } catch (error) {
        return error instanceof KernelError ? error.code : error;
      }
    };
    expect(codeOf({ symbols: 0 })).toBe('INVALID_COUNT');
    expect(codeOf({ sessions: 1.5 })).toBe('INVALID_COUNT');
    expect(codeOf({ from: 'yesterday' })).toBe('INVALID_DATE');
  });
});
