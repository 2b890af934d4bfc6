import { dateOf, optionalText, optionalIstInstant, requiredText, symbolOf } from './fields.js';
import { jsonRows, requireMembers, type JsonRow } from './json-rows.js';
import type { MarketFact } from './market-fact.js';
import { oneEach, readRows, type ParseContext, type ParsedFacts } from './parsed.js';

const WHAT = 'board meetings';

/** What a purpose speaks of, by the words that companies use. */
const TOPICS: readonly (readonly [topic: string, words: RegExp])[] = [
  ['results', /financial result|quarterly result|audited result|unaudited/i],
  ['dividend', /dividend/i],
  ['bonus', /bonus/i],
  ['split', /stock split|sub-?division|face value split/i],
  ['buyback', /buy-?\s?back/i],
  ['fund_raising', /fund[- ]?raising|raising of (?:\w+ )?funds|rights issue|preferential|qualified institution/i],
];

/**
 * Reads announcements of board meetings from NSE's `corporate-board-meetings`. Each announcement is a fact by itself: a
 * later one of the same meeting does not undo the earlier, which is what was known until then.
 * @throws ImportRefused EMPTY_ANSWER, SHAPE_CHANGED, HTML_INSTEAD, BODY_UNREADABLE, NO_USABLE_ROW.
 */
export function parseBoardMeetings(body: string, context: ParseContext): ParsedFacts {
  const rows = jsonRows(body, WHAT);
  requireMembers(rows, ['bm_symbol', 'bm_date', 'bm_purpose'], WHAT);
  const { taken, refused } = readRows(rows, (row) => meetingOf(row, context));
  return oneEach(rows.length, taken, refused);
}

function meetingOf(row: JsonRow, { source }: ParseContext): MarketFact {
  const symbol = symbolOf(row['bm_symbol'], 'bm_symbol');
  const date = dateOf(row['bm_date'], 'bm_date');
  const purpose = requiredText(row['bm_purpose'], 'bm_purpose');
  const description = optionalText(row['bm_desc']);
  const publishedAt = optionalIstInstant(row['bm_timestamp'], 'bm_timestamp');
  const said = `${purpose} ${description ?? ''}`;
  const topics = TOPICS.filter(([, words]) => words.test(said)).map(([topic]) => topic);
  return {
    kind: 'meeting',
    naturalKey: `${symbol}/${date}/${publishedAt ?? 'undated'}`,
    ...{ source, market: 'NSE', symbol, date, publishedAt },
    content: { symbol, purpose, description, topics: topics.length > 0 ? topics : ['other'] },
  };
}
