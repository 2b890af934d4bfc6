// Goal: the models give the published and hand-computed values, and say where slicing saves and where it does not.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { D, decimal, KernelError } from '../money/index.js';
import { twapSchedule } from '../twap/index.js';
import {
  ALMGREN_CHRISS_EXAMPLE,
  ALMGREN_CHRISS_EXAMPLE_BP,
  almgren2005,
  almgrenChriss,
  averagePaidBp,
  compareWithSingle,
  impactCost,
  impactSlices,
  linearCost,
  optimalTrades,
  propagator,
  SESSION_MINUTES,
  squareRootLaw,
} from './index.js';
import type { ImpactModel, ImpactSlice } from './index.js';

const casesFile = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', '../cases/impact.json');

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
  return 'no error';
}

const table = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));

const single = (volumeFraction: number, minutes: number): ImpactSlice => ({ volumeFraction, startMinutes: 0, minutes });

/** `fraction` of ADV in `count` equal slices over `horizon` minutes, each executed within `minutes`. */
const even = (fraction: number, count: number, horizon: number, minutes = horizon / count): ImpactSlice[] =>
  Array.from({ length: count }, (_, i) => ({
    volumeFraction: fraction / count,
    startMinutes: (i * horizon) / count,
    minutes,
  }));

const IBM = { volatility: 0.0157, outstandingOverVolume: 1_728_000_000 / 6_561_000 };
const DRI = { volatility: 0.0226, outstandingOverVolume: 168_000_000 / 1_929_000 };
/** The name of the comparisons: 2 % a day, Y = 1, 200 days of volume outstanding. */
const NAME = { volatility: 0.02, prefactor: 1, outstandingOverVolume: 200 };

describe('Almgren et al. (2005)', () => {
  // Section 3 of the domain rules: IBM and DRI, a tenth of ADV, computed from the paper's formula.
  it.each([
    ['IBM', IBM, 0.1, 19.8597, 32.2239],
    ['IBM', IBM, 0.2, 19.8597, 24.6384],
    ['IBM', IBM, 0.5, 19.8597, 18.4179],
    ['DRI', DRI, 0.1, 21.6787, 42.9313],
    ['DRI', DRI, 0.2, 21.6787, 32.0122],
    ['DRI', DRI, 0.5, 21.6787, 23.0577],
  ])('%s %j in %s days moves %s bp for good and pays %s', (_, name, days, moved, paid) => {
    const order = [single(0.1, days * SESSION_MINUTES)];
    const model = almgren2005(name);
    expect(model.movedBp(order)).toBeCloseTo(moved, 4);
    expect(averagePaidBp(model, order)).toBeCloseTo(paid, 4);
  });

  it('pays for the rate of trading: a faster order costs more, what it leaves behind is the same', () => {
    const model = almgren2005(NAME);
    const [fast, slow] = [[single(0.05, 1)], [single(0.05, 60)]];
    expect(averagePaidBp(model, fast)).toBeGreaterThan(averagePaidBp(model, slow) * 8);
    expect(model.movedBp(fast)).toBe(model.movedBp(slow));
  });

  it('saves nothing where the single order takes as long as the schedule', () => {
    expect(compareWithSingle(almgren2005(NAME), even(0.05, 6, 60), 60).saving).toBe(0);
  });
});

describe('the square-root law', () => {
  it('moves the price by Y σ √(Q/V) and is paid at two thirds of it', () => {
    const model = squareRootLaw({ volatility: 0.02, prefactor: 1.5 });
    expect(model.movedBp([single(0.01, 1)])).toBeCloseTo(30, 9);
    expect(model.paidBp([single(0.01, 1)])).toEqual([expect.closeTo(20, 9)]);
  });

  it('saves nothing, however the order is cut: what early slices save, late slices pay', () => {
    const model = squareRootLaw(NAME);
    const slices = even(0.01, 6, 60);
    const paid = model.paidBp(slices);
    expect(paid[0]).toBeCloseTo(13.3333 / Math.sqrt(6), 4);
    expect(paid[5]).toBeGreaterThan(13.3333);
    expect(compareWithSingle(model, slices, 1)).toMatchObject({ savingBp: 0, saving: 0 });
  });
});

