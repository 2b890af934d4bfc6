import { loadConfig } from '@ballast/platform';
import { describe, expect, it } from '@jest/globals';
import { silenceBounds } from './config-live.js';
import { FeedsConfig } from './config.js';

const load = (env: Record<string, string>) => loadConfig(FeedsConfig, env, 'feeds');
const ALPACA = {
  FEEDS_LIVE: 'alpaca',
  FEEDS_LIVE_SYMBOLS: 'SPY, BRK.B',
  FEEDS_ALPACA_KEY_ID: 'k',
  FEEDS_ALPACA_SECRET: 's',
};

describe('the settings of live data', () => {
  it('are off and bounded where nothing is said', () => {
    const config = load({});
    expect(config.FEEDS_LIVE).toBe('off');
    expect(silenceBounds(config)).toEqual({ silenceMinMs: 30_000, silenceMaxMs: 300_000, connectionMs: 30_000 });
  });

  it('name symbols with commas', () => {
    expect(load(ALPACA).FEEDS_LIVE_SYMBOLS).toEqual(['SPY', 'BRK.B']);
  });

  it.each([
    ['max', null],
    ['1', 1],
    ['100', 100],
    ['0.5', 0.5],
  ])('play at speed %s', (text, speed) => {
    expect(load({ FEEDS_LIVE_REPLAY_SPEED: text }).FEEDS_LIVE_REPLAY_SPEED).toBe(speed);
  });

  const wrong: [Record<string, string>, string][] = [
    [{ FEEDS_LIVE: 'alpaca' }, 'FEEDS_LIVE_SYMBOLS, FEEDS_ALPACA_KEY_ID'],
    [{ ...ALPACA, FEEDS_LIVE_SYMBOLS: 'SPY,SPY' }, 'FEEDS_LIVE_SYMBOLS'],
    [{ ...ALPACA, FEEDS_LIVE_SYMBOLS: 'spy' }, 'FEEDS_LIVE_SYMBOLS'],
    [{ ...ALPACA, FEEDS_LIVE_SYMBOLS: Array.from({ length: 101 }, (_, i) => `S${i}`).join(',') }, 'up to 100 tickers'],
    [{ ...ALPACA, FEEDS_ALPACA_STREAM_URL: 'ws://stream.example.com/v2/iex' }, 'begins with wss://'],
    [{ FEEDS_LIVE: 'replay' }, 'FEEDS_LIVE_REPLAY_FILES'],
    [{ FEEDS_LIVE_REPLAY_SPEED: '0' }, 'FEEDS_LIVE_REPLAY_SPEED'],
    [{ FEEDS_LIVE_REPLAY_SPEED: '-1' }, 'FEEDS_LIVE_REPLAY_SPEED'],
    [{ FEEDS_LIVE_SILENCE_SECONDS_MIN: '600' }, 'FEEDS_LIVE_SILENCE_SECONDS_MIN of at most'],
  ];
  it.each(wrong)('%j are refused', (env, said) => {
    expect(() => load(env)).toThrow(said);
  });

  it('take an unencrypted stream on this machine only', () => {
    expect(load({ ...ALPACA, FEEDS_ALPACA_STREAM_URL: 'ws://127.0.0.1:9/v2/iex' }).FEEDS_LIVE).toBe('alpaca');
  });
});
