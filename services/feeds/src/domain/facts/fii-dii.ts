import { Decimal, formatDecimal } from '@ballast/kernel/money';
import { dateOf, optionalDecimal, requiredAmount, requiredText } from './fields.js';
import { jsonRows, requireMembers, type JsonRow } from './json-rows.js';
import type { MarketFact } from './market-fact.js';
import {
  oneEach,
  readRows,
  RowRefused,
  shapeChanged,
  type Numbered,
  type ParseContext,
  type ParsedFacts,
} from './parsed.js';

const WHAT = 'FII and DII flows';
/** Amounts come in crore rupees. */
const CRORE = 10_000_000;
/** Each of the three amounts is rounded by itself, to a hundredth of a crore or, in old files, to a whole one. */
const ROUNDING_CRORE = '1.5';

/** How the members of one institution's amounts are called. */
interface Names {
  readonly buy: string;
  readonly sell: string;
  readonly net: string;
}

const FLAT: Names = { buy: 'buyValue', sell: 'sellValue', net: 'netValue' };
/** Served for some days in July 2026 instead of the flat one. */
const SEGMENTED: Names = { buy: 'buyCF', sell: 'sellCF', net: 'netCF' };
/** A day a row, as archives keep them. */
const DAILY: Readonly<Record<'FII' | 'DII', Names>> = {
  FII: { buy: 'fii_buy', sell: 'fii_sell', net: 'fii_net' },
  DII: { buy: 'dii_buy', sell: 'dii_sell', net: 'dii_net' },
};

/**
 * Reads what foreign (FII/FPI) and domestic (DII) institutions bought and sold: NSE's `fiidiiTradeReact` in its flat and its
 * segmented shape, where the stars behind a category vary and the net may be missing, and daily archives with `fii_buy` and
 * so on. Amounts are turned from crore into rupees. Zeros in the other columns of archives mean "not collected" and are
 * not read.
 * @throws ImportRefused EMPTY_ANSWER, SHAPE_CHANGED, HTML_INSTEAD, BODY_UNREADABLE, NO_USABLE_ROW.
 */
export function parseFiiDii(body: string, context: ParseContext): ParsedFacts {
  const rows = jsonRows(body, WHAT);
  const read = readRows(rows, readerOf(rows, context));
  const taken = read.taken.flatMap(({ row, value }) => value.map((fact) => ({ row, value: fact })));
  return oneEach(rows.length, taken, read.refused);
}

function readerOf(rows: readonly Numbered<JsonRow>[], context: ParseContext): (row: JsonRow) => MarketFact[] {
  const has = (name: string): boolean => rows.some(({ value }) => name in value);
  if (has(DAILY.FII.buy)) {
    requireMembers(rows, ['date', DAILY.FII.sell, DAILY.DII.buy, DAILY.DII.sell], WHAT);
    return (row) => (['FII', 'DII'] as const).map((category) => flowOf(category, row, DAILY[category], context));
  }
  if (has(FLAT.buy) && has(SEGMENTED.buy)) throw shapeChanged(WHAT, `rows have both ${FLAT.buy} and ${SEGMENTED.buy}`);
  const names = has(SEGMENTED.buy) ? SEGMENTED : FLAT;
  requireMembers(rows, ['category', 'date', names.buy, names.sell], WHAT);
  return (row) => [flowOf(categoryOf(row['category']), row, names, context)];
}

function categoryOf(value: unknown): 'FII' | 'DII' {
  const text = requiredText(value, 'category');
  const bare = text.toUpperCase().replaceAll(/[\s*]/g, '');
  if (bare === 'DII') return 'DII';
  if (bare === 'FII' || bare === 'FPI' || bare === 'FII/FPI') return 'FII';
  throw new RowRefused('CATEGORY_UNKNOWN', `category is ${JSON.stringify(text.slice(0, 40))}, not FII or DII`);
}

function flowOf(category: 'FII' | 'DII', row: JsonRow, names: Names, { source }: ParseContext): MarketFact {
  const date = dateOf(row['date'], 'date');
  const buy = new Decimal(requiredAmount(row[names.buy], names.buy));
  const sell = new Decimal(requiredAmount(row[names.sell], names.sell));
  if (buy.isZero() && sell.isZero()) {
    throw new RowRefused(
      'NOTHING_TRADED',
      `${names.buy} and ${names.sell} are both zero, as where nothing was collected`,
    );
  }
  const stated = optionalDecimal(row[names.net], names.net);
  const net = stated === null ? buy.minus(sell) : new Decimal(stated);
  if (buy.minus(sell).minus(net).abs().greaterThan(ROUNDING_CRORE)) {
    throw new RowRefused(
      'NET_CONTRADICTED',
      `${names.net} is ${stated}, but ${buy} less ${sell} is ${buy.minus(sell)}`,
    );
  }
  const rupees = (crore: Decimal): string => formatDecimal(crore.times(CRORE));
  return {
    kind: 'flow',
    naturalKey: `${category}/${date}`,
    ...{ source, market: 'NSE', symbol: null, date, publishedAt: null },
    content: { category, currency: 'INR', buyValue: rupees(buy), sellValue: rupees(sell), netValue: rupees(net) },
  };
}
