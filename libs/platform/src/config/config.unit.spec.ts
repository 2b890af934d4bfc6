import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigFault, describeConfig, loadConfig } from './config.js';
import { Secret } from './secret.js';
import { decimalText, flag, instant, integer, secret, url } from './variables.js';

const schema = z.object({
  EXECUTION_SLICES: integer({ min: 1, max: 100 }).default(6).describe('Slices of one parent order.'),
  EXECUTION_SLICE_NOTIONAL_USD_MAX: decimalText({ min: '1', max: '1000000' }).default('25000'),
  EXECUTION_SETTLE_MS: integer({ min: 100, max: 60_000 }).meta({ description: 'How long a timeout may settle.' }),
  EXECUTION_LIVE: flag().default(false),
  VENUE_URL: url(),
  VENUE_KEY: secret(8),
  START_AT: instant().optional(),
  MODE: z.enum(['paper', 'live']).default('paper'),
});
const good = { EXECUTION_SETTLE_MS: '2500', VENUE_URL: 'http://127.0.0.1:9', VENUE_KEY: 'abcdefgh' };

const faultsOf = (env: Record<string, string>) => {
  try {
    loadConfig(schema, env, 'execution-gateway');
  } catch (error) {
    if (error instanceof ConfigFault) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
};

describe('loadConfig', () => {
  it('parses values, fills in defaults and ignores what it does not know', () => {
    const config = loadConfig(schema, { ...good, EXECUTION_LIVE: '1', PATH: '/bin' }, 'execution-gateway');
    expect(config).toMatchObject({
      EXECUTION_SLICES: 6,
      EXECUTION_SLICE_NOTIONAL_USD_MAX: '25000',
      EXECUTION_SETTLE_MS: 2500,
      EXECUTION_LIVE: true,
      MODE: 'paper',
    });
    expect(config).not.toHaveProperty('PATH');
    expect(Object.isFrozen(config)).toBe(true);
    expect(config.VENUE_KEY.reveal()).toBe('abcdefgh');
  });

  it('names every fault at once, with what was found, what is expected and what to do', () => {
    const fault = faultsOf({
      EXECUTION_SLICES: '0',
      EXECUTION_LIVE: 'yes',
      VENUE_URL: 'ftp://x',
      VENUE_KEY: 'short',
      START_AT: '2026-13-40T00:00:00.000Z',
      MODE: 'real',
    });
    expect(fault.code).toBe('CONFIG_INVALID');
    expect(fault.faults.map(({ variable }) => variable)).toEqual([
      'EXECUTION_SLICES',
      'EXECUTION_SETTLE_MS',
      'EXECUTION_LIVE',
      'VENUE_URL',
      'VENUE_KEY',
      'START_AT',
      'MODE',
    ]);
    expect(fault.faults[0]).toEqual({
      variable: 'EXECUTION_SLICES',
      found: '"0"',
      expected: 'a whole number from 1 to 100',
      nextStep: 'Set EXECUTION_SLICES to a whole number from 1 to 100, or remove it to use 6.',
    });
    expect(fault.faults[1]).toMatchObject({ found: 'nothing' });
    expect(fault.faults[6]).toMatchObject({ expected: 'one of paper, live' });
    expect(fault.message).toContain('execution-gateway cannot start: 7 settings are wrong');
  });

  it('never shows a secret, nor the credentials of an address', () => {
    const fault = faultsOf({ ...good, VENUE_KEY: 'hunter2', VENUE_URL: 'postgres://me:hunter2@db/x' });
    expect(fault.message).not.toContain('hunter2');
    expect(fault.message).toContain('[secret]@db/x');
    const value = new Secret('hunter2');
    expect([`${value}`, JSON.stringify({ value }), inspect({ value })].join()).not.toContain('hunter2');
  });

  it('takes an empty value for a fault, never for a default', () => {
    const fault = faultsOf({ ...good, EXECUTION_SLICES: '', MODE: '' });
    expect(fault.faults.map(({ variable, found }) => [variable, found])).toEqual([
      ['EXECUTION_SLICES', 'an empty value'],
      ['MODE', 'an empty value'],
    ]);
  });

  it('refuses an empty value of an optional text, which its schema would accept', () => {
    expect(() => loadConfig(z.object({ NAME: z.string().optional() }), { NAME: '' }, 'feeds')).toThrow(ConfigFault);
  });

  it('says of a missing plain text in words what it is for', () => {
    const texts = z.object({
      PACKS_DIR: z.string().min(1).describe('The folder of pricing packs.'),
      NAME: z.string(),
      CODE: z.string().regex(/^[A-Z]{3}$/, 'three capital letters'),
    });
    const faults = (env: Record<string, string>): unknown => {
      try {
        return loadConfig(texts, env, 'feeds');
      } catch (error) {
        return (error as ConfigFault).faults;
      }
    };
    expect(faults({})).toEqual([
      {
        variable: 'PACKS_DIR',
        found: 'nothing',
        expected: 'a text (The folder of pricing packs)',
        nextStep: 'Set PACKS_DIR to a text.',
      },
      { variable: 'NAME', found: 'nothing', expected: 'a text', nextStep: 'Set NAME to a text.' },
      { variable: 'CODE', found: 'nothing', expected: 'a text', nextStep: 'Set CODE to a text.' },
    ]);
    expect(faults({ PACKS_DIR: '/packs', NAME: 'x', CODE: 'usd' })).toEqual([
      {
        variable: 'CODE',
        found: '"usd"',
        expected: 'three capital letters',
        nextStep: 'Set CODE to three capital letters.',
      },
    ]);
  });

  it('reports a rule over several settings', () => {
    const both = z
      .object({ LOW: integer({ min: 0, max: 9 }), HIGH: integer({ min: 0, max: 9 }) })
      .refine((value) => value.LOW <= value.HIGH, 'LOW at most HIGH');
    expect(() => loadConfig(both, { LOW: '5', HIGH: '2' }, 'feeds')).toThrow(/LOW at most HIGH/);
  });

  it.each([
    ['1.5', false],
    ['1e3', false],
    [' 5', false],
    ['0x10', false],
    ['99999999999999999999', false],
    ['-1', false],
    ['100', true],
  ])('reads the integer %j: %s', (text, accepted) => {
    expect(integer({ min: 0, max: 100 }).safeParse(text).success).toBe(accepted);
  });

  it.each([
    ['-0.5', true],
    ['-0.51', false],
    ['10', true],
    ['10.00', true],
    ['10.001', false],
    ['9.99999999999999999999999', true],
    ['2', true],
    ['1e1', false],
    ['-0', true],
    ['abc', false],
  ])('compares the decimal %j with its bounds exactly: %s', (text, accepted) => {
    expect(decimalText({ min: '-0.5', max: '10' }).safeParse(text).success).toBe(accepted);
  });
});

describe('describeConfig', () => {
  it('gives a row a variable with unit, bounds and default', () => {
    const rows = describeConfig(schema);
    expect(rows).toHaveLength(8);
    expect(rows[0]).toEqual({
      name: 'EXECUTION_SLICES',
      type: 'a whole number from 1 to 100',
      unit: '',
      default: '6',
      description: 'Slices of one parent order.',
    });
    expect(rows[1]).toMatchObject({ unit: 'USD', default: '25000' });
    expect(rows[2]).toMatchObject({ unit: 'ms', default: 'required', description: 'How long a timeout may settle.' });
    expect(rows[6]).toMatchObject({ default: 'optional' });
    expect(rows[7]).toMatchObject({ type: 'one of paper, live', default: 'paper' });
  });
});
