import { Decimal, formatDecimal, sum } from '@ballast/kernel/money';
import { ImportRefused } from '../import-refused.js';
import { fieldsOf, readCsv } from './csv-rows.js';
import { dateOf, requiredAmount, requiredText, symbolOf } from './fields.js';
import { jsonRows, requireMembers } from './json-rows.js';
import type { MarketFact } from './market-fact.js';
import {
  oneEach,
  readRows,
  RowRefused,
  type Numbered,
  type ParseContext,
  type ParsedFacts,
  type RefusedRow,
} from './parsed.js';

/** NSE cuts its JSON answers here without a word; its CSV answers are whole. */
const JSON_ROWS_CUT = 70;
/** More lines of one client, share and side on one day than any real report has. */
const PARTS_MAX = 100;
/** Decimals of an average price. */
const PRICE_DECIMALS = 6;

type DealType = 'bulk' | 'block';

interface DealLine {
  readonly date: string;
  readonly symbol: string;
  readonly securityName: string;
  readonly client: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly price: string;
}

const COLUMNS = [
  'date',
  'symbol',
  'security name',
  'client name',
  'buy / sell',
  'quantity traded',
  'trade price / wght. avg. price',
] as const;

/**
 * Reads bulk or block deals of NSE, as CSV (byte order mark, padded headers, Indian grouping) or JSON (`BD_DT_DATE` and so
 * on; `BD_DT_ORDER` is not read, because it is midnight in India told in UTC, which is the day before).
 *
 * Exchanges number no deals. What names one is what it says of whom: kind, day, symbol, side and client; the lines of one
 * client at several prices are parts of one fact, so that an order of lines means nothing and a corrected line is a
 * revision. A line that repeats another in all it says is dropped and counted.
 * @throws ImportRefused EMPTY_ANSWER, SHAPE_CHANGED, HEADER_INCOMPLETE, LIST_CUT, NO_USABLE_ROW.
 */