describe('the propagator', () => {
  // β | t0 in minutes | saving of 6 slices over 60 minutes, of any size
  const golden = `
    0.5  | 0.5 |  0.3446
    0.5  | 1   |  0.2476
    0.5  | 5   | -0.1000
    0.25 | 0.5 | -0.0178
    0.25 | 1   | -0.1278
    0.25 | 5   | -0.4311
  `;
  it.each(table(golden))('with β = %s and t0 = %s min saves %s', (beta, t0, saving) => {
    const model = propagator({ ...NAME, decayExponent: Number(beta), decayMinutes: Number(t0) });
    for (const size of [0.001, 0.1]) {
      expect(compareWithSingle(model, even(size, 6, 60), 1).saving).toBeCloseTo(Number(saving), 4);
    }
  });

  it('saves 1 - 1/√n at the very most, where the book recovers whole between slices', () => {
    const model = propagator({ ...NAME, decayExponent: 50, decayMinutes: 0.001 });
    expect(compareWithSingle(model, even(0.01, 6, 60), 1).saving).toBeCloseTo(1 - 1 / Math.sqrt(6), 12);
  });

  it('keeps the whole move right after a slice, and less of it later', () => {
    const model = propagator({ ...NAME, decayExponent: 0.5, decayMinutes: 1 });
    expect(model.movedBp([single(0.01, 1)])).toBeCloseTo(20, 9);
    const pair = [0, 3].map((startMinutes) => ({ volumeFraction: 0.01, startMinutes, minutes: 1 }));
    expect(model.movedBp(pair)).toBeCloseTo(20 + 20 / 2, 9);
    expect(model.paidBp(pair)[1]).toBeCloseTo(20 / 2 + 40 / 3, 9);
  });
});

describe('Almgren and Chriss (2000)', () => {
  const { size } = ALMGREN_CHRISS_EXAMPLE;
  const equal = [0.2, 0.2, 0.2, 0.2, 0.2].map((share) => share * size);

  it('costs what the paper and DROP say: 662,500 dollars in five days against 2,562,500 in one', () => {
    expect(linearCost(ALMGREN_CHRISS_EXAMPLE, equal)).toEqual({ expected: 662_500, variance: 1.083e12 });
    expect(linearCost({ ...ALMGREN_CHRISS_EXAMPLE, days: 1, periods: 1 }, [size]).expected).toBe(2_562_500);
  });

  // λ | κ a day | trades in shares | expected cost in millions | variance in 1e12
  const golden = `
    0    | 0      | 200000 200000 200000 200000 200000 | 0.6625 | 1.0830
    1e-6 | 0.6071 | 458044 252101 141957 85756 62142   | 0.9112 | 0.3641
    2e-6 | 0.8463 | 571401 245666 106637 48652 27643   | 1.1407 | 0.2019
    1e-5 | 1.7267 | 822132 146232 26015 4652 969       | 1.8452 | 0.0295
  `;
  it.each(table(golden))('with λ = %s trades at κ = %s: %s', (lambda, kappa, trades, expected, variance) => {
    const best = optimalTrades(ALMGREN_CHRISS_EXAMPLE, Number(lambda));
    expect(best.kappa).toBeCloseTo(Number(kappa), 4);
    expect(best.trades.map((trade) => Math.round(trade)).join(' ')).toBe(trades);
    const cost = linearCost(ALMGREN_CHRISS_EXAMPLE, best.trades);
    expect(cost.expected / 1e6).toBeCloseTo(Number(expected), 4);
    expect(cost.variance / 1e12).toBeCloseTo(Number(variance), 4);
  });

  it('sells all at once where risk is all that counts, without overflowing', () => {
    const { trades } = optimalTrades(ALMGREN_CHRISS_EXAMPLE, 1e200);
    expect(trades).toEqual([
      expect.closeTo(size, 3),
      expect.closeTo(0, 3),
      ...[0, 0, 0].map(() => expect.closeTo(0, 9)),
    ]);
  });

  it('is the same model in basis points of its price and fractions of its volume', () => {
    const { price, dailyVolume, halfSpread, permanent, temporary } = ALMGREN_CHRISS_EXAMPLE;
    const bp = 10_000 / price;
    expect(ALMGREN_CHRISS_EXAMPLE_BP.halfSpread).toBeCloseTo(halfSpread * bp, 9);
    expect(ALMGREN_CHRISS_EXAMPLE_BP.permanent).toBeCloseTo(permanent * dailyVolume * bp, 9);
    expect(ALMGREN_CHRISS_EXAMPLE_BP.temporary).toBeCloseTo(temporary * dailyVolume * bp, 9);
    const model = almgrenChriss(ALMGREN_CHRISS_EXAMPLE_BP);
    const slices = even(0.2, 5, 5 * SESSION_MINUTES);
    expect(averagePaidBp(model, slices)).toBeCloseTo((662_500 / 50e6) * 10_000, 9);
    expect(model.movedBp(slices)).toBeCloseTo(50, 9);
    expect(compareWithSingle(model, slices, SESSION_MINUTES).saving).toBeCloseTo(1900 / 2562.5, 12);
  });
});

