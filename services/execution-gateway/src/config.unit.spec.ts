import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@ballast/platform';
import { ExecutionConfig } from './config.js';

const env = {
  EXECUTION_VENUE_URL: 'http://127.0.0.1:1234',
  EXECUTION_VENUE_SECRET: 'secret',
  EXECUTION_RISK_PUBLIC_KEY_FILE: 'risk.pem',
};
const load = (more: Record<string, string>) => () =>
  loadConfig(ExecutionConfig, { ...env, ...more }, 'execution-gateway');

describe('the settings', () => {
  it('have sane defaults', () => {
    expect(load({})()).toMatchObject({
      EXECUTION_MODE: 'paper',
      EXECUTION_TWAP_SLICES: 6,
      EXECUTION_SETTLE_WINDOW_MS: 15_000,
    });
  });

  it('refuse a settle window in which an order could still arrive', () => {
    expect(load({ EXECUTION_SETTLE_WINDOW_MS: '14000' })).toThrow(/EXECUTION_SETTLE_WINDOW_MS longer than/);
    expect(load({ EXECUTION_SETTLE_WINDOW_MS: '14001' })).not.toThrow();
  });

  it('refuse real money without its second switch, and paper at the live address', () => {
    expect(load({ EXECUTION_MODE: 'live' })).toThrow(/EXECUTION_LIVE_CONFIRMED/);
    expect(load({ EXECUTION_MODE: 'live', EXECUTION_LIVE_CONFIRMED: 'main' })).not.toThrow();
    expect(load({ EXECUTION_VENUE_URL: 'https://api.alpaca.markets' })).toThrow(/real money/);
  });
});
