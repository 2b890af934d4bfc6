import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@ballast/platform';
import { marketRulesOf } from './application/market-rules.js';
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

  it('leave every rule of a schedule off that is not asked for, but its end', () => {
    const config = load({})();
    expect(config).toMatchObject({
      EXECUTION_TWAP_END: 'cancel',
      EXECUTION_TWAP_LATE_RATIO_MAX: '0.5',
      EXECUTION_TWAP_JITTER_TIME_RATIO: '0',
      EXECUTION_TWAP_JITTER_SIZE_RATIO: '0',
      EXECUTION_TWAP_MARKET_CHECKED: false,
    });
    expect(marketRulesOf(config)).toBeNull();
  });

  it.each<[Record<string, string>, object]>([
    [{ EXECUTION_TWAP_MARKET_CHECKED: 'true' }, { priceLimitBp: null, participationRatioMax: null }],
    [{ EXECUTION_TWAP_PRICE_LIMIT_BP: '25' }, { priceLimitBp: 25 }],
    [{ EXECUTION_TWAP_PARTICIPATION_RATIO_MAX: '0.1' }, { participationRatioMax: '0.1' }],
  ])('make slices wait for the market by %j', (env, rules) => {
    expect(marketRulesOf(load(env)())).toMatchObject({ quoteAgeMsMax: 15_000, ...rules });
  });

  it.each([
    ['EXECUTION_TWAP_END', 'roll'],
    ['EXECUTION_TWAP_PARTICIPATION_RATIO_MAX', '0'],
    ['EXECUTION_TWAP_PARTICIPATION_RATIO_MAX', '1.1'],
    ['EXECUTION_TWAP_JITTER_TIME_RATIO', '1.5'],
    ['EXECUTION_TWAP_JITTER_SIZE_RATIO', '1'],
    ['EXECUTION_TWAP_PRICE_LIMIT_BP', '0'],
    ['EXECUTION_TWAP_LATE_RATIO_MAX', '-0.1'],
  ])('refuse %s %s', (name, value) => {
    expect(load({ [name]: value })).toThrow(new RegExp(name));
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