describe('what is no order', () => {
  const models: [string, ImpactModel][] = [
    ['square-root', squareRootLaw(NAME)],
    ['almgren-2005', almgren2005(NAME)],
    ['propagator', propagator({ ...NAME, decayExponent: 0.5, decayMinutes: 1 })],
    ['almgren-chriss', almgrenChriss(ALMGREN_CHRISS_EXAMPLE_BP)],
  ];
  it.each(models)('is refused by %s', (_, model) => {
    for (const ask of [model.paidBp, model.movedBp]) {
      expect(codeOf(() => ask([]))).toBe('INVALID_SCHEDULE');
      expect(codeOf(() => ask(even(0.1, 2_001, 2_001)))).toBe('INVALID_SCHEDULE');
      expect(codeOf(() => ask(even(0.1, 6, 60, 10.1)))).toBe('INVALID_SCHEDULE');
      expect(codeOf(() => ask(even(0.1, 6, 60).reverse()))).toBe('INVALID_SCHEDULE');
      expect(codeOf(() => ask([single(0, 1)]))).toBe('INVALID_PARAMETER');
      expect(codeOf(() => ask([single(Number.NaN, 1)]))).toBe('INVALID_PARAMETER');
      expect(codeOf(() => ask([single(0.1, 0)]))).toBe('INVALID_PARAMETER');
      expect(codeOf(() => ask([{ ...single(0.1, 1), startMinutes: -1 }]))).toBe('INVALID_PARAMETER');
    }
  });

  it('nor are coefficients that cannot be', () => {
    const example = ALMGREN_CHRISS_EXAMPLE;
    const acts: (() => unknown)[] = [
      () => squareRootLaw({ volatility: 0, prefactor: 1 }),
      () => squareRootLaw({ volatility: 0.02, prefactor: -1 }),
      () => almgren2005({ volatility: Number.NaN, outstandingOverVolume: 200 }),
      () => almgren2005({ volatility: 0.02, outstandingOverVolume: 0 }),
      () => propagator({ ...NAME, decayExponent: -0.1, decayMinutes: 1 }),
      () => propagator({ ...NAME, decayExponent: 0.5, decayMinutes: 0 }),
      () => almgrenChriss({ halfSpread: -1, permanent: 0, temporary: 1 }),
      () => almgrenChriss({ halfSpread: 0, permanent: 0, temporary: 0 }),
      () => optimalTrades(example, -1),
      () => optimalTrades({ ...example, permanent: 1 }, 1e-6),
      () => optimalTrades({ ...example, periods: 2.5 }, 1e-6),
      () => optimalTrades({ ...example, volatility: 1e300 }, 1e300),
      () => linearCost({ ...example, size: 0 }, equalTo(5)),
      () => impactSlices([], { dailyVolume: new D(0), sliceMinutes: 1 }),
    ];
    expect(acts.map(codeOf)).toEqual(acts.map(() => 'INVALID_PARAMETER'));
    expect(codeOf(() => linearCost(example, equalTo(4)))).toBe('INVALID_SCHEDULE');
  });

  const equalTo = (count: number): number[] => Array.from({ length: count }, () => 1);
});

describe('in currency', () => {
  it('is basis points of the notional, to the cent', () => {
    expect(impactCost(65.44325352011789, decimal('50000'), decimal('50')).toFixed()).toBe('16360.81');
    expect(impactCost(-0.5, decimal('100'), decimal('33.33')).toFixed()).toBe('-0.17');
  });

  it('takes a schedule as the slicer makes it', () => {
    const rows = twapSchedule({ qty: new D(100), slices: 6, horizonMinutes: 60 });
    const slices = impactSlices(rows, { dailyVolume: new D(10_000), sliceMinutes: 1 });
    expect(slices[0]).toEqual({ volumeFraction: 0.0017, startMinutes: 0, minutes: 1 });
    expect(slices[5]).toEqual({ volumeFraction: 0.0016, startMinutes: 50, minutes: 1 });
  });
});

