import { sha256 } from '@ballast/contracts';
import { fieldsOf, readCsv } from './csv-rows.js';
import { dateInIndia, readInstant, requiredText, symbolOf } from './fields.js';
import type { MarketFact } from './market-fact.js';
import { oneEach, readRows, RowRefused, type ParseContext, type ParsedFacts } from './parsed.js';
import { INDIAN, publishedOf, readFeed } from './rss.js';

const WHAT = 'headlines';
const TITLE_LENGTH_MAX = 1_000;
const COLUMNS = ['title', 'date', 'stock'] as const;

/**
 * Reads dated headlines from a CSV file with the columns `title,date,stock`, where dates say their offset. The same words of
 * the same moment about the same name are one headline.
 * @throws ImportRefused EMPTY_ANSWER, HEADER_INCOMPLETE, CSV_MALFORMED, NO_USABLE_ROW.
 */
export function parseHeadlines(body: string, { source }: ParseContext): ParsedFacts {
  const { columns, rows } = readCsv(body, COLUMNS, WHAT);
  const { taken, refused } = readRows(rows, (row): MarketFact => {
    const fields = fieldsOf(row);
    const title = requiredText(fields[columns.title], 'title', TITLE_LENGTH_MAX);
    const symbol = symbolOf(fields[columns.stock], 'stock');
    const written = requiredText(fields[columns.date], 'date');
    const publishedAt = readInstant(written);
    if (publishedAt === null) throw new RowRefused('DATE_UNREADABLE', `date is ${JSON.stringify(written)}`);
    return {
      kind: 'headline',
      naturalKey: `${symbol}/${publishedAt}/${sha256(title).slice(0, 16)}`,
      ...{ source, market: 'US', symbol, date: publishedAt.slice(0, 10), publishedAt },
      content: { symbols: [symbol], title, url: null },
    };
  });
  return oneEach(rows.length, taken, refused);
}

/**
 * Reads announcements of companies from NSE's RSS feed. It names companies and not symbols, so that the list of symbols is
 * empty: a name that was guessed would be worse than none.
 * @throws ImportRefused EMPTY_ANSWER, SHAPE_CHANGED, HTML_INSTEAD, DOCTYPE_REFUSED, BODY_UNREADABLE, NO_USABLE_ROW.
 */
export function parseAnnouncements(body: string, { source, fetchedAt }: ParseContext): ParsedFacts {
  const items = readFeed(body, 'announcements');
  const { taken, refused } = readRows(items, (item): MarketFact => {
    const publishedAt = publishedOf(item, INDIAN);
    const title = requiredText(
      [item.title, item.body].filter((part) => part !== '').join(': '),
      'title',
      TITLE_LENGTH_MAX,
    );
    return {
      kind: 'headline',
      naturalKey: item.id,
      ...{ source, market: 'NSE', symbol: null, date: dateInIndia(publishedAt ?? fetchedAt), publishedAt },
      content: { symbols: [], title, url: item.url },
    };
  });
  return oneEach(items.length, taken, refused);
}
