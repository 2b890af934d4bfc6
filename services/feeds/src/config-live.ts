import { SessionDate, TickerSymbol } from '@ballast/contracts';
import { integer, url } from '@ballast/platform';
import { z } from 'zod';
import type { SilenceBounds } from './domain/live/channel-health.js';

/** Symbols that are listened to at the most: each has its metrics, and its rows in what is told every minute. */
const LIVE_SYMBOLS_MAX = 100;
const REPLAY_FILES_MAX = 64;

/** A list with commas between its items. */
const listOf = (item: z.ZodType<string, string>, max: number, expects: string) =>
  z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .pipe(z.array(item).min(1).max(max, expects))
    .refine((items) => new Set(items).size === items.length, expects)
    .meta({ expects });

const speed = () => {
  const expects = 'max, or a decimal number above zero such as "1" or "100"';
  return z
    .string()
    .regex(/^(max|0*[1-9]\d{0,5}(\.\d{1,3})?|0\.\d{0,2}[1-9])$/, expects)
    .transform((text) => (text === 'max' ? null : Number(text)))
    .meta({ expects });
};

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** What an operator can set of live data; nothing has to be said where none is wanted. */
export const LIVE_SETTINGS = {
  FEEDS_ALPACA_STREAM_URL: url(['wss', 'ws'])
    .default('wss://stream.data.alpaca.markets/v2/iex')
    .describe("the address of Alpaca's stream of market data, with its feed"),
  FEEDS_ALPACA_STREAM_FORMAT: z
    .enum(['json', 'msgpack'])
    .default('json')
    .describe('how the stream is written; a feed that speaks MessagePack only is spoken to so in any case'),
  FEEDS_LIVE: z.enum(['off', 'alpaca', 'replay']).default('off').describe('where live ticks come from'),
  FEEDS_LIVE_SYMBOLS: listOf(
    TickerSymbol,
    LIVE_SYMBOLS_MAX,
    `up to ${LIVE_SYMBOLS_MAX} tickers with commas between them`,
  )
    .optional()
    .describe('what is listened to; needed for alpaca, and all that the files hold for replay'),
  FEEDS_LIVE_REPLAY_FILES: listOf(
    z.string().min(1),
    REPLAY_FILES_MAX,
    `up to ${REPLAY_FILES_MAX} paths with commas between them`,
  )
    .optional()
    .describe('recorded files that are played: archives of LEAN, minute bars as CSV; needed for replay'),
  FEEDS_LIVE_REPLAY_DATE: SessionDate.optional().describe('the day that is played, of files that hold several'),
  FEEDS_LIVE_REPLAY_SPEED: speed().default(1).describe('how many times as fast as it happened a recording is played'),
  FEEDS_LIVE_OBSERVE_MS: integer({ min: 1_000, max: 60_000 })
    .default(5_000)
    .describe('how often in session line and channels are looked at'),
  FEEDS_LIVE_SILENCE_SECONDS_MIN: integer({ min: 5, max: 3_600 })
    .default(30)
    .describe('no channel is called silent sooner'),
  FEEDS_LIVE_SILENCE_SECONDS_MAX: integer({ min: 60, max: 3_600 })
    .default(300)
    .describe('a channel whose pauses would need a longer bound than this has none; its line is watched instead'),
  FEEDS_LIVE_LINE_SILENCE_SECONDS: integer({ min: 20, max: 600 })
    .default(30)
    .describe('how long the line may give no sign of life'),
  FEEDS_LIVE_TICKS_MAX: integer({ min: 4_000, max: 1_000_000 })
    .default(50_000)
    .describe('ticks that may wait in memory to be passed on; one has some 300 bytes'),
  FEEDS_LIVE_REFETCH_MINUTES_MAX: integer({ min: 1, max: 1_440 })
    .default(60)
    .describe('how far back missed trades are fetched; what lies further back is lost, and said'),
};

type LiveSettings = z.infer<z.ZodObject<typeof LIVE_SETTINGS>>;
/** Settings of live data that another part shares. */
interface Keys {
  readonly FEEDS_ALPACA_KEY_ID?: string | undefined;
  readonly FEEDS_ALPACA_SECRET?: unknown;
}

/** What must hold between settings, and what is missing where it does not. */
export const LIVE_RULES: readonly {
  readonly holds: (config: LiveSettings & Keys) => boolean;
  readonly expects: string;
}[] = [
  {
    holds: ({ FEEDS_LIVE, ...rest }) =>
      FEEDS_LIVE !== 'alpaca' ||
      (rest.FEEDS_LIVE_SYMBOLS !== undefined &&
        rest.FEEDS_ALPACA_KEY_ID !== undefined &&
        rest.FEEDS_ALPACA_SECRET !== undefined),
    expects: 'FEEDS_LIVE_SYMBOLS, FEEDS_ALPACA_KEY_ID and FEEDS_ALPACA_SECRET, where FEEDS_LIVE is alpaca',
  },
  {
    holds: ({ FEEDS_LIVE, FEEDS_LIVE_REPLAY_FILES }) =>
      FEEDS_LIVE !== 'replay' || FEEDS_LIVE_REPLAY_FILES !== undefined,
    expects: 'FEEDS_LIVE_REPLAY_FILES with the paths of recorded files, where FEEDS_LIVE is replay',
  },
  {
    holds: ({ FEEDS_ALPACA_STREAM_URL: stream }) =>
      stream.startsWith('wss:') || LOOPBACK.test(new URL(stream).hostname),
    expects:
      'FEEDS_ALPACA_STREAM_URL that begins with wss://, because the keys travel on it; ws:// is for this machine only',
  },
  {
    holds: (config) => config.FEEDS_LIVE_SILENCE_SECONDS_MIN <= config.FEEDS_LIVE_SILENCE_SECONDS_MAX,
    expects: 'FEEDS_LIVE_SILENCE_SECONDS_MIN of at most FEEDS_LIVE_SILENCE_SECONDS_MAX',
  },
];

/** The bounds on silence that are set, in ms. */
export const silenceBounds = (config: LiveSettings): SilenceBounds => ({
  silenceMinMs: config.FEEDS_LIVE_SILENCE_SECONDS_MIN * 1_000,
  silenceMaxMs: config.FEEDS_LIVE_SILENCE_SECONDS_MAX * 1_000,
  connectionMs: config.FEEDS_LIVE_LINE_SILENCE_SECONDS * 1_000,
});
