// Goal: the shapes of `calc impact`: what it reads, what it answers, and what it refuses.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { KernelError } from '../money/index.js';
import type { Fields } from './fields.js';
import { impactCase } from './impact-case.js';
import { runCalc } from './index.js';

const casesFile = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', '../cases/impact.json');

const IBM = { sigma: 0.0157, V: 6561000, Theta: 1728000000, X: 656100, T: 0.1 };
const LAW = { model: 'square-root', sigma: 0.02, V: '6000000', X: '60000' };
const BOOK = { ...LAW, model: 'propagator', beta: 0.5, t0_minutes: 1 };
const EXAMPLE = {
  ...{ model: 'almgren-chriss', S0: 50, X: 1e6, T: 5, N: 5, sigma: 0.95 },
  ...{ eps: 0.0625, gamma: 2.5e-7, eta: 2.5e-6 },
};

/** What `calc twap` answers to a case. */
function twapOf(input: Fields): unknown {
  const [result] = runCalc('twap', { cases: [{ name: 'it', input }] }).results;
  return result && 'output' in result ? result.output : result?.error;
}

function refusalOf(input: Fields): string {
  try {
    impactCase(input);
  } catch (error) {
    if (error instanceof KernelError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

describe('calc impact of one order', () => {
  it('is impact and cost in basis points, and with a price in its currency', () => {
    expect(impactCase(IBM)).toEqual({ I_bps: expect.closeTo(19.8597, 4), J_bps: expect.closeTo(32.22385, 5) });
    expect(impactCase({ model: 'almgren-2005', ...IBM, price: '100' })).toMatchObject({ cost: '211420.69' });
    expect(impactCase({ ...LAW, price: 50 })).toEqual({
      I_bps: expect.closeTo(20, 9),
      J_bps: expect.closeTo(40 / 3, 9),
      cost: '4000.00',
    });
    expect(impactCase({ ...LAW, Y: 0.5 })).toMatchObject({ I_bps: expect.closeTo(10, 9) });
    expect(impactCase(BOOK)).toEqual({ I_bps: expect.closeTo(20, 9), J_bps: expect.closeTo(40 / 3, 9) });
  });
});

describe('calc impact of a schedule', () => {
  const schedule = twapOf({ qty: '60000', n_slices: 6, horizon_minutes: 60 });
  const withoutSize = ({ X: _X, T: _T, ...rest }: Fields): Fields => rest;

  it('takes what calc twap gives, and compares it with a single order', () => {
    const law = impactCase({ ...withoutSize(LAW), schedule, price: '50' });
    expect(law).toMatchObject({ reduction: 0, saving_bps: 0, single_cost: '4000.00', twap_cost: '4000.00' });
    expect(law['slices_bps']).toHaveLength(6);
    const book = impactCase({ ...withoutSize(BOOK), schedule });
    expect(book).toEqual({
      single_bps: expect.closeTo(13.3333, 4),
      twap_bps: expect.closeTo(10.0315, 4),
      saving_bps: expect.closeTo(3.3018, 4),
      reduction: expect.closeTo(0.2476, 4),
      slices_bps: expect.anything(),
    });
  });

  it('says under Almgren 2005 what the times make of it', () => {
    const name = { model: 'almgren-2005', sigma: 0.02, V: '6000000', Theta: '1200000000', schedule };
    expect(impactCase({ ...name, single_minutes: 1, slice_minutes: 10 })).toMatchObject({
      single_bps: expect.closeTo(65.4433, 4),
      twap_bps: expect.closeTo(6.6897, 4),
      reduction: expect.closeTo(0.8978, 4),
    });
    expect(impactCase({ ...name, single_minutes: 1, slice_minutes: 1 })['reduction']).toBeCloseTo(0.6468, 4);
    expect(impactCase({ ...name, single_minutes: 60, slice_minutes: 10 })['reduction']).toBe(0);
  });

  it.each<[Fields, string]>([
    [{ X: '1' }, 'INVALID_INPUT: schedule'],
    [{ schedule: {} }, 'INVALID_INPUT: schedule must be a list'],
    [{ schedule: [] }, 'INVALID_SCHEDULE: A schedule has 1 to'],
    [{ schedule: [{ qty: '1' }] }, 'INVALID_INPUT: schedule[0].offset_s must be a number; it is missing'],
    [{ schedule: [{ qty: '0', offset_s: 0 }] }, 'INVALID_INPUT: schedule[0].qty must be above zero'],
    [{ schedule: [1, 0].map((offset_s) => ({ qty: '1', offset_s })) }, 'INVALID_SCHEDULE: Slice 1 starts'],
    [{ schedule: [{ qty: '1', offset_s: -1 }] }, 'INVALID_PARAMETER: The start of slice 0'],
    [{ model: 'almgren-2005', Theta: '1' }, 'INVALID_INPUT: single_minutes must be a number; it is missing'],
    [{ model: 'almgren-2005', Theta: '1', single_minutes: 1 }, 'INVALID_INPUT: slice_minutes must be'],
    [{ model: 'almgren-2005', Theta: '1', single_minutes: 1, slice_minutes: 11 }, 'INVALID_SCHEDULE: Slice 1 starts'],
  ])('refuses %j', (change, message) => {
    expect(refusalOf({ ...withoutSize(LAW), schedule, ...change })).toContain(message);
  });
});

describe('calc impact of Almgren and Chriss', () => {
  it('is the best trajectory, and equal trades against one', () => {
    expect(impactCase(EXAMPLE)).toEqual({
      ...{ E: 662_500, V: 1.083e12, E_bps: 132.5, kappa: 0, trades: [2e5, 2e5, 2e5, 2e5, 2e5] },
      ...{ E_one: 2_562_500, E_twap: 662_500 },
      reduction: expect.closeTo(0.741463, 6),
      reduction_excluding_spread: expect.closeTo(0.76, 12),
    });
    const { S0: _S0, ...priceless } = EXAMPLE;
    const careful = impactCase({ ...priceless, lambda: 1e-6 });
    expect(careful).toMatchObject({ kappa: expect.closeTo(0.607076, 6), E: expect.closeTo(911_227, 0) });
    expect(careful).not.toHaveProperty('E_bps');
  });
});

describe('calc impact', () => {
  it.each<[Fields, string]>([
    [{}, 'UNKNOWN_MODEL: A missing model is not one of almgren-2005, square-root, propagator, almgren-chriss'],
    [{ ...LAW, model: 'kyle' }, 'UNKNOWN_MODEL: "kyle" is not one of'],
    [{ ...LAW, sigma: '0.02' }, 'INVALID_INPUT: sigma must be a number'],
    [{ ...LAW, sigma: 0 }, 'INVALID_INPUT: sigma must be above zero; it is 0'],
    [{ ...LAW, V: '0' }, 'INVALID_INPUT: V must be above zero'],
    [{ ...LAW, V: undefined }, 'INVALID_INPUT: V must be a decimal string; it is missing'],
    [{ ...LAW, X: '-5' }, 'INVALID_INPUT: X must be above zero; it is -5'],
    [{ ...LAW, X: '1e5' }, 'INVALID_DECIMAL: "1e5"'],
    [{ ...LAW, Y: 0 }, 'INVALID_INPUT: Y must be above zero'],
    [{ ...LAW, price: '0' }, 'INVALID_INPUT: price must be above zero'],
    [{ ...IBM, T: undefined }, 'INVALID_INPUT: T must be a number; it is missing'],
    [{ ...IBM, model: 'almgren-2005', Theta: undefined }, 'INVALID_INPUT: Theta must be a decimal string'],
    [{ ...BOOK, beta: undefined }, 'INVALID_INPUT: beta must be a number; it is missing'],
    [{ ...BOOK, beta: -1 }, 'INVALID_PARAMETER: beta must be a number of zero or more'],
    [{ ...BOOK, t0_minutes: 0 }, 'INVALID_INPUT: t0_minutes must be above zero'],
    [{ ...EXAMPLE, N: 2.5 }, 'INVALID_PARAMETER: N must be a whole number'],
    [{ ...EXAMPLE, eta: undefined }, 'INVALID_INPUT: eta must be a number; it is missing'],
    [{ ...EXAMPLE, eta: 1e-7 }, 'INVALID_PARAMETER: eta - gamma tau / 2'],
    [{ ...EXAMPLE, lambda: -1 }, 'INVALID_PARAMETER: lambda'],
    [{ ...EXAMPLE, S0: 0 }, 'INVALID_INPUT: S0 must be above zero'],
  ])('refuses %j', (input, message) => {
    expect(refusalOf(input)).toContain(message);
  });

  it('answers the reference cases that have an input', () => {
    if (!existsSync(casesFile)) {
      console.warn(`skipped: no ${casesFile}`);
      return;
    }
    const { cases } = JSON.parse(readFileSync(casesFile, 'utf8')) as {
      cases: { name: string; input: Fields; expected: Record<string, number> }[];
    };
    const asked = cases.filter(({ input }) => Object.keys(input).length > 0);
    expect(asked.length).toBeGreaterThan(0);
    expect(runCalc('impact', { cases: asked }).results).toEqual(
      asked.map(({ name, expected }) => ({
        name,
        output: Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, expect.closeTo(value, 9)])),
      })),
    );
  });
});
