import { Fault, type Clock } from '@ballast/platform';
import type { FeedsConfig } from '../../config.js';
import { AlpacaLive, feedOf } from './alpaca-live.js';
import { AlpacaTrades } from './alpaca-trades.js';
import type { LiveSource } from './ports.js';
import { ReplaySource } from './replay-source.js';

/** The live source that the settings ask for; null where they ask for none. */
export function liveSource(config: FeedsConfig, clock: Clock): LiveSource | null {
  switch (config.FEEDS_LIVE) {
    case 'off':
      return null;
    case 'replay':
      return new ReplaySource({
        paths: config.FEEDS_LIVE_REPLAY_FILES ?? [],
        date: config.FEEDS_LIVE_REPLAY_DATE,
        only: config.FEEDS_LIVE_SYMBOLS ?? [],
        speed: config.FEEDS_LIVE_REPLAY_SPEED,
        clock,
      });
    case 'alpaca': {
      const { FEEDS_ALPACA_KEY_ID: keyId, FEEDS_ALPACA_SECRET: secret, FEEDS_ALPACA_STREAM_URL: url } = config;
      if (!keyId || !secret) throw new Fault('CONFIG_INVALID', 'the keys of Alpaca are missing');
      const trades = new AlpacaTrades({ dataUrl: config.FEEDS_ALPACA_DATA_URL, keyId, secret, feed: feedOf(url) });
      const format = config.FEEDS_ALPACA_STREAM_FORMAT;
      const symbols = config.FEEDS_LIVE_SYMBOLS ?? [];
      return new AlpacaLive({ url, keyId, secret, format, symbols, trades, clock, chance: Math.random });
    }
  }
}
