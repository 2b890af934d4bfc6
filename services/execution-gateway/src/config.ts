import { decimalText, flag, integer, secret, url } from '@ballast/platform';
import { z } from 'zod';
import { END_RULES } from './domain/ending.js';

/** Where real money is; a paper gateway never talks to it. */
const LIVE_HOST = 'api.alpaca.markets';

/** Fewer than this leave no room for cancels beside sending. */
const CALLS_PER_MINUTE_MIN = 10;

/** Alpaca's limit is 200 a minute and account. */
const callsPerMinute = integer({ min: 0, max: 100_000 })
  .default(200)
  .refine((calls) => calls === 0 || calls >= CALLS_PER_MINUTE_MIN, `0, or ${CALLS_PER_MINUTE_MIN} and more`);

/** How schedules end and stray, and what the market must be like for a slice to leave. */
const TwapRules = {
  EXECUTION_TWAP_END: z
    .enum(END_RULES)
    .default('cancel')
    .describe(
      'what becomes of what is unfilled when the horizon is over: cancelled, sent as one last order (cross), or sliced on up to the close (extend)',
    ),
  EXECUTION_TWAP_INTERVAL_SECONDS_MIN: integer({ min: 1, max: 3_600 })
    .default(1)
    .describe('slices are never nearer together than this; fewer come out where they would be'),
  EXECUTION_TWAP_LATE_RATIO_MAX: decimalText({ min: '0', max: '2' })
    .default('0.5')
    .describe('by how much of its planned quantity a slice may grow when it takes over from others'),
  EXECUTION_TWAP_JITTER_TIME_RATIO: decimalText({ min: '0', max: '1' })
    .default('0')
    .describe('each slice leaves within this part of its interval, seeded by its parent; 0 for none'),
  EXECUTION_TWAP_JITTER_SIZE_RATIO: decimalText({ min: '0', max: '0.9' })
    .default('0')
    .describe('sizes of slices differ from equal ones by this part at most, seeded by their parent; 0 for none'),
  EXECUTION_TWAP_MARKET_CHECKED: flag()
    .default(false)
    .describe(
      'whether a slice waits for an open market and a fresh, firm quote; a price limit and a participation cap always make it wait',
    ),
  EXECUTION_TWAP_QUOTE_AGE_MS_MAX: integer({ min: 100, max: 600_000 })
    .default(15_000)
    .describe('a quote that is older is stale; looked at where slices wait for the market'),
  EXECUTION_TWAP_PRICE_LIMIT_BP: integer({ min: 1, max: 5_000 })
    .optional()
    .describe('how much worse than its arrival price a parent may trade; its slices then leave as limit orders'),
  EXECUTION_TWAP_PARTICIPATION_RATIO_MAX: decimalText({ min: '0.0001', max: '1' })
    .optional()
    .describe("the most of the market's volume that a parent may be; where the volume is not known nothing leaves"),
};

