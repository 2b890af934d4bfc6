import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { KernelError } from '../money/index.js';
import { calcKernels, runCalc } from './index.js';

const casesFolder = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', '../cases');

interface Case {
  name: string;
  topic?: string;
  input: { fn?: string; trades?: { id: string; side?: string }[] };
  expected: Record<string, unknown>;
  tolerance?: number;
}

function readCases(file: string): Case[] {
  const path = resolve(casesFolder, file);
  if (!existsSync(path)) {
    console.warn(`skipped: no ${path}`);
    return [];
  }
  return (JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] }).cases;
}

/** Every field of `expected` is in `actual`, numbers within the tolerance. */
function expectMatch(actual: unknown, expected: unknown, tolerance: number): void {
  if (typeof expected === 'number') {
    expect(Math.abs((actual as number) - expected)).toBeLessThanOrEqual(tolerance);
  } else if (typeof expected === 'object' && expected !== null) {
    if (Array.isArray(expected)) expect(actual).toHaveLength(expected.length);
    for (const [key, value] of Object.entries(expected)) {
      expectMatch((actual as Record<string, unknown>)[key], value, tolerance);
    }
  } else {
    expect(actual).toEqual(expected);
  }
}

function only(kernel: string, input: unknown): unknown {
  const [result] = runCalc(kernel, { cases: [{ name: 'it', input }] }).results;
  return result && ('output' in result ? result.output : result.error.code);
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('runCalc', () => {
  it('answers every case in its place, whatever becomes of the others', () => {
    const { results } = runCalc('twap', {
      cases: [
        { name: 'good', input: { qty: '3', n_slices: 2, horizon_minutes: 1 } },
        { name: 'bad', input: { qty: '3', n_slices: 0, horizon_minutes: 1 } },
        { name: 'no input' },
        'no case',
        { input: { qty: '0', n_slices: 2, horizon_minutes: 1 } },
      ],
    });
    expect(results.map((result) => ('output' in result ? result : { ...result, error: result.error.code }))).toEqual([
      {
        name: 'good',
        output: [
          { i: 0, qty: '2', offset_s: 0 },
          { i: 1, qty: '1', offset_s: 30 },
        ],
      },
      { name: 'bad', error: 'INVALID_SLICES' },
      { name: 'no input', error: 'INVALID_INPUT' },
      { name: null, error: 'INVALID_INPUT' },
      { name: null, output: [] },
    ]);
  });

  it('refuses a kernel it does not know and a document without cases', () => {
    expect(calcKernels()).toEqual([
      'twap',
      'impact',
      'allocation',
      'tax-lots',
      'calendar',
      'corporate-actions',
      'data-quality',
      'risk-measures',
      'day-trades',
      'guardrails',
    ]);
    expect(codeOf(() => runCalc('astrology', { cases: [] }))).toBe('UNKNOWN_KERNEL');
    expect(codeOf(() => runCalc('twap', {}))).toBe('INVALID_INPUT');
    expect(codeOf(() => runCalc('twap', null))).toBe('INVALID_INPUT');
    expect(codeOf(() => runCalc('twap', []))).toBe('INVALID_INPUT');
    expect(runCalc('twap', { cases: [] })).toEqual({ results: [] });
  });

  it('tells a fault of ours apart', () => {
    const input = {
      get qty(): string {
        throw new TypeError('planted');
      },
      horizon_minutes: 1,
    };
    expect(only('twap', input)).toBe('INTERNAL');
  });
});

describe('twap', () => {
  it('answers the reference cases', () => {
    const cases = readCases('twap.json');
    const { results } = runCalc('twap', { cases });
    expect(results).toEqual(cases.map(({ name, expected }) => ({ name, output: expected })));
  });

  it('keeps to lots and does not round offsets', () => {
    expect(only('twap', { qty: '225', n_slices: 6, horizon_minutes: 10, lot_size: '75' })).toEqual([
      { i: 0, qty: '75', offset_s: 0 },
      { i: 1, qty: '75', offset_s: 200 },
      { i: 2, qty: '75', offset_s: 400 },
    ]);
    expect(only('twap', { qty: 7, n_slices: 7, horizon_minutes: 1, lot_size: 1 })).toContainEqual({
      i: 3,
      qty: '1',
      offset_s: 3 * (60 / 7),
    });
  });

  it('cuts at the freeze quantity, at the same moment', () => {
    const input = { qty: '5250', n_slices: 2, horizon_minutes: 10, lot_size: '75', freeze_quantity: '1800' };
    expect(only('twap', input)).toEqual([
      { i: 0, qty: '1800', offset_s: 0 },
      { i: 1, qty: '825', offset_s: 0 },
      { i: 2, qty: '1800', offset_s: 300 },
      { i: 3, qty: '825', offset_s: 300 },
    ]);
  });

  it('keeps a least interval, and strays by a seed', () => {
    const input = { qty: '100', n_slices: 6, horizon_minutes: 60, min_interval_s: 1200 };
    expect(only('twap', input)).toEqual([
      { i: 0, qty: '34', offset_s: 0 },
      { i: 1, qty: '33', offset_s: 1200 },
      { i: 2, qty: '33', offset_s: 2400 },
    ]);
    const strayed = (seed: string) => only('twap', { ...input, jitter: { seed, time: 0.5, size: 0.2 } });
    expect(strayed('a')).toEqual(strayed('a'));
    expect(strayed('a')).not.toEqual(strayed('b'));
    expect(only('twap', { ...input, jitter: { seed: 'a' } })).toEqual(only('twap', input));
  });

  it.each([
    ['INVALID_FREEZE', { qty: '150', n_slices: 1, horizon_minutes: 60, lot_size: 75, freeze_quantity: '100' }],
    ['INVALID_JITTER', { qty: '150', n_slices: 1, horizon_minutes: 60, jitter: { seed: 'a', time: 2 } }],
    ['INVALID_INPUT', { qty: '150', n_slices: 1, horizon_minutes: 60, jitter: { time: 0.5 } }],
    ['INVALID_INPUT', { qty: '150', n_slices: 1, horizon_minutes: 60, jitter: 0.5 }],
    ['INVALID_INTERVAL', { qty: '150', n_slices: 1, horizon_minutes: 60, min_interval_s: -1 }],
    ['INVALID_LOT', { qty: '100', n_slices: 6, horizon_minutes: 60, lot_size: 75 }],
    ['INVALID_HORIZON', { qty: '100', n_slices: 6, horizon_minutes: 0 }],
    ['INVALID_INPUT', { qty: '100', n_slices: '6', horizon_minutes: 60 }],
    ['INVALID_INPUT', { n_slices: 6, horizon_minutes: 60 }],
    ['INVALID_INPUT', { qty: ['x'.repeat(100)], n_slices: 6, horizon_minutes: 60 }],
    ['INVALID_DECIMAL', { qty: '1e5', n_slices: 6, horizon_minutes: 60 }],
  ])('says %s for %j', (code, input) => {
    expect(only('twap', input)).toBe(code);
  });
});

describe('allocation', () => {
  const inScope = ['inverse_vol', 'equal_weight', 'water_fill', 'rank_aggregation', 'correlation'];
  const cases = readCases('allocation.json');

  it('answers the reference cases of its five functions', () => {
    const wanted = cases.filter(({ input }) => inScope.includes(input.fn ?? ''));
    const { results } = runCalc('allocation', { cases: wanted });
    results.forEach((result, i) => {
      const { name, expected, tolerance } = wanted[i] as Case;
      expect(result).toHaveProperty('output');
      expect(result.name).toBe(name);
      expectMatch('output' in result ? result.output : null, expected, tolerance ?? 0);
    });
  });

  it('says of every other function that it is unknown', () => {
    const others = cases.filter(({ input }) => !inScope.includes(input.fn ?? ''));
    for (const { input } of others) expect(only('allocation', input)).toBe('UNKNOWN_FN');
    expect(only('allocation', {})).toBe('UNKNOWN_FN');
    expect(only('allocation', { fn: 'toString' })).toBe('UNKNOWN_FN');
  });

  it('has the shapes of the reference cases', () => {
    expect(only('allocation', { fn: 'water_fill', raw: [1, 1], cap: 0.4, budget: 0.5 })).toEqual({
      capped: [0.25, 0.25],
      residual_cash: 0,
      infeasible: false,
    });
    expect(only('allocation', { fn: 'equal_weight', n: 2, cap: 0.5 })).toEqual({
      capped: [0.5, 0.5],
      residual_cash: 0,
      infeasible: false,
    });
    expect(only('allocation', { fn: 'inverse_vol', vols: [0.1, null, 0.1], cap: 0.5 })).toEqual({
      raw: [0.5, 0, 0.5],
      capped: [0.5, 0, 0.5],
      residual_cash: 0,
      infeasible: false,
    });
    expect(only('allocation', { fn: 'rank_aggregation', scores: { A: { X: 1 } } })).toEqual({
      avg_rank_score: { X: 1 },
      weights: { X: 1 },
    });
    expect(only('allocation', { fn: 'correlation', returns: { b: [1, 1], a: [1, null] }, threshold: 0.5 })).toEqual({
      corr: { 'a|b': null },
      alerts: [],
    });
  });

  it.each([
    ['INVALID_INPUT', { fn: 'water_fill', raw: 'all', cap: 0.4 }],
    ['INVALID_INPUT', { fn: 'water_fill', raw: [1] }],
    ['INVALID_INPUT', { fn: 'inverse_vol', vols: ['0.1'], cap: 0.4 }],
    ['INVALID_INPUT', { fn: 'rank_aggregation', scores: { A: { X: null } } }],
    ['INVALID_INPUT', { fn: 'correlation', returns: { a: 1 } }],
    ['INVALID_CAP', { fn: 'equal_weight', n: 2, cap: -1 }],
    ['MISALIGNED_RETURNS', { fn: 'correlation', returns: { a: [1], b: [1, 2] } }],
  ])('says %s for %j', (code, input) => {
    expect(only('allocation', input)).toBe(code);
  });
});

describe('tax-lots', () => {
  interface Output {
    disposals: { trade: string; lot: string; qty: string; basis: string; gain: string; term: string }[];
    openLots: { lot: string; qty: string }[];
    totals: { recognized: string };
  }
  const cases = readCases('tax-lots.json');
  const inScope = cases.filter(({ topic }) => topic === 'holding_period' || topic === 'lot_selection');

  it('answers the reference cases of lot choice and holding period', () => {
    for (const { name, input, expected } of inScope) {
      const output = only('tax-lots', input);
      if (expected['error'] !== undefined) {
        expect([name, output]).toEqual([name, expected['error']]);
        continue;
      }
      const { disposals, openLots } = output as Output;
      if (expected['term'] !== undefined) expect(disposals[0]?.term).toBe(expected['term']);
      if (expected['gain'] !== undefined) expect(Number(disposals[0]?.gain)).toBe(expected['gain']);
      if (expected['consumption'] !== undefined) {
        const sales = (input.trades ?? []).filter(({ side }) => side === 'sell');
        const taken = sales.map(({ id }) =>
          disposals.filter(({ trade }) => trade === id).map(({ lot, qty }) => ({ lot, qty: Number(qty) })),
        );
        expect(taken).toEqual(expected['consumption']);
      }
      if (expected['total_cost_basis'] !== undefined) {
        expect(disposals.reduce((total, { basis }) => total + Number(basis), 0)).toBe(expected['total_cost_basis']);
      }
      for (const [lot, qty] of Object.entries((expected['remaining'] ?? {}) as Record<string, number>)) {
        expect([lot, Number(openLots.find((open) => open.lot === lot)?.qty ?? 0)]).toEqual([lot, qty]);
      }
    }
  });

  it('never answers a wash sale, a short or a corporate action as if it were none', () => {
    for (const { name, input, expected } of cases.filter((each) => !inScope.includes(each))) {
      const output = only('tax-lots', input);
      if (output === 'UNSUPPORTED') continue;
      // What is answered is a wash sale case that holds no wash sale.
      expect([name, expected['total_disallowed']]).toEqual([name, 0]);
      expect(Number((output as Output).totals.recognized)).toBe(expected['total_recognized_gain']);
    }
  });

  it('says what is wrong with a case', () => {
    expect(only('tax-lots', { method: 'fifo' })).toBe('INVALID_TRADE');
    expect(only('tax-lots', { trades: [] })).toBe('UNKNOWN_METHOD');
  });
});
