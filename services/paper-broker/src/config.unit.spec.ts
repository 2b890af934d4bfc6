import { describe, expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import { ConfigError, readConfig } from './config.js';
import { PLAIN_RULES } from './domain/rules.js';

const good = { DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/db', PAPER_BROKER_SECRET: 'long-enough' };

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('binds to loopback on a free port in real time without faults, unless told otherwise', () => {
    expect(readConfig(good)).toEqual({
      databaseUrl: good.DATABASE_URL,
      secret: 'long-enough',
      host: '127.0.0.1',
      port: 0,
      clock: 'real',
      rules: PLAIN_RULES,
      recordings: [],
      faults: { enabled: false, rates: [], seed: '1' },
      exitWithParent: false,
      logLevel: 'info',
    });
  });

  it('counts an empty variable as not set', () => {
    expect(readConfig({ ...good, PAPER_BROKER_PORT: '' }).port).toBe(0);
    expect(faultsOf({ ...good, PAPER_BROKER_SECRET: '' })).toHaveLength(1);
  });

  it('says every fault at once, each with its name', () => {
    const faults = faultsOf({
      DATABASE_URL: 'mysql://nowhere',
      PAPER_BROKER_PORT: '70000',
      PAPER_BROKER_CLOCK: 'sundial',
      PAPER_BROKER_SPREAD_BP: '-1',
      PAPER_BROKER_PARTIAL_FILLS: 'yes',
      PAPER_BROKER_FAULTS: '1',
    });
    expect(faults.map((fault) => fault.split(/[ :]/)[0])).toEqual([
      'DATABASE_URL',
      'PAPER_BROKER_SECRET',
      'PAPER_BROKER_PORT',
      'PAPER_BROKER_CLOCK',
      'PAPER_BROKER_SPREAD_BP',
      'PAPER_BROKER_PARTIAL_FILLS',
      'PAPER_BROKER_FAULTS',
    ]);
    expect(faults[1]).toContain('is required');
  });

  it('takes every rule of the venue', () => {
    const { rules, faults } = readConfig({
      ...good,
      ...{ PAPER_BROKER_BOOK: 'depth', PAPER_BROKER_DEPTH_SHARES: '300', PAPER_BROKER_DEPTH_PARTICIPATION_MAX: '0.1' },
      ...{ PAPER_BROKER_LATENCY_MS: '20-80', PAPER_BROKER_LULD: 'tier2', PAPER_BROKER_AUCTIONS: 'on' },
      ...{ PAPER_BROKER_FEES: 'us', PAPER_BROKER_COMMISSION_BP: '1.5', PAPER_BROKER_SHORTS: 'on' },
      ...{ PAPER_BROKER_FAULTS: 'on', PAPER_BROKER_FAULT_RATES: 'lose-answer:0.01,answer-after-ms=30000:0.002' },
    });
    expect(rules.depth).toMatchObject({ shares: new D(300), participation: new D('0.1'), refreshMs: 60_000 });
    expect(rules).toMatchObject({ latency: { minMs: 20, maxMs: 80 }, luldTier: 2, auctions: { shares: null } });
    expect(rules).toMatchObject({ fees: { schedule: 'us', commissionBp: new D('1.5') }, shorts: { shares: new D(0) } });
    expect(rules.impact).toBeNull();
    expect(faults.rates).toEqual([
      { fault: { name: 'lose-answer', delayMs: 0 }, probability: 0.01 },
      { fault: { name: 'answer-after-ms', delayMs: 30_000 }, probability: 0.002 },
    ]);
  });

  it('takes a model of impact with the parameters of its source', () => {
    const impactOf = (more: Record<string, string>) => readConfig({ ...good, ...more }).rules.impact;
    expect(impactOf({ PAPER_BROKER_IMPACT: 'almgren2005', PAPER_BROKER_IMPACT_MINUTES: '2.5' })).toEqual({
      ...{ model: 'almgren2005', outstandingOverVolume: 200, minutes: 2.5 },
    });
    expect(impactOf({ PAPER_BROKER_IMPACT: 'propagator', PAPER_BROKER_IMPACT_DECAY_EXPONENT: '0.25' })).toEqual({
      ...{ model: 'propagator', prefactor: 1, decayExponent: 0.25, decayMinutes: 1 },
    });
  });

  it.each([
    [{ PAPER_BROKER_IMPACT: 'square-root' }, 'PAPER_BROKER_IMPACT: Invalid option: expected one of "none"'],
    [{ PAPER_BROKER_IMPACT: 'propagator', PAPER_BROKER_IMPACT_PREFACTOR: '0' }, 'above zero'],
    [{ PAPER_BROKER_FAULTS: 'on', PAPER_BROKER_HOST: '0.0.0.0' }, 'loopback'],
    [{ PAPER_BROKER_FAULT_RATES: 'lose-answer:0.1' }, 'needs PAPER_BROKER_FAULTS=on'],
    [{ PAPER_BROKER_FAULTS: 'on', PAPER_BROKER_FAULT_RATES: 'lose-answer:1.5' }, 'share from 0 to 1'],
    [{ PAPER_BROKER_FAULTS: 'on', PAPER_BROKER_FAULT_RATES: 'lose-all:0.5' }, 'a fault must be one of'],
    [{ PAPER_BROKER_FAULTS: 'on', PAPER_BROKER_FAULT_RATES: 'lose-answer:0.6,rate-limit:0.6' }, 'more than 1'],
    [{ PAPER_BROKER_BOOK: 'depth', PAPER_BROKER_PARTIAL_FILLS: '1' }, 'leave it at 0'],
    [{ PAPER_BROKER_LATENCY_MS: '80-20' }, 'a range'],
    [{ PAPER_BROKER_DEPTH_SHARES: '1e3' }, 'plain digits'],
  ])('refuses what cannot be: %j', (more, why) => {
    expect(faultsOf({ ...good, ...more }).join()).toContain(why);
  });
});
