import { describe, expect, it } from '@jest/globals';
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
});
