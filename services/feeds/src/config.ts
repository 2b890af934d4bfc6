import { decimalText, integer, secret, url } from '@ballast/platform';
import { Slug } from '@ballast/contracts';
import { z } from 'zod';
import { LIVE_RULES, LIVE_SETTINGS } from './config-live.js';
import { readDaily, type DailyCollection, type DailyWhat } from './domain/facts/daily.js';

/** https://docs.alpaca.markets/docs/about-market-data-api: calls to the HTTP API in the Basic plan. */
const ALPACA_BASIC_PER_MINUTE = 200;
/** https://polygon.io/pricing: calls in the plan that costs nothing. */
const POLYGON_FREE_PER_MINUTE = 5;
/** https://site.financialmodelingprep.com/developer/docs/pricing: calls in the smallest paid plan. */
const FMP_STARTER_PER_MINUTE = 300;
/** https://fred.stlouisfed.org/docs/api/fred/errors.html: calls for one key. */
const FRED_PER_MINUTE = 120;
/** NewsAPI counts by the day and names no limit a minute; this one is ours. */
const NEWSAPI_PER_MINUTE = 30;
/** https://newsapi.org/pricing: what a search shows in the plan that costs nothing. */
const NEWSAPI_FREE_ARTICLES = 100;
/** https://www.sec.gov/os/accessing-edgar-data: ten calls a second, less what the way there may bunch together. */
const SEC_PER_SECOND = 8;

/** A list of what is collected every day; see `readDaily`. */
const dailyCollections = () =>
  z
    .string()
    .transform((text, { addIssue }): readonly DailyCollection[] => {
      const read = readDaily(text);
      if (typeof read !== 'string') return read;
      addIssue({ code: 'custom', message: read });
      return z.NEVER;
    })
    // Of a text that is wrong the fault says what `readDaily` found.
    .meta({ expects: 'a text' });

/** What cannot be fetched without a setting of its own. */
const NEEDED: Readonly<Partial<Record<DailyWhat, string>>> = {
  'newsapi-headlines': 'FEEDS_NEWSAPI_KEY',
  'fred-series': 'FEEDS_FRED_KEY',
  'sec-ownership': 'FEEDS_SEC_CONTACT',
  'fmp-earnings': 'FEEDS_FMP_KEY',
  'fmp-sectors': 'FEEDS_FMP_KEY',
};