export const parseDeals =
  (dealType: DealType) =>
  (body: string, context: ParseContext): ParsedFacts => {
    const what = `${dealType} deals`;
    const { rows, lines, refused } = /^\uFEFF?\s*[[{<]/.test(body) ? jsonLines(body, what) : csvLines(body, what);
    return deals(dealType, rows, lines, refused, context);
  };

interface Lines {
  readonly rows: number;
  readonly lines: readonly Numbered<DealLine>[];
  readonly refused: readonly RefusedRow[];
}

function csvLines(body: string, what: string): Lines {
  const { columns, rows } = readCsv(body, COLUMNS, what);
  const read = readRows(rows, (row) => {
    const fields = fieldsOf(row);
    const at = (name: (typeof COLUMNS)[number]): string | undefined => fields[columns[name]];
    return lineOf(
      [at('date'), at('symbol'), at('security name'), at('client name'), at('buy / sell')],
      [at('quantity traded'), at('trade price / wght. avg. price')],
    );
  });
  return { rows: rows.length, lines: read.taken, refused: read.refused };
}

function jsonLines(body: string, what: string): Lines {
  const rows = jsonRows(body, what);
  requireMembers(rows, ['BD_DT_DATE', 'BD_SYMBOL', 'BD_CLIENT_NAME', 'BD_BUY_SELL', 'BD_QTY_TRD', 'BD_TP_WATP'], what);
  if (rows.length === JSON_ROWS_CUT) {
    throw new ImportRefused(
      'LIST_CUT',
      `${JSON_ROWS_CUT} rows are where NSE cuts its JSON answers, so that nobody can tell whether these are all`,
      'Ask for the same as CSV (&csv=true), or for fewer days at once.',
    );
  }
  const read = readRows(rows, (row) =>
    lineOf(
      [
        row['BD_DT_DATE'],
        row['BD_SYMBOL'],
        row['BD_SCRIP_NAME'] ?? row['BD_SYMBOL'],
        row['BD_CLIENT_NAME'],
        row['BD_BUY_SELL'],
      ],
      [row['BD_QTY_TRD'], row['BD_TP_WATP']],
    ),
  );
  return { rows: rows.length, lines: read.taken, refused: read.refused };
}

function lineOf(
  [date, symbol, securityName, client, side]: readonly unknown[],
  [quantity, price]: readonly unknown[],
): DealLine {
  const line = {
    date: dateOf(date, 'the date'),
    symbol: symbolOf(symbol, 'the symbol'),
    securityName: requiredText(securityName, 'the security', 200),
    client: requiredText(client, 'the client', 200).toUpperCase(),
    side: sideOf(side),
    quantity: requiredAmount(quantity, 'the quantity'),
    price: requiredAmount(price, 'the price'),
  };
  if (line.quantity === '0') throw new RowRefused('ZERO_QUANTITY', `the quantity of ${line.symbol} is zero`);
  if (line.price === '0') throw new RowRefused('ZERO_PRICE', `the price of ${line.symbol} is zero`);
  return line;
}

function sideOf(value: unknown): 'buy' | 'sell' {
  const text = requiredText(value, 'the side').toUpperCase();
  if (text === 'BUY' || text === 'B' || text === 'P') return 'buy';
  if (text === 'SELL' || text === 'S') return 'sell';
  throw new RowRefused('SIDE_UNKNOWN', `the side is ${JSON.stringify(text.slice(0, 20))}, not BUY or SELL`);
}

/** Puts lines together that are of one fact. */
function deals(
  dealType: DealType,
  rows: number,
  lines: readonly Numbered<DealLine>[],
  refused: readonly RefusedRow[],
  context: ParseContext,
): ParsedFacts {
  const byKey = new Map<string, { row: number; lines: DealLine[] }>();
  let duplicates = 0;
  for (const { row, value } of lines) {
    const key = [dealType, value.date, value.symbol, value.side, value.client].join('/');
    const group = byKey.get(key) ?? { row, lines: [] };
    const again = group.lines.some(({ quantity, price }) => quantity === value.quantity && price === value.price);
    if (again) duplicates += 1;
    else group.lines.push(value);
    byKey.set(key, group);
  }
  const facts: Numbered<MarketFact>[] = [];
  const tooMany: RefusedRow[] = [];
  for (const [naturalKey, group] of byKey) {
    if (group.lines.length <= PARTS_MAX) {
      facts.push({ row: group.row, value: dealOf(naturalKey, dealType, group.lines, context) });
    } else {
      tooMany.push({
        row: group.row,
        code: 'TOO_MANY_PARTS',
        message: `${naturalKey} has ${group.lines.length} lines`,
      });
    }
  }
  return oneEach(rows, facts, [...refused, ...tooMany], duplicates);
}

function dealOf(
  naturalKey: string,
  dealType: DealType,
  lines: readonly DealLine[],
  { source }: ParseContext,
): MarketFact {
  const { date, symbol, client, side } = lines[0]!;
  const parts = lines
    .map(({ quantity, price }) => ({ quantity, price }))
    .sort((a, b) => new Decimal(a.price).comparedTo(b.price) || new Decimal(a.quantity).comparedTo(b.quantity));
  const quantity = sum(parts.map((part) => new Decimal(part.quantity)));
  const value = sum(parts.map((part) => new Decimal(part.quantity).times(part.price)));
  const price =
    parts.length === 1 ? new Decimal(parts[0]!.price) : value.dividedBy(quantity).toDecimalPlaces(PRICE_DECIMALS);
  // The same name may be written in two ways within a day; which comes first must not matter.
  const securityName = lines.map((line) => line.securityName).sort()[0]!;
  return {
    kind: 'deal',
    naturalKey,
    ...{ source, market: 'NSE', symbol, date, publishedAt: null },
    content: {
      ...{ dealType, symbol, securityName, client, side, currency: 'INR' },
      ...{ quantity: formatDecimal(quantity), price: formatDecimal(price), parts },
    },
  };
}
