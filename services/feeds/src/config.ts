import { decimalText, integer, url } from '@ballast/platform';
import { Slug } from '@ballast/contracts';
import { z } from 'zod';

/** What an operator can set; every variable but FEEDS_SOURCE has a default. */
export const FeedsConfig = z.object({
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
  FEEDS_FRED_URL: url()
    .default('https://fred.stlouisfed.org/graph/fredgraph.csv')
    .describe('where series of FRED are had as CSV, without a key'),
  FEEDS_PUBLISHER_TIMEOUT_MS: integer({ min: 100, max: 30_000 })
    .default(15_000)
    .describe('how long one answer of an exchange, regulator or central bank may take'),
});

export type FeedsConfig = z.infer<typeof FeedsConfig>;
