import { ListedSymbol, sha256 } from '@ballast/contracts';
import { optionalText, readInstant, requiredText } from './fields.js';
import { isRecord, readJson, type JsonRow } from './json-rows.js';
import type { MarketFact } from './market-fact.js';
import {
  numbered,
  oneEach,
  readRows,
  RowRefused,
  shapeChanged,
  type ParseContext,
  type ParsedFacts,
} from './parsed.js';

const WHAT = 'articles of NewsAPI';
const TITLE_LENGTH_MAX = 1_000;
const URL_LENGTH_MAX = 2_000;
/** What stands in the place of an article that its publisher took back. */
const REMOVED = '[Removed]';

/** What is searched for, and the symbol that it stands for; null where it is about none in particular. */
export interface Search {
  readonly text: string;
  readonly symbol: string | null;
}

/**
 * A symbol is searched for as the word that it is, and written on what is found; whether an article is about it nobody says.
 * Anything else, a word in quotes too, is searched for as it is.
 */
export function searchOf(subject: string): Search {
  const isSymbol = ListedSymbol.safeParse(subject).success;
  return isSymbol ? { text: `"${subject}"`, symbol: subject } : { text: subject, symbol: null };
}

/**
 * Reads an answer of NewsAPI (https://newsapi.org/docs/endpoints/everything): of each article what it is called, who brought
 * it, where and when. Its text is not kept, because its rights are not ours. An article that was taken back, has no title or
 * no web address says nothing and is passed over. No article at all is an answer like another: nothing was written.
 * @throws ImportRefused EMPTY_ANSWER, SHAPE_CHANGED, HTML_INSTEAD, BODY_UNREADABLE, NO_USABLE_ROW.
 */
export function parseNewsApi(body: string, { source, subject }: ParseContext): ParsedFacts {
  const answer = readJson(body, WHAT);
  const articles = isRecord(answer) ? answer['articles'] : undefined;
  if (!isRecord(answer) || !Array.isArray(articles) || !articles.every(isRecord)) {
    throw shapeChanged(WHAT, 'no object with a list of objects "articles"');
  }
  const symbol = subject === null ? null : searchOf(subject).symbol;
  const { taken, refused } = readRows(numbered(articles as JsonRow[]), (article) =>
    headlineOf(article, symbol, source),
  );
  const counted = Number(answer['totalResults'] ?? articles.length);
  const note =
    counted > articles.length ? `NewsAPI counts ${counted} articles and shows ${articles.length} of them` : null;
  return { ...oneEach(articles.length, taken, refused), note };
}

function headlineOf(article: JsonRow, symbol: string | null, source: string): MarketFact | null {
  const title = optionalText(article['title'], TITLE_LENGTH_MAX);
  const url = webAddress(article['url']);
  if (title === null || title === REMOVED || url === null) return null;
  const written = requiredText(article['publishedAt'], 'publishedAt');
  const publishedAt = readInstant(written);
  if (publishedAt === null) throw new RowRefused('DATE_UNREADABLE', `publishedAt is ${JSON.stringify(written)}`);
  const publisher = isRecord(article['source']) ? optionalText(article['source']['name'], 200) : null;
  return {
    kind: 'headline',
    // The symbol is part of it: one article can be found for several, and none of them takes the place of another.
    naturalKey: `${symbol ?? 'search'}/${sha256(url).slice(0, 32)}`,
    ...{ source, market: 'GLOBAL', symbol, date: publishedAt.slice(0, 10), publishedAt },
    content: { symbols: symbol === null ? [] : [symbol], title, url, publisher: publisher ?? new URL(url).host },
  };
}

/** An address that a person can be led to; null for anything else. */
function webAddress(value: unknown): string | null {
  const url = optionalText(value, URL_LENGTH_MAX + 1);
  if (url === null || url.length > URL_LENGTH_MAX || !URL.canParse(url)) return null;
  return /^https?:$/.test(new URL(url).protocol) ? url : null;
}
