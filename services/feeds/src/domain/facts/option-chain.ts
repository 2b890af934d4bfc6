import { Decimal } from '@ballast/kernel/money';
import {
  dateOf,
  istInstantOf,
  knownAmount,
  optionalDecimal,
  requiredAmount,
  requiredText,
  symbolOf,
} from './fields.js';
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

const WHAT = 'option chain';

/** One contract; open interest and volume in contracts, volatility in percent a year; null for what is not known. */
interface Leg {
  readonly openInterest: string;
  readonly changeInOpenInterest: string | null;
  readonly volume: string;
  readonly impliedVolatilityPercent: string | null;
  readonly lastPrice: string | null;
  readonly bid: string | null;
  readonly bidQuantity: string | null;
  readonly ask: string | null;
  readonly askQuantity: string | null;
}

interface Strike {
  readonly symbol: string;
  readonly expiry: string;
  readonly strike: string;
  readonly call: Leg | null;
  readonly put: Leg | null;
}

/**
 * Reads NSE's `option-chain-v3` and the older `option-chain-indices`: one fact an expiry, with its strikes in order.
 * Open interest is in contracts and may be a fraction after a change of the lot; an implied volatility, a price, a bid or
 * an ask of zero is none.
 * @throws ImportRefused EMPTY_ANSWER, SHAPE_CHANGED, HTML_INSTEAD, BODY_UNREADABLE, NOT_NUMERIC, NO_USABLE_ROW.
 */
export function parseOptionChain(body: string, context: ParseContext): ParsedFacts {
  const answer = readJson(body, WHAT);
  if (isRecord(answer) && Object.keys(answer).length === 0) throw emptyAnswer(WHAT);
  const records = isRecord(answer) ? answer['records'] : undefined;
  if (!isRecord(records)) throw shapeChanged(WHAT, 'no object "records"');
  const data = records['data'];
  if (!Array.isArray(data) || !data.every(isRecord)) throw shapeChanged(WHAT, 'no list of objects "records.data"');
  if (data.length === 0) throw emptyAnswer(WHAT);
  const { publishedAt, underlyingValue } = headOf(records);
  const { taken, refused } = readRows(numbered(data as JsonRow[]), strikeOf);
  const chains = chainsOf(taken).map(({ row, value: strikes }) => {
    const { symbol, expiry } = strikes[0]!;
    return {
      row,
      value: {
        kind: 'option_chain',
        naturalKey: `${symbol}/${expiry}/${publishedAt}`,
        ...{ source: context.source, market: 'NSE', symbol, date: publishedDay(records), publishedAt },
        content: {
          ...{ symbol, expiry, currency: 'INR', underlyingValue },
          strikes: strikes.map(({ strike, call, put }) => ({ strike, call, put })),
        },
      } satisfies MarketFact,
    };
  });
  return oneEach(data.length, chains, refused);
}

/** When the chain was taken and where the underlying stood. Without the moment the chain says nothing. */
function headOf(records: JsonRow): { publishedAt: string; underlyingValue: string | null } {
  try {
    return {
      publishedAt: istInstantOf(records['timestamp'], 'records.timestamp'),
      underlyingValue: knownAmount(records['underlyingValue'], 'records.underlyingValue'),
    };
  } catch (error) {
    if (error instanceof RowRefused) throw shapeChanged(WHAT, error.message);
    throw error;
  }
}

const publishedDay = (records: JsonRow): string =>
  dateOf(requiredText(records['timestamp'], 'records.timestamp').split(' ')[0], 'records.timestamp');

function strikeOf(row: JsonRow): Strike {
  const strike = requiredAmount(row['strikePrice'], 'strikePrice');
  if (strike === '0') throw new RowRefused('ZERO_STRIKE', 'strikePrice is zero');
  const legs = [row['CE'], row['PE']].filter(isRecord);
  if (legs.length === 0) throw new RowRefused('MISSING_VALUE', `the strike ${strike} has neither CE nor PE`);
  // v3 calls the row's own expiry `expiryDates`, and writes `28-Dec-2023` within the legs in other forms than outside.
  const expiry = dateOf(row['expiryDate'] ?? row['expiryDates'] ?? legs[0]!['expiryDate'], 'expiryDate');
  const symbol = symbolOf(legs[0]!['underlying'], 'underlying');
  for (const leg of legs) {
    const own = requiredAmount(leg['strikePrice'] ?? strike, 'strikePrice');
    if (own !== strike) throw new RowRefused('STRIKE_CONTRADICTED', `a leg of the strike ${strike} says ${own}`);
    if (leg['underlying'] !== legs[0]!['underlying']) {
      throw new RowRefused('UNDERLYING_CONTRADICTED', `the legs of the strike ${strike} have two underlyings`);
    }
  }
  return { symbol, expiry, strike, call: legOf(row['CE']), put: legOf(row['PE']) };
}

function legOf(leg: unknown): Leg | null {
  if (!isRecord(leg)) return null;
  return {
    openInterest: requiredAmount(leg['openInterest'], 'openInterest'),
    changeInOpenInterest: optionalDecimal(leg['changeinOpenInterest'], 'changeinOpenInterest'),
    volume: requiredAmount(leg['totalTradedVolume'], 'totalTradedVolume'),
    impliedVolatilityPercent: knownAmount(leg['impliedVolatility'], 'impliedVolatility'),
    lastPrice: knownAmount(leg['lastPrice'], 'lastPrice'),
    // The names of v3 come first; the older chain writes a small p in one of them.
    bid: knownAmount(leg['buyPrice1'] ?? leg['bidprice'] ?? leg['bidPrice'], 'the bid'),
    bidQuantity: knownAmount(leg['buyQuantity1'] ?? leg['bidQty'], 'the quantity of the bid'),
    ask: knownAmount(leg['sellPrice1'] ?? leg['askPrice'] ?? leg['askprice'], 'the ask'),
    askQuantity: knownAmount(leg['sellQuantity1'] ?? leg['askQty'], 'the quantity of the ask'),
  };
}

/** The strikes of each underlying and expiry, the lowest first. */
function chainsOf(strikes: readonly Numbered<Strike>[]): Numbered<Strike[]>[] {
  const byExpiry = new Map<string, Numbered<Strike[]>>();
  for (const { row, value } of strikes) {
    const key = `${value.symbol}/${value.expiry}`;
    const chain = byExpiry.get(key) ?? { row, value: [] };
    chain.value.push(value);
    byExpiry.set(key, chain);
  }
  for (const { value } of byExpiry.values()) value.sort((a, b) => new Decimal(a.strike).comparedTo(b.strike));
  return [...byExpiry.values()];
}
