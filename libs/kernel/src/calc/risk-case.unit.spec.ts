// Goal: the wire of `calc risk-measures` and `calc day-trades`: the reference cases, their shapes, and the code of what is wrong.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runCalc } from './index.js';

const casesFolder = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', '../cases');

interface Case {
  readonly name: string;
  readonly input: unknown;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance?: number;
}

function readCases(file: string): Case[] {
  const path = resolve(casesFolder, file);
  if (!existsSync(path)) {
    console.warn(`skipped: no ${path}`);
    return [];
  }
  return (JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] }).cases;
}

function only(kernel: string, input: unknown): unknown {
  const [result] = runCalc(kernel, { cases: [{ name: 'it', input }] }).results;
  return result && ('output' in result ? result.output : result.error.code);
}

describe.each(['risk-measures', 'day-trades'])('calc %s', (kernel) => {
  it('answers the reference cases', () => {
    const cases = readCases(`${kernel}.json`);
    runCalc(kernel, { cases }).results.forEach((result, i) => {
      const { name, expected, tolerance = 0 } = cases[i]!;
      expect(result).toHaveProperty('output');
      const output = ('output' in result ? result.output : {}) as Record<string, unknown>;
      for (const [field, wanted] of Object.entries(expected)) {
        const found = typeof wanted === 'number' ? Number(output[field]) - wanted : output[field];
        if (typeof wanted !== 'number') expect([name, field, found]).toEqual([name, field, wanted]);
        else expect([name, field, Math.abs(found as number) <= tolerance]).toEqual([name, field, true]);
      }
    });
  });
});

describe('calc risk-measures', () => {
  it.each([
    [
      { fn: 'cvar_historical', returns: [-0.1, 0.1, -0.2, 0.2], alpha: 0.5 },
      { VaR: 0.1, CVaR: expect.closeTo(0.15, 12) },
    ],
    [
      { fn: 'cvar_historical', returns: [-0.1, 0.1], alpha: 0.05 },
      { VaR: 0.1, CVaR: 0.1, code: 'INSUFFICIENT_TAIL' },
    ],
    [
      { fn: 'es_gaussian', mu: 0, sigma: 0, confidence: 0.95 },
      { VaR: 0, ES: 0, es_multiplier: expect.closeTo(2.0627, 4) },
    ],
    [
      { fn: 'es_student_t', mu: 1, sigma: 0, nu: 6, confidence: 0.95 },
      { VaR: -1, ES: -1 },
    ],
    [{ fn: 'stress_beta', weights: [0.5, -0.1], betas: [1.2, 0.8], shock: -0.1, equity: 1000 }, { pnl: '-52' }],
    [{ fn: 'stress_beta', weights: { A: '0.5' }, betas: { A: '1.2' }, shock: '-0.1', equity: '1000' }, { pnl: '-60' }],
    [{ fn: 'vol_target', target: 0.1, realised: 0.05, cap: 3, floor: 0.1 }, { scale: 1 }],
    [
      { fn: 'regt_long', equity: 10000, buy: 20000 },
      { initial_ok: true, maintenance_req: '5000', margin_call_price_drop: expect.closeTo(1 / 3, 12) },
    ],
    [{ fn: 'regt_short', short_shares: 100, price: '20' }, { initial_deposit: '1000' }],
    [
      { fn: 'luld', tier: 1, ref: 100, prev_close: 99, time: '15:34' },
      { lower: '95', upper: '105' },
    ],
    [
      { fn: 'luld', tier: 1, ref: 100, prev_close: 99, time: '12:35', close: '13:00' },
      { lower: '90', upper: '110' },
    ],
    [
      { fn: 'market_wide_halt', prev_spx: 100, spx: 93, time: '15:24' },
      { level: 1, halt: '15m' },
    ],
    [
      { fn: 'market_wide_halt', prev_spx: 100, spx: 93, time: '12:25', close: '13:00' },
      { level: null, halt: null },
    ],
    [
      { fn: 'market_wide_halt', prev_spx: 100, spx: 93, time: '11:00', reached: 1 },
      { level: null, halt: null },
    ],
  ])('answers %j', (input, output) => {
    expect(only('risk-measures', input)).toEqual(output);
  });

  it.each([
    ['UNKNOWN_FN', { fn: 'toString' }],
    ['UNKNOWN_FN', {}],
    ['INVALID_INPUT', { fn: 'cvar_historical', returns: [0.1, null], alpha: 0.5 }],
    ['INVALID_ALPHA', { fn: 'cvar_historical', returns: [0.1], alpha: 5 }],
    ['NO_OBSERVATIONS', { fn: 'cvar_historical', returns: [], alpha: 0.5 }],
    ['INVALID_PARAMETER', { fn: 'es_gaussian', mu: 0, sigma: -1, confidence: 0.95 }],
    ['INVALID_PARAMETER', { fn: 'es_student_t', mu: 0, sigma: 1, nu: 2, confidence: 0.95 }],
    ['UNKNOWN_BETA', { fn: 'stress_beta', weights: [1], betas: [null], shock: -0.1, equity: 1 }],
    ['UNKNOWN_BETA', { fn: 'stress_beta', weights: { A: 1 }, betas: {}, shock: -0.1, equity: 1 }],
    ['INVALID_INPUT', { fn: 'stress_beta', weights: [1, 1], betas: [1], shock: -0.1, equity: 1 }],
    ['NO_VOLATILITY', { fn: 'vol_target', target: 0.1, realised: 0, cap: 1 }],
    ['INVALID_INPUT', { fn: 'regt_long', equity: 0, buy: 1 }],
    ['INVALID_INPUT', { fn: 'regt_short', short_shares: -5, price: 1 }],
    ['INVALID_INPUT', { fn: 'luld', tier: 3, ref: 100, prev_close: 99, time: '15:40' }],
    ['INVALID_INPUT', { fn: 'luld', tier: 1, ref: 100, prev_close: 99, time: '16:00' }],
    ['INVALID_INPUT', { fn: 'luld', tier: 1, ref: 100, prev_close: 99, time: '3pm' }],
    ['INVALID_INPUT', { fn: 'market_wide_halt', prev_spx: 100, spx: 0, time: '11:00' }],
    ['INVALID_INPUT', { fn: 'market_wide_halt', prev_spx: 100, spx: 93, time: '11:00', reached: 4 }],
  ])('says %s for %j', (code, input) => {
    expect(only('risk-measures', input)).toBe(code);
  });
});

