import { decimalText, integer, secret, url } from '@ballast/platform';
import { Slug } from '@ballast/contracts';
import { z } from 'zod';

/** What an operator can set; every variable but FEEDS_SOURCE has a default. */
export const FeedsConfig = z
  .object({
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
    FEEDS_RIGHTS_FILE: z
      .string()
      .min(1)
      .optional()
      .describe('JSON file with what the contracts of the operator permit, by source; see GET /api/v1/feeds/rights'),
    FEEDS_CALENDAR_REFRESH: z
      .enum(['off', 'daily'])
      .default('off')
      .describe('daily compares the calendars with their vendors, and tells where they run out'),
    FEEDS_CALENDAR_ALPACA_URL: url()
      .optional()
      .describe("the address of Alpaca's trading API, asked for the sessions of NYSE; nobody is asked without it"),
    FEEDS_CALENDAR_ALPACA_KEY_ID: z.string().min(1).optional().describe('the key id for it'),
    FEEDS_CALENDAR_ALPACA_SECRET: secret().optional().describe('the secret for it'),
    FEEDS_CALENDAR_NSE_URL: url()
      .optional()
      .describe("the address of NSE's web site, asked for its trading holidays; nobody is asked without it"),
  })
  .refine(
    (config) =>
      config.FEEDS_CALENDAR_ALPACA_URL === undefined ||
      (config.FEEDS_CALENDAR_ALPACA_KEY_ID !== undefined && config.FEEDS_CALENDAR_ALPACA_SECRET !== undefined),
    'FEEDS_CALENDAR_ALPACA_KEY_ID and FEEDS_CALENDAR_ALPACA_SECRET beside FEEDS_CALENDAR_ALPACA_URL',
  );

export type FeedsConfig = z.infer<typeof FeedsConfig>;