/** What an operator can set. Live trading needs two switches, so that one slip of the hand is not enough. */
export const ExecutionConfig = z
  .object({
    EXECUTION_MODE: z.enum(['paper', 'live']).default('paper').describe('whether orders are paper or real money'),
    EXECUTION_LIVE_CONFIRMED: z
      .string()
      .min(1)
      .optional()
      .describe('the name of the one account that may trade real money; needed in live mode'),
    EXECUTION_VENUE_URL: url().describe("the address of the venue's HTTP API; its stream is at /stream"),
    EXECUTION_VENUE_SECRET: secret().describe("the secret of the venue's API"),
    EXECUTION_VENUE_KEY_ID: z
      .string()
      .min(1)
      .optional()
      .describe("the key id of the venue's API; the account's name by default, which is right for the paper broker"),
    EXECUTION_VENUE_DATA_URL: url()
      .optional()
      .describe('the address where quotes are had; the same as the venue by default'),
    EXECUTION_RISK_PUBLIC_KEY_FILE: z
      .string()
      .min(1)
      .describe("PEM file with the Ed25519 public keys of risk's signatures, one block a key"),
    EXECUTION_TWAP_SLICES: integer({ min: 1, max: 1_000 }).default(6).describe('slices a parent order is cut into'),
    EXECUTION_TWAP_HORIZON_MINUTES: integer({ min: 1, max: 390 })
      .default(60)
      .describe('time over which the slices of a parent order leave'),
    ...TwapRules,
    EXECUTION_VENUE_DEADLINE_MS: integer({ min: 100, max: 30_000 })
      .default(10_000)
      .describe('how long a call to the venue may take before it is aborted'),
    EXECUTION_VENUE_TIMEOUT_MS: integer({ min: 0, max: 30_000 })
      .default(4_000)
      .describe('how long the venue may still work on a call that was aborted'),
    EXECUTION_VENUE_CALLS_PER_MINUTE: callsPerMinute.describe(
      'calls to the venue within any 60 seconds, cancels and questions included; 0 where the venue has no limit, else at least 10',
    ),
    EXECUTION_SETTLE_WINDOW_MS: integer({ min: 200, max: 120_000 })
      .default(15_000)
      .describe(
        'how long after an unanswered order the venue is asked for it; twice, before it is given up. Longer where the venue guarantees less',
      ),
    EXECUTION_CASH_TOLERANCE_USD: decimalText({ min: '0', max: '100' })
      .default('0.01')
      .describe("difference in cash between the venue's books and ours that is no break"),
    EXECUTION_RECONCILE_WORKING_SECONDS: integer({ min: 5, max: 3_600 })
      .default(20)
      .describe("how often our books are compared with the venue's while an order is open in a session"),
    EXECUTION_RECONCILE_IDLE_SECONDS: integer({ min: 0, max: 3_600 })
      .default(60)
      .describe(
        'how often while nothing is open, in sessions; 0 compares only around orders, for books in simulated time',
      ),
    EXECUTION_ACCOUNT_AGE_SECONDS_MAX: integer({ min: 5, max: 3_600 })
      .default(120)
      .describe(
        "how old the venue's word on an account may be when an order leaves; an older one is asked for again first",
      ),
    EXECUTION_BUYING_POWER_COLLAR_BP: integer({ min: 0, max: 2_000 })
      .default(100)
      .describe('by how much a buy at the market may cost more than its reference price, against the buying power'),
    EXECUTION_MARKET_HOURS: z
      .enum(['regular', 'extended'])
      .default('regular')
      .describe('whether orders for extended hours may leave beside the session'),
    EXECUTION_STALE_ORDER_MINUTES: integer({ min: 1, max: 390 })
      .default(15)
      .describe('how long after its slice was due an order at the market may be open before it is cancelled'),
    EXECUTION_HALT_FILE: z.string().min(1).optional().describe('while this file exists every account is halted'),
    EXECUTION_HALT_FILE_POLL_MS: integer({ min: 50, max: 60_000 })
      .default(1_000)
      .describe('how often the halt file is looked for'),
  })
  .refine(
    (config) =>
      config.EXECUTION_SETTLE_WINDOW_MS > config.EXECUTION_VENUE_DEADLINE_MS + config.EXECUTION_VENUE_TIMEOUT_MS,
    'EXECUTION_SETTLE_WINDOW_MS longer than EXECUTION_VENUE_DEADLINE_MS + EXECUTION_VENUE_TIMEOUT_MS, so that no order arrives after it was given up',
  )
  .refine(
    (config) => config.EXECUTION_MODE === 'paper' || config.EXECUTION_LIVE_CONFIRMED !== undefined,
    'EXECUTION_LIVE_CONFIRMED with the name of the account, where EXECUTION_MODE is live',
  )
  .refine(
    (config) => config.EXECUTION_MODE === 'live' || new URL(config.EXECUTION_VENUE_URL).hostname !== LIVE_HOST,
    `EXECUTION_VENUE_URL of a paper venue, where EXECUTION_MODE is paper; ${LIVE_HOST} is real money`,
  );

export type ExecutionConfig = z.infer<typeof ExecutionConfig>;
