import { sha256 } from '@ballast/contracts';
import { dateInIndia, readInstant } from './fields.js';
import { decodeEntities, htmlToText } from './html-text.js';
import type { MarketFact } from './market-fact.js';
import {
  emptyAnswer,
  numbered,
  oneEach,
  readRows,
  RowRefused,
  shapeChanged,
  type Numbered,
  type ParseContext,
  type ParsedFacts,
} from './parsed.js';
import { attributeOf, childOf, childrenOf, readXml, textOf } from './xml.js';

const TITLE_LENGTH_MAX = 500;

/** An entry of RSS 2.0, RSS 1.0 or Atom, as text. */
export interface FeedItem {
  readonly id: string;
  readonly url: string | null;
  readonly title: string;
  readonly body: string;
  /** As the feed writes it; empty where it does not say. */
  readonly published: string;
}

/** What a publisher of texts is. */
export interface Publisher {
  readonly market: string;
  /** The offset of its clock where its feed does not say one; null where that cannot be told. */
  readonly offset: string | null;
}

export const INDIAN: Publisher = { market: 'IN', offset: '+05:30' };
export const AMERICAN: Publisher = { market: 'US', offset: null };

/**
 * Reads a feed of a policy maker (RBI, SEBI, PIB, Fed): RSS 2.0, RSS 1.0 or Atom, its HTML brought to text. PIB does not say
 * when it published; then `publishedAt` is null and the day is that of the fetch.
 * @throws ImportRefused EMPTY_ANSWER, SHAPE_CHANGED, HTML_INSTEAD, DOCTYPE_REFUSED, BODY_UNREADABLE, NO_USABLE_ROW.
 */
export const parseTexts =
  (publisher: Publisher) =>
  (body: string, context: ParseContext): ParsedFacts => {
    const items = readFeed(body, 'texts');
    const { taken, refused } = readRows(items, (item): MarketFact => {
      const { url, title } = item;
      const publishedAt = publishedOf(item, publisher);
      // A feed that gives titles only has no other text.
      const text = item.body === '' ? title : item.body;
      if (text === '') throw new RowRefused('MISSING_VALUE', 'has neither title nor text');
      return {
        kind: 'text',
        naturalKey: item.id,
        ...{ source: context.source, market: publisher.market, symbol: null, publishedAt },
        date: dayOf(publishedAt ?? context.fetchedAt, publisher),
        content: { title, body: text, url, sha256: sha256(text) },
      };
    });
    return oneEach(items.length, taken, refused);
  };

/** The day of a moment on the publisher's own calendar. */
const dayOf = (at: string, { market }: Publisher): string => (market === 'IN' ? dateInIndia(at) : at.slice(0, 10));

/** When an item was published; null where it does not say. @throws RowRefused DATE_UNREADABLE where it says it unreadably. */
export function publishedOf(item: FeedItem, { offset }: Publisher): string | null {
  if (item.published === '') return null;
  const at = readInstant(item.published, offset);
  if (at === null) throw new RowRefused('DATE_UNREADABLE', `published ${JSON.stringify(item.published.slice(0, 60))}`);
  return at;
}

/** The entries of a feed. @throws ImportRefused as {@link parseTexts}. */
export function readFeed(body: string, what: string): Numbered<FeedItem>[] {
  const root = readXml(body, what);
  const atom = childOf(root, 'feed');
  const rss = childOf(root, 'rss', 'channel');
  const rdf = childOf(root, 'rdf:RDF');
  if (atom === undefined && rss === undefined && rdf === undefined) {
    throw shapeChanged(what, `the root is ${Object.keys(root)[0]}, not rss, rdf:RDF or feed`);
  }
  const items =
    atom === undefined ? childrenOf(rss ?? rdf, 'item').map(rssItem) : childrenOf(atom, 'entry').map(atomItem);
  if (items.length === 0) throw emptyAnswer(what);
  return numbered(items).filter(({ value }) => value !== null) as Numbered<FeedItem>[];
}

const rssItem = (item: unknown): FeedItem =>
  itemOf({
    id: textOf(childOf(item, 'guid')),
    url: textOf(childOf(item, 'link')),
    title: textOf(childOf(item, 'title')),
    body: textOf(childOf(item, 'content:encoded')) || textOf(childOf(item, 'description')),
    published: textOf(childOf(item, 'pubDate')) || textOf(childOf(item, 'dc:date')),
  });

function atomItem(entry: unknown): FeedItem {
  const links = childrenOf(entry, 'link');
  const own = links.find((link) => ['', 'alternate'].includes(attributeOf(link, 'rel')));
  return itemOf({
    id: textOf(childOf(entry, 'id')),
    url: attributeOf(own, 'href'),
    title: textOf(childOf(entry, 'title')),
    body: textOf(childOf(entry, 'content')) || textOf(childOf(entry, 'summary')),
    published: textOf(childOf(entry, 'published')) || textOf(childOf(entry, 'updated')),
  });
}

function itemOf(raw: FeedItem & { readonly url: string }): FeedItem {
  const url = webAddress(decodeEntities(raw.url.trim()));
  const title = htmlToText(raw.title).replaceAll('\n', ' ').slice(0, TITLE_LENGTH_MAX);
  const id = raw.id.trim() || url || (title === '' ? '' : `title:${sha256(title)}`);
  return { id: id.slice(0, 400), url, title, body: htmlToText(raw.body), published: raw.published.trim() };
}

/** An address that a person may follow; null for anything that a browser would run. */
function webAddress(text: string): string | null {
  if (text.length > 2_000 || !URL.canParse(text)) return null;
  return ['http:', 'https:'].includes(new URL(text).protocol) ? text : null;
}