describe('the reference cases', () => {
  interface Case {
    readonly name: string;
    readonly input: Readonly<Record<string, number>>;
    readonly expected: Readonly<Record<string, number>> | readonly Comparison[];
  }
  interface Comparison {
    readonly X_over_ADV: number;
    readonly almgren2005: Readonly<Record<string, number>>;
    readonly sqrt_law_metaorder: Readonly<Record<string, number>>;
    readonly sqrt_per_child_full_recovery: { readonly reduction: number };
    readonly propagator: Readonly<Record<string, number>>;
  }
  const close = (value: number) => expect.closeTo(value, Math.max(0, 9 - Math.ceil(Math.log10(Math.abs(value) + 1))));
  const closeAll = (values: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, close(value)]));

  /** The same keys as the file, computed by the models. */
  const answers = (name: string, input: Case['input']): Readonly<Record<string, number>> | null => {
    const example = ALMGREN_CHRISS_EXAMPLE;
    const twap = linearCost(example, optimalTrades(example, 0).trades);
    const one = linearCost({ ...example, days: 1, periods: 1 }, [example.size]).expected;
    const spread = example.halfSpread * example.size;
    if (name === 'almgren_chriss_2000_linear_twap') {
      return { E: twap.expected, V: twap.variance, matches_DROP_mean_musd: twap.expected / 1e6 };
    }
    if (name === 'almgren_chriss_one_shot_vs_twap') {
      return {
        E_one: one,
        E_twap: twap.expected,
        reduction: 1 - twap.expected / one,
        reduction_excluding_spread: 1 - (twap.expected - spread) / (one - spread),
      };
    }
    if (name.startsWith('almgren2005_')) {
      const { sigma = 0, V = 0, Theta = 0, X = 0, T = 0 } = input;
      const model = almgren2005({ volatility: sigma, outstandingOverVolume: Theta / V });
      const order = [single(X / V, T * SESSION_MINUTES)];
      return { I_bps: model.movedBp(order), J_bps: averagePaidBp(model, order) };
    }
    return null;
  };

  const comparison = (size: number) => {
    const slices = even(size, 6, 60);
    const temporary = compareWithSingle(almgren2005(NAME), slices, 1);
    const law = compareWithSingle(squareRootLaw(NAME), slices, 1);
    const decayed = (decayExponent: number, decayMinutes: number): number =>
      compareWithSingle(propagator({ ...NAME, decayExponent, decayMinutes }), slices, 1).saving;
    return {
      almgren2005: {
        single_1min_bps: temporary.singleBp,
        twap_60min_bps: temporary.scheduleBp,
        reduction: temporary.saving,
      },
      sqrt_law_metaorder: { single_bps: law.singleBp, twap_bps: law.scheduleBp, reduction: law.saving },
      propagator: Object.fromEntries(
        [0.25, 0.5].flatMap((beta) => [0.5, 1, 5].map((t0) => [`beta${beta}_t0_${t0}min`, decayed(beta, t0)])),
      ),
      recovered: decayed(1_000, 0.001),
    };
  };

  it('are answered, all of them', () => {
    if (!existsSync(casesFile)) {
      console.warn(`skipped: no ${casesFile}`);
      return;
    }
    const { cases } = JSON.parse(readFileSync(casesFile, 'utf8')) as { cases: Case[] };
    expect(cases.length).toBeGreaterThan(0);
    for (const { name, input, expected } of cases) {
      const lambda = /^ac_optimal_lambda_(.+)$/.exec(name)?.[1];
      if (Array.isArray(expected)) {
        for (const row of expected as Comparison[]) {
          const { recovered, ...models } = comparison(row.X_over_ADV);
          expect(models).toEqual({
            almgren2005: closeAll(row.almgren2005),
            sqrt_law_metaorder: closeAll(row.sqrt_law_metaorder),
            propagator: closeAll(row.propagator),
          });
          expect(recovered).toEqual(close(row.sqrt_per_child_full_recovery.reduction));
        }
      } else if (lambda !== undefined) {
        const { kappa, trades } = optimalTrades(ALMGREN_CHRISS_EXAMPLE, Number(lambda));
        const { expected: mean, variance } = linearCost(ALMGREN_CHRISS_EXAMPLE, trades);
        const wanted = expected as unknown as { kappa: number; trades: number[]; E: number; V: number };
        expect({ kappa, trades }).toEqual({ kappa: close(wanted.kappa), trades: wanted.trades.map(close) });
        expect([mean / wanted.E, variance / wanted.V]).toEqual([close(1), close(1)]);
      } else {
        expect({ name, ...answers(name, input) }).toEqual({
          name,
          ...closeAll(expected as Readonly<Record<string, number>>),
        });
      }
    }
  });
});
