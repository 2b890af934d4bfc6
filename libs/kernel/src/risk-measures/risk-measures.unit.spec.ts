// Goal: every measure at its published values and at the edges of its rule, and a code where there is nothing to measure.
import { describe, expect, it } from '@jest/globals';
import { D, KernelError } from '../money/index.js';
import {
  bandsFor,
  gaussianMultiplier,
  gaussianShortfall,
  HISTORICAL_SCENARIOS,
  historicalTailLoss,
  initialMargin,
  maintenanceMargin,
  MARKET_DOWN_10,
  marginPurchase,
  marketWideHalt,
  shiftedTailLoss,
  shockOf,
  shortDepositOf,
  stressByBeta,
  studentShortfall,
  tailOf,
  volatilityScale,
} from './index.js';
import type { HaltLevel, Scenario, Sensitivity } from './index.js';

const rowsOf = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('historical value at risk and shortfall', () => {
  const returns = [-0.05, -0.031, -0.028, -0.02, -0.015, -0.012, -0.01, -0.008, -0.004, -0.001];
  const more = [0, 0.002, 0.004, 0.006, 0.009, 0.011, 0.014, 0.018, 0.022, 0.03];
  const all = [...more, ...returns];

  // alpha | VaR | CVaR: the mean of the tail where alpha·n is whole, weighted where it is not.
  const golden = `
0.05  | 0.05  | 0.05
0.1   | 0.031 | 0.0405
0.075 | 0.031 | 0.04366666666666667
0.15  | 0.028 | 0.03633333333333333
0.5   | 0.001 | 0.0179
`;
  for (const [alpha, valueAtRisk, shortfall] of rowsOf(golden)) {
    it(`of the worst ${alpha} of 20 returns in any order is ${valueAtRisk} and ${shortfall}`, () => {
      const found = historicalTailLoss(all, tailOf(20, Number(alpha)));
      expect(found.valueAtRisk).toBeCloseTo(Number(valueAtRisk), 12);
      expect(found.shortfall).toBeCloseTo(Number(shortfall), 12);
    });
  }

  it('places the tail by decimals: 7 % of 100 is the seventh observation, not the eighth', () => {
    expect(tailOf(100, 0.07)).toEqual({ observations: 100, index: 6, weight: 7, sufficient: true });
    expect(Math.ceil(0.07 * 100) - 1).toBe(7);
  });

  it('is the worst loss of a tail that is thinner than one observation, and the tail says so', () => {
    const tail = tailOf(20, 0.01);
    expect(tail.sufficient).toBe(false);
    expect(historicalTailLoss(all, tail)).toEqual({ valueAtRisk: 0.05, shortfall: 0.05 });
    expect(tailOf(20, 0.05).sufficient).toBe(true);
  });

  it('measures a gain where even the worst was one', () => {
    expect(historicalTailLoss([0.01, 0.02], tailOf(2, 0.5))).toEqual({ valueAtRisk: -0.01, shortfall: -0.01 });
  });

  it('refuses gaps, infinities, other lengths and tails that are none', () => {
    const tail = tailOf(3, 0.5);
    for (const gap of [NaN, Infinity, -Infinity]) {
      expect(codeOf(() => historicalTailLoss([0.3, 0.2, gap], tail))).toBe('INVALID_RETURN');
      expect(codeOf(() => historicalTailLoss([gap, 0.2, 0.1], tail))).toBe('INVALID_RETURN');
    }
    expect(codeOf(() => historicalTailLoss([0.1], tail))).toBe('LENGTH_MISMATCH');
    expect(codeOf(() => shiftedTailLoss([1, 2, 3], [1], 1, tail))).toBe('LENGTH_MISMATCH');
    expect(codeOf(() => tailOf(0, 0.1))).toBe('NO_OBSERVATIONS');
    for (const alpha of [0, 1, -0.1, NaN]) expect(codeOf(() => tailOf(10, alpha))).toBe('INVALID_ALPHA');
  });
});

