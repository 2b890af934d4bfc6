import { ImportRefused } from '../import-refused.js';
import { fieldsOf, readCsv } from './csv-rows.js';
import { dateOf, optionalDate, optionalDecimal } from './fields.js';
import { isRecord, readJson, type JsonRow } from './json-rows.js';
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

const WHAT = 'observations of a series';
/** How FRED writes that a value still holds. */
const STILL_HOLDS = '9999-12-31';

/**
 * Reads observations of economic series: JSON of FRED or ALFRED, and CSV with a column of dates and one a series.
 *
 * FRED's JSON does not name its series, so that the caller must. Its "." is a value that does not exist: an observation
 * whose value is null. An empty cell of a table says nothing and is passed over. Where the whole answer is a look on one
 * day (`realtime_start` equal to `realtime_end`), that day is when somebody asked and no vintage; only an answer over a
 * span of days tells from when to when each value held.
 * @throws ImportRefused SUBJECT_MISSING, EMPTY_ANSWER, SHAPE_CHANGED, HEADER_INCOMPLETE, HTML_INSTEAD, NO_USABLE_ROW.
 */
export function parseMacro(body: string, context: ParseContext): ParsedFacts {
  return /^\uFEFF?\s*[[{]/.test(body) ? fredJson(body, context) : seriesTable(body, context);
}

function fredJson(body: string, context: ParseContext): ParsedFacts {
  const answer = readJson(body, WHAT);
  const list = isRecord(answer) ? answer['observations'] : undefined;
  if (!isRecord(answer) || !Array.isArray(list) || !list.every(isRecord)) {
    throw shapeChanged(WHAT, 'no object with a list of objects "observations"');
  }
  if (list.length === 0) throw emptyAnswer(WHAT);
  const series = seriesOf(context.subject);
  const hasVintages = answer['realtime_start'] !== answer['realtime_end'];
  const { taken, refused } = readRows(numbered(list as JsonRow[]), (row) => {
    if (!('value' in row)) throw new RowRefused('MISSING_VALUE', 'value is missing');
    const from = hasVintages ? dateOf(row['realtime_start'], 'realtime_start') : null;
    const to = hasVintages ? optionalDate(row['realtime_end'], 'realtime_end') : null;
    return observationOf(series, row['date'], row['value'], { from, to: to === STILL_HOLDS ? null : to }, context);
  });
  return oneEach(list.length, taken, refused);
}

function seriesOf(subject: string | null): string {
  if (subject !== null && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(subject)) return subject;
  throw new ImportRefused(
    'SUBJECT_MISSING',
    'the answer does not name its series, and none was told',
    'Give the id of the series as the subject, such as DGS10.',
  );
}

function seriesTable(body: string, context: ParseContext): ParsedFacts {
  const first = body.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0]!;
  const dates = /(^|,)\s*"?observation_date"?\s*(,|$)/i.test(first) ? 'observation_date' : 'date';
  const { header, columns, rows } = readCsv(body, [dates], WHAT);
  const at = columns[dates];
  const series = header
    .map((name, column) => ({ name, column }))
    .filter(({ name, column }) => column !== at && name !== '');
  if (series.length === 0) throw shapeChanged(WHAT, 'the header names no series beside the dates');
  const odd = series.find(({ name }) => !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name));
  if (odd) throw shapeChanged(WHAT, `the column ${JSON.stringify(odd.name.slice(0, 60))} is not named like a series`);
  const taken: Numbered<MarketFact>[] = [];
  const refused = [];
  for (const { name, column } of series) {
    const read = readRows(rows, (row) => {
      const fields = fieldsOf(row);
      if (fields[column]!.trim() === '') return null;
      return observationOf(name, fields[at], fields[column], { from: null, to: null }, context);
    });
    taken.push(...read.taken);
    refused.push(...read.refused.map((each) => ({ ...each, message: `${name}: ${each.message}` })));
  }
  return oneEach(rows.length, taken, refused);
}

function observationOf(
  series: string,
  day: unknown,
  written: unknown,
  vintage: { readonly from: string | null; readonly to: string | null },
  { source }: ParseContext,
): MarketFact {
  const date = dateOf(day, 'date');
  const value = optionalDecimal(written, `the value of ${date}`);
  return {
    kind: 'macro',
    naturalKey: `${series}/${date}/${vintage.from ?? 'current'}`,
    ...{ source, market: 'GLOBAL', symbol: series, date, publishedAt: null },
    content: { value, vintageFrom: vintage.from, vintageTo: vintage.to },
  };
}