describe('calc day-trades', () => {
  it.each([
    [{ trades: 'B100 S100' }, { day_trades: 1 }],
    [{ trades: 'ABC:B200 XYZ:B100 ABC:S100 XYZ:S100' }, { day_trades: 2 }],
    [{ trades: '(hold) S100 B100' }, { day_trades: 0 }],
    [{ trades: '(hold) S100 B100 S100' }, { day_trades: 1 }],
    [{ trades: '(hold) B100 S100' }, { day_trades: 1 }],
    [{ trades: '(hold -100) B100 S50' }, { day_trades: 0 }],
    [{ trades: 'ABC:(hold 50) ABC:S100 ABC:B50' }, { day_trades: 1 }],
    [{ trades: '' }, { day_trades: 0 }],
    [
      {
        trades: [
          { side: 'buy', qty: '1.5' },
          { side: 'sell', qty: 1 },
        ],
      },
      { day_trades: 1 },
    ],
    [
      {
        trades: [
          { symbol: 'A', side: 'sell', qty: 1 },
          { symbol: 'A', side: 'buy', qty: 1 },
        ],
        overnight: { A: 5 },
      },
      { day_trades: 0 },
    ],
    [{ day_trades: 4, total_trades: 20 }, { flag: true }],
    [{ date: '2026-11-20' }, { rule: 'PDT_4210_f_8_B' }],
    [{ date: '2026-11-20', adopted: '2026-06-04' }, { rule: 'INTRADAY_MARGIN_4210_d_2' }],
    [{ date: '1999-01-04' }, { rule: null }],
    [
      { equity: 10000, maintenance: '12500' },
      { deficit: '2500', de_minimis: false },
    ],
    [
      { equity: 1, maintenance: 0, date: '2026-11-20' },
      { deficit: '0', de_minimis: true, cure_by: '2026-11-30' },
    ],
  ])('answers %j', (input, output) => {
    expect(only('day-trades', input)).toEqual(output);
  });

  it.each([
    ['INVALID_INPUT', {}],
    ['INVALID_TRADES', { trades: 'B100 sold' }],
    ['INVALID_TRADES', { trades: 'B-100' }],
    ['INVALID_TRADES', { trades: '(hold' }],
    ['INVALID_QUANTITY', { trades: 'B0' }],
    ['INVALID_INPUT', { trades: [{ side: 'hold', qty: 1 }] }],
    ['INVALID_INPUT', { trades: [{ side: 'buy', qty: 0 }] }],
    ['INVALID_INPUT', { trades: 7 }],
    ['INVALID_COUNT', { day_trades: 5, total_trades: 4 }],
    ['INVALID_INPUT', { day_trades: 5 }],
    ['INVALID_DATE', { date: 'today' }],
  ])('says %s for %j', (code, input) => {
    expect(only('day-trades', input)).toBe(code);
  });
});
