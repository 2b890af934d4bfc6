import { decimalText, integer, secret, url } from '@ballast/platform';
import { SessionDate, Slug, TickerSymbol } from '@ballast/contracts';
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

/** What an operator can set; nothing has to be said where no live data is wanted. */
const Variables = z.object({
  FEEDS_SOURCE: Slug.optional().describe('the source that cycles read; without it, the one that was imported last'),
  FEEDS_EXCHANGE: z
    .string()
    .regex(/^[A-Z0-9]{1,12}$/)
    .default('NYSE')
    .describe('the exchange that marks name, because daily files do not say it'),
  FEEDS_REFUSED_FRACTION_MAX: decimalText({ min: '0', max: '1' })
    .default('0.05')
    .describe('the part of the rows of an import that may be refused; with more, nothing of it is taken'),
  FEEDS_IMPORT_ROWS_MAX: integer({ min: 1, max: 50_000_000 })
    .default(10_000_000)
    .describe('the rows that one import may have, because they are sorted in memory'),
  FEEDS_PACK_SESSIONS_MAX: integer({ min: 20, max: 5_000 })
    .default(520)
    .describe('how many sessions a pack looks back'),
  FEEDS_PACK_SESSIONS_MIN: integer({ min: 1, max: 520 })
    .default(20)
    .describe('with fewer sessions of history a snapshot is refused; average daily volume looks back 20'),
  FEEDS_STALE_SESSIONS_MAX: integer({ min: 0, max: 20 })
    .default(3)
    .describe('how many sessions the history may be behind what a cycle decides about'),
  // Alpaca: keys, history, stream.
  FEEDS_ALPACA_KEY_ID: z.string().min(1).optional().describe("the key id of Alpaca's market data"),
  FEEDS_ALPACA_SECRET: secret().optional().describe("the secret of Alpaca's market data"),
  FEEDS_ALPACA_DATA_URL: url()
    .default('https://data.alpaca.markets')
    .describe("the address of Alpaca's historical market data"),
  FEEDS_ALPACA_STREAM_URL: url(['wss', 'ws'])
    .default('wss://stream.data.alpaca.markets/v2/iex')
    .describe("the address of Alpaca's stream of market data, with its feed"),
  FEEDS_ALPACA_STREAM_FORMAT: z
    .enum(['json', 'msgpack'])
    .default('json')
    .describe('how the stream is written; a feed that speaks MessagePack only is spoken to so in any case'),
  // Live data.
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
});

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export const FeedsConfig = Variables.refine(
  ({ FEEDS_LIVE, ...rest }) =>
    FEEDS_LIVE !== 'alpaca' ||
    (rest.FEEDS_LIVE_SYMBOLS !== undefined &&
      rest.FEEDS_ALPACA_KEY_ID !== undefined &&
      rest.FEEDS_ALPACA_SECRET !== undefined),
  'FEEDS_LIVE_SYMBOLS, FEEDS_ALPACA_KEY_ID and FEEDS_ALPACA_SECRET, where FEEDS_LIVE is alpaca',
)
  .refine(
    ({ FEEDS_LIVE, FEEDS_LIVE_REPLAY_FILES }) => FEEDS_LIVE !== 'replay' || FEEDS_LIVE_REPLAY_FILES !== undefined,
    'FEEDS_LIVE_REPLAY_FILES with the paths of recorded files, where FEEDS_LIVE is replay',
  )
  .refine(
    ({ FEEDS_ALPACA_STREAM_URL: stream }) => stream.startsWith('wss:') || LOOPBACK.test(new URL(stream).hostname),
    'FEEDS_ALPACA_STREAM_URL that begins with wss://, because the keys travel on it; ws:// is for this machine only',
  )
  .refine(
    (config) => config.FEEDS_LIVE_SILENCE_SECONDS_MIN <= config.FEEDS_LIVE_SILENCE_SECONDS_MAX,
    'FEEDS_LIVE_SILENCE_SECONDS_MIN of at most FEEDS_LIVE_SILENCE_SECONDS_MAX',
  );

export type FeedsConfig = z.infer<typeof FeedsConfig>;

/** The bounds on silence that are set, in ms. */
export const silenceBounds = (config: FeedsConfig): SilenceBounds => ({
  silenceMinMs: config.FEEDS_LIVE_SILENCE_SECONDS_MIN * 1_000,
  silenceMaxMs: config.FEEDS_LIVE_SILENCE_SECONDS_MAX * 1_000,
  connectionMs: config.FEEDS_LIVE_LINE_SILENCE_SECONDS * 1_000,
});