const Settings = z.object({
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
  FEEDS_RECONCILE_SOURCE: Slug.optional().describe(
    'a history of another vendor that the closes of the last 20 sessions are compared with after every import',
  ),
  FEEDS_RECONCILE_FRACTION_MAX: decimalText({ min: '0', max: '1' })
    .default('0.01')
    .describe('the part of the compared closes that may differ by more than 0.5 %; with more, the pack is in error'),
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
  FEEDS_CALENDAR_NSE_URL: url()
    .optional()
    .describe("the address of NSE's web site, asked for its trading holidays; nobody is asked without it"),
  FEEDS_ALPACA_KEY_ID: z.string().min(1).optional().describe('the key id of an account with Alpaca'),
  FEEDS_ALPACA_SECRET: secret().optional().describe('the secret of that key'),
  FEEDS_ALPACA_DATA_URL: url()
    .default('https://data.alpaca.markets')
    .describe("the address of Alpaca's market data over HTTP"),
  ...LIVE_SETTINGS,
  FEEDS_ALPACA_FEED: z
    .enum(['iex', 'sip'])
    .default('sip')
    .describe(
      'sip: all exchanges, without a paid plan not the last 15 minutes; iex: one exchange, a small part of the volume',
    ),
  FEEDS_ALPACA_REQUESTS_PER_MINUTE: integer({ min: 1, max: 10_000 })
    .default(ALPACA_BASIC_PER_MINUTE)
    .describe('what the plan allows: 200 in Basic, 10000 in Algo Trader Plus'),
  FEEDS_POLYGON_KEY: secret().optional().describe('the key of an account with Polygon.io (Massive)'),
  FEEDS_POLYGON_URL: url().default('https://api.polygon.io').describe("the address of Polygon's HTTP API"),
  FEEDS_POLYGON_REQUESTS_PER_MINUTE: integer({ min: 1, max: 6_000 })
    .default(POLYGON_FREE_PER_MINUTE)
    .describe('what the plan allows: 5 without a paid one; paid ones ask to stay below 100 a second'),
  FEEDS_FMP_KEY: secret().optional().describe('the key of an account with Financial Modeling Prep'),
  FEEDS_FMP_URL: url()
    .default('https://financialmodelingprep.com')
    .describe("the address of Financial Modeling Prep's HTTP API"),
  FEEDS_FMP_REQUESTS_PER_MINUTE: integer({ min: 1, max: 3_000 })
    .default(FMP_STARTER_PER_MINUTE)
    .describe('what the plan allows: 300 in Starter, 750 in Premium, 3000 in Ultimate'),
  FEEDS_FRED_KEY: secret().optional().describe('the key of an account with FRED, for series with their vintages'),
  FEEDS_FRED_URL: url().default('https://api.stlouisfed.org').describe("the address of FRED's HTTP API"),
  FEEDS_FRED_REQUESTS_PER_MINUTE: integer({ min: 1, max: 120 })
    .default(FRED_PER_MINUTE)
    .describe('what FRED allows for one key'),
  FEEDS_NEWSAPI_KEY: secret().optional().describe('the key of an account with NewsAPI'),
  FEEDS_NEWSAPI_URL: url().default('https://newsapi.org').describe("the address of NewsAPI's HTTP API"),
  FEEDS_NEWSAPI_REQUESTS_PER_MINUTE: integer({ min: 1, max: 600 })
    .default(NEWSAPI_PER_MINUTE)
    .describe('against bursts; NewsAPI counts by the day, 100 without a paid plan'),
  FEEDS_NEWSAPI_ARTICLES_MAX: integer({ min: 100, max: 10_000 })
    .default(NEWSAPI_FREE_ARTICLES)
    .describe('how many articles of one search the plan shows: 100 without a paid one'),
  FEEDS_NSE_URL: url().default('https://www.nseindia.com').describe('where NSE answers'),
  FEEDS_NSE_USER_AGENT: z
    .string()
    .min(1)
    .max(300)
    .default('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36')
    .describe('the browser that NSE is told; it answers nobody else'),
  FEEDS_NSE_REQUESTS_PER_SECOND_MAX: integer({ min: 1, max: 3 })
    .default(3)
    .describe('how often NSE may be asked; it shuts out who asks oftener than three times a second'),
  FEEDS_NSE_ANNOUNCEMENTS_URL: url()
    .default('https://nsearchives.nseindia.com/content/RSS/Online_announcements.xml')
    .describe('the feed of announcements of companies listed on NSE'),
  FEEDS_RBI_TEXTS_URL: url()
    .default('https://rbi.org.in/pressreleases_rss.xml')
    .describe('the feed of press releases of the Reserve Bank of India'),
  FEEDS_RBI_NOTIFICATIONS_URL: url()
    .default('https://rbi.org.in/notifications_rss.xml')
    .describe('the feed of notifications of the Reserve Bank of India'),
  FEEDS_SEBI_TEXTS_URL: url().default('https://www.sebi.gov.in/sebirss.xml').describe('the feed of SEBI'),
  FEEDS_PIB_TEXTS_URL: url()
    .default('https://pib.gov.in/RssMain.aspx?ModId=6&Lang=1&Regid=3')
    .describe('the feed of the Press Information Bureau of India'),
  FEEDS_FED_TEXTS_URL: url()
    .default('https://www.federalreserve.gov/feeds/press_monetary.xml')
    .describe('the feed of press releases on monetary policy of the Federal Reserve'),
  FEEDS_FRED_CSV_URL: url()
    .default('https://fred.stlouisfed.org/graph/fredgraph.csv')
    .describe('where series of FRED are had as CSV, without a key'),
  FEEDS_SEC_CONTACT: z
    .string()
    .regex(
      /^[\x20-\x7e]*[^\s@]@[^\s@]+\.[\x21-\x7e]+$/,
      'a name and an e-mail address, such as "Jane Doe jane@example.com"',
    )
    .max(200)
    .optional()
    .describe(
      'whom the SEC can write to about what is fetched: a name and an e-mail address; it answers nobody without',
    ),
  FEEDS_SEC_DATA_URL: url().default('https://data.sec.gov').describe('where EDGAR lists the filings of a company'),
  FEEDS_SEC_ARCHIVES_URL: url().default('https://www.sec.gov').describe('where EDGAR keeps the filings'),
  FEEDS_SEC_REQUESTS_PER_SECOND_MAX: integer({ min: 1, max: 10 })
    .default(SEC_PER_SECOND)
    .describe('how often EDGAR may be asked; it shuts out who asks oftener than ten times a second'),
  FEEDS_COLLECT_DAILY: dailyCollections()
    .default([])
    .describe(
      'what is collected every evening, such as nse-fii-dii,macro-series:DGS10,sec-ownership:320193,fmp-earnings',
    ),
  FEEDS_PUBLISHER_TIMEOUT_MS: integer({ min: 100, max: 30_000 })
    .default(15_000)
    .describe('how long one answer of an exchange, regulator or central bank may take'),
});

/** What an operator can set; all of it has a default but the source and the keys, without which that much is not there. */
export const FeedsConfig = LIVE_RULES.reduce(
  (settings, { holds, expects }) => settings.refine(holds, expects),
  Settings.refine(
    (config) =>
      config.FEEDS_CALENDAR_ALPACA_URL === undefined ||
      (config.FEEDS_ALPACA_KEY_ID !== undefined && config.FEEDS_ALPACA_SECRET !== undefined),
    'FEEDS_ALPACA_KEY_ID and FEEDS_ALPACA_SECRET beside FEEDS_CALENDAR_ALPACA_URL',
  ).superRefine((config, { addIssue }) => {
    for (const what of new Set(config.FEEDS_COLLECT_DAILY.map((each) => each.what))) {
      const needed = NEEDED[what] as keyof typeof config | undefined;
      if (needed === undefined || config[needed] !== undefined) continue;
      addIssue({ code: 'custom', message: `${needed} beside ${what} in FEEDS_COLLECT_DAILY` });
    }
  }),
);

export type FeedsConfig = z.infer<typeof FeedsConfig>;