describe('shortfall of a distribution', () => {
  // Multipliers of the domain rules, section 5.
  it.each([
    [0.95, 2.0627],
    [0.975, 2.3378],
    [0.99, 2.6652],
  ])('of a normal at %s is %s standard deviations', (confidence, multiplier) => {
    expect(gaussianMultiplier(confidence)).toBeCloseTo(multiplier, 4);
    const { shortfall } = gaussianShortfall({ mean: 0.01, deviation: 0.2 }, confidence);
    expect(shortfall).toBeCloseTo(-0.01 + 0.2 * gaussianMultiplier(confidence), 12);
  });

  // Quantiles as printed in tables of Student's t, times √((ν − 2)/ν).
  it.each([
    [3, 0.975, 3.182446],
    [6, 0.975, 2.446912],
    [10, 0.99, 2.763769],
    [30, 0.95, 1.697261],
    [120, 0.975, 1.97993],
  ])('of a t with %s degrees of freedom at %s begins at the quantile %s', (nu, confidence, quantile) => {
    const { valueAtRisk } = studentShortfall({ mean: 0, deviation: 1 }, nu, confidence);
    expect(valueAtRisk).toBeCloseTo(quantile * Math.sqrt((nu - 2) / nu), 5);
  });

  it('of a t comes to that of a normal with many degrees of freedom', () => {
    const normal = gaussianShortfall({ mean: 0, deviation: 1 }, 0.975);
    const student = studentShortfall({ mean: 0, deviation: 1 }, 1e6, 0.975);
    expect(student.shortfall).toBeCloseTo(normal.shortfall, 4);
  });

  it('refuses what is no distribution', () => {
    expect(codeOf(() => gaussianShortfall({ mean: 0, deviation: -1 }, 0.95))).toBe('INVALID_PARAMETER');
    expect(codeOf(() => gaussianShortfall({ mean: NaN, deviation: 1 }, 0.95))).toBe('INVALID_PARAMETER');
    expect(codeOf(() => gaussianShortfall({ mean: 0, deviation: 1 }, 0.05))).toBe('INVALID_PARAMETER');
    expect(codeOf(() => studentShortfall({ mean: 0, deviation: 1 }, 2, 0.95))).toBe('INVALID_PARAMETER');
  });
});

describe('the volatility target', () => {
  it.each([
    [{ target: 0.1, realised: 0.25, cap: 1.5 }, 0.4],
    [{ target: 0.1, realised: 0.04, cap: 1.5 }, 1.5],
    [{ target: 0.1, realised: 0.04, cap: 1.5, floor: 0.08 }, 1.25],
    [{ target: 0.1, realised: 0, cap: 1.5, floor: 0.1 }, 1],
    [{ target: 0, realised: 0.2, cap: 1.5 }, 0],
  ])('%j scales by %s', (target, scale) => {
    expect(volatilityScale(target)).toBeCloseTo(scale, 12);
  });

  it('does not take what never moved for quiet', () => {
    expect(codeOf(() => volatilityScale({ target: 0.1, realised: 0, cap: 2 }))).toBe('NO_VOLATILITY');
    expect(codeOf(() => volatilityScale({ target: 0.1, realised: NaN, cap: 2 }))).toBe('INVALID_PARAMETER');
    expect(codeOf(() => volatilityScale({ target: -0.1, realised: 1, cap: 2 }))).toBe('INVALID_PARAMETER');
  });
});

describe('Regulation T and maintenance', () => {
  // shares | price | initial | maintenance
  const golden = `
100    | 40   | 2000  | 1000
-500   | 40   | 10000 | 6000
-10000 | 2    | 25000 | 25000
-100   | 8    | 500   | 500
-100   | 5    | 500   | 500
-100   | 4.99 | 499   | 499
-100   | 2.5  | 250   | 250
-100   | 20   | 1000  | 600
0      | 20   | 0     | 0
`;
  for (const [shares, price, initial, maintenance] of rowsOf(golden)) {
    it(`${shares} at ${price} need ${initial} at first and ${maintenance} then`, () => {
      const position = [new D(shares!), new D(price!)] as const;
      expect(initialMargin(...position).toFixed()).toBe(initial);
      expect(maintenanceMargin(...position).toFixed()).toBe(maintenance);
      if (position[0].isNegative()) expect(shortDepositOf(position[0].abs(), position[1]).toFixed()).toBe(initial);
    });
  }

  // equity | buy | met | maintenance | drop to a call
  const purchases = `
10000 | 20000    | true  | 5000       | 0.333333333333
9999  | 20000    | false | 5000       | 0.333266666667
10000 | 20000.01 | false | 5000.0025  | 0.333333
20000 | 20000    | true  | 5000       | 1
30000 | 20000    | true  | 5000       | 1
1999  | 2500     | false | 625        | 0.7328
1500  | 1500     | true  | 375        | 1
1000  | 20000    | false | 5000       | 0
`;
  for (const [equity, value, met, maintenance, drop] of rowsOf(purchases)) {
    it(`buying for ${value} with ${equity}`, () => {
      const found = marginPurchase(new D(equity!), new D(value!));
      expect([String(found.initialMet), found.maintenance.toFixed()]).toEqual([met, maintenance]);
      expect(found.callAfterDrop.toNumber()).toBeCloseTo(Number(drop), 6);
    });
  }
});

describe('LULD bands', () => {
  // tier | reference | previous close | last 25 minutes | lower | upper
  const golden = `
1 | 100   | 99     | no  | 95    | 105
1 | 100   | 99     | yes | 90    | 110
2 | 100   | 99     | no  | 90    | 110
2 | 100   | 99     | yes | 90    | 110
1 | 3.01  | 3.01   | no  | 2.86  | 3.16
1 | 3.00  | 3.00   | no  | 2.4   | 3.6
2 | 2.00  | 2.00   | yes | 1.2   | 2.8
1 | 0.75  | 0.75   | no  | 0.6   | 0.9
1 | 0.50  | 0.7499 | no  | 0.35  | 0.65
2 | 0.10  | 0.10   | no  | 0.03  | 0.18
2 | 0.10  | 0.10   | yes | 0     | 0.25
1 | 33.33 | 33     | no  | 31.66 | 35
`;
  for (const row of rowsOf(golden)) {
    it(row.join(' | '), () => {
      const [tier, reference, close, last, lower, upper] = row as [string, string, string, string, string, string];
      const terms = { reference: new D(reference), previousClose: new D(close), lastMinutes: last === 'yes' };
      const bands = bandsFor({ tier: Number(tier) as 1 | 2, ...terms });
      expect([bands.lower.toFixed(), bands.upper.toFixed()]).toEqual([lower, upper]);
    });
  }
});

