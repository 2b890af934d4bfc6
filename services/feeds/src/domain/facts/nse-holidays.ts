import { dateOf, requiredText } from './fields.js';
import { isRecord, readJson, type JsonRow } from './json-rows.js';
import type { MarketFact } from './market-fact.js';
import {
  emptyAnswer,
  oneEach,
  readRows,
  RowRefused,
  shapeChanged,
  type Numbered,
  type ParseContext,
  type ParsedFacts,
} from './parsed.js';

const WHAT = 'holidays';
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * Reads NSE's `holiday-master`: an object with a list a segment (`CM` shares, `FO` derivatives, and others). Where the day of
 * the week contradicts the date the row is refused, because one of the two is wrong.
 * @throws ImportRefused EMPTY_ANSWER, SHAPE_CHANGED, HTML_INSTEAD, BODY_UNREADABLE, NO_USABLE_ROW.
 */
export function parseNseHolidays(body: string, context: ParseContext): ParsedFacts {
  const answer = readJson(body, WHAT);
  if (!isRecord(answer)) throw shapeChanged(WHAT, 'no object with a list a segment');
  const segments = Object.entries(answer);
  if (segments.length === 0) throw emptyAnswer(WHAT);
  const rows: Numbered<{ segment: string; row: JsonRow }>[] = [];
  for (const [segment, list] of segments) {
    if (!Array.isArray(list) || !list.every(isRecord)) throw shapeChanged(WHAT, `"${segment}" is no list of objects`);
    for (const row of list as JsonRow[]) rows.push({ row: rows.length + 1, value: { segment, row } });
  }
  if (rows.length === 0) throw emptyAnswer(WHAT);
  if (!rows.some(({ value }) => 'tradingDate' in value.row)) throw shapeChanged(WHAT, 'no row has tradingDate');
  const { taken, refused } = readRows(rows, ({ segment, row }) => holidayOf(segment, row, context));
  return oneEach(rows.length, taken, refused);
}

function holidayOf(segment: string, row: JsonRow, { source }: ParseContext): MarketFact {
  const date = dateOf(row['tradingDate'], 'tradingDate');
  const description = requiredText(row['description'], 'description', 200);
  const weekday = WEEKDAYS[new Date(`${date}T00:00:00.000Z`).getUTCDay()]!;
  const said = requiredText(row['weekDay'], 'weekDay', 20);
  if (said.toLowerCase() !== weekday.toLowerCase()) {
    throw new RowRefused('WEEKDAY_CONTRADICTED', `${date} is a ${weekday}, and the row says ${said}`);
  }
  return {
    kind: 'holiday',
    naturalKey: `${segment}/${date}`,
    ...{ source, market: 'NSE', symbol: null, date, publishedAt: null },
    content: { segment, description },
  };
}