describe('a market-wide halt', () => {
  // index from 5000 | minutes to the close | reached already | level and halt
  const golden = `
4650.01 | 300 | - | none
4650    | 300 | - | 1 15m
4350.01 | 300 | - | 1 15m
4350    | 300 | - | 2 15m
4350    | 300 | 1 | 2 15m
4340    | 300 | 2 | none
4600    | 300 | 1 | none
4650    | 36  | - | 1 15m
4650    | 35  | - | none
4350    | 10  | - | none
4000    | 300 | 2 | 3 day
4000    | 1   | - | 3 day
5100    | 300 | - | none
`;
  for (const [index, minutes, reached, expected] of rowsOf(golden)) {
    it(`at ${index} with ${minutes} minutes left, after ${reached}: ${expected}`, () => {
      const found = marketWideHalt({
        ...{ previousClose: new D(5000), index: new D(index!), minutesToClose: Number(minutes) },
        reached: reached === '-' ? null : (Number(reached) as HaltLevel),
      });
      expect(found === null ? 'none' : `${found.level} ${found.halt}`).toBe(expected);
    });
  }

  it('is not judged by an index that is none', () => {
    const now = { previousClose: new D(5000), minutesToClose: 100 };
    for (const index of [new D(0), new D(-1), new D(NaN)]) {
      expect(codeOf(() => marketWideHalt({ ...now, index }))).toBe('INVALID_PARAMETER');
    }
  });
});

describe('stress', () => {
  const name: Sensitivity = { symbol: 'A', sector: 'Energy', beta: 1.5, factors: { oil: 0.4, rates: -0.2 } };
  const scenario = (moves: Omit<Scenario, 'name'>): Scenario => ({ name: 'it', ...moves });

  it.each([
    ['beta times the market', { market: -0.1 }, name, -0.15],
    ['beta and factors added up', { market: -0.1, factors: { oil: -0.5, rates: 0.1 } }, name, -0.37],
    ['the shock of its sector', { market: -0.1, sectors: { Energy: -0.3 } }, name, -0.3],
    ['the market where its sector has none', { market: -0.1, sectors: { Banks: -0.3 } }, name, -0.15],
    ['its own shock before all others', { market: -0.1, sectors: { Energy: -0.3 }, symbols: { A: 0.05 } }, name, 0.05],
    ['no more than all of it', { market: -0.8 }, name, -1],
    ['nothing where the scenario moves others', { symbols: { B: -0.5 } }, name, 0],
    ['unknown without a beta', { market: -0.1 }, { ...name, beta: undefined }, null],
    ['unknown with a beta that is no number', { market: -0.1 }, { ...name, beta: NaN }, null],
    ['unknown without an exposure to the factor', { factors: { value: -0.1 } }, name, null],
    ['unknown without a sector where sectors move', { sectors: { Banks: -0.3 } }, { symbol: 'A', beta: 1 }, null],
    ['no matter of beta where it has its own shock', { market: -0.1, symbols: { A: -0.2 } }, { symbol: 'A' }, -0.2],
  ])('of a name is %s', (_, moves, sensitivity, expected) => {
    const shock = shockOf(scenario(moves), sensitivity);
    if (expected === null) expect(shock).toBeNull();
    else expect(shock).toBeCloseTo(expected, 12);
  });

  it('of a book is equity times weights, betas and the shock', () => {
    const book = [
      { name: 'A', weight: new D('0.6'), beta: new D('1.2') },
      { name: 'B', weight: new D('-0.2'), beta: new D('0.5') },
    ];
    expect(stressByBeta(book, new D('-0.1'), new D(100_000)).toFixed()).toBe('-6200');
    const unknown = [...book, { name: 'C', weight: new D(0), beta: null }];
    expect(codeOf(() => stressByBeta(unknown, new D('-0.1'), new D(1)))).toBe('UNKNOWN_BETA');
  });

  it('has falls of the past as the index fell', () => {
    const falls = Object.fromEntries(HISTORICAL_SCENARIOS.map(({ name: fall, market }) => [fall, market!.toFixed(4)]));
    expect(falls).toEqual({
      black_monday_1987: '-0.2047',
      dot_com_2000_2002: '-0.4915',
      financial_crisis_2007_2009: '-0.5678',
      covid_2020: '-0.3392',
      inflation_2022: '-0.2543',
    });
    expect(MARKET_DOWN_10.market).toBe(-0.1);
  });
});
