import { Decimal } from '@ballast/kernel/money';
import {
  dateInIndia,
  istInstantOf,
  optionalAmount,
  optionalDate,
  optionalText,
  requiredText,
  symbolOf,
} from './fields.js';
import { jsonRows, requireMembers, type JsonRow } from './json-rows.js';
import type { MarketFact } from './market-fact.js';
import { oneEach, readRows, RowRefused, type ParseContext, type ParsedFacts } from './parsed.js';

const PIT = 'disclosures under PIT';
const SAST = 'disclosures under SAST';

/** Pledges and their release change no owner: they have no direction. */
const ACQUIRED = /^(buy|acquisition|acquired)/i;
const DISPOSED = /^(sell|sale|disposal|disposed)/i;
/** Dealings on the exchange have a price; what is given or inherited may have none. */
const AT_MARKET = /market (purchase|sale)|open market/i;

/**
 * Reads disclosures under the Prohibition of Insider Trading regulations from NSE's `corporates-pit`. Values are in rupees.
 * A holding of zero percent beside a holding of shares, and a dealing on the market for nothing, are mistakes of who typed
 * them: they are unknown.
 * @throws ImportRefused EMPTY_ANSWER, SHAPE_CHANGED, HTML_INSTEAD, BODY_UNREADABLE, NO_USABLE_ROW.
 */
export function parsePit(body: string, context: ParseContext): ParsedFacts {
  const rows = jsonRows(body, PIT);
  requireMembers(rows, ['symbol', 'acqName', 'tdpTransactionType', 'secAcq', 'secVal', 'intimDt'], PIT);
  const { taken, refused } = readRows(rows, (row) => pitOf(row, context));
  return oneEach(rows.length, taken, refused);
}

function pitOf(row: JsonRow, { source }: ParseContext): MarketFact {
  const symbol = symbolOf(row['symbol'], 'symbol');
  const name = requiredText(row['acqName'], 'acqName', 200);
  const type = requiredText(row['tdpTransactionType'], 'tdpTransactionType', 60);
  const security = optionalText(row['secType'], 100) ?? 'not stated';
  const mode = optionalText(row['acqMode'], 100);
  const [from, to] = [optionalDate(row['acqfromDt'], 'acqfromDt'), optionalDate(row['acqtoDt'], 'acqtoDt')];
  const { publishedAt, date } = publishedOf(row['date'], row['intimDt']);
  const quantity = optionalAmount(row['secAcq'], 'secAcq');
  const value = optionalAmount(row['secVal'], 'secVal');
  const ownedAfter = optionalAmount(row['afterAcqSharesNo'], 'afterAcqSharesNo');
  const number = [optionalText(row['pid'], 40), optionalText(row['did'], 40)].filter((part) => part !== null).join('-');
  const transaction = {
    ...{ security, derivative: /option|warrant|future|derivative/i.test(security), date: to ?? from },
    ...{ code: mode ?? type, direction: directionOf(type), quantity, price: null },
    value: value === '0' && AT_MARKET.test(mode ?? '') ? null : value,
    ...{ ownedAfter, ownedAfterPercent: percentOf(row['afterAcqSharesPer'], 'afterAcqSharesPer', ownedAfter) },
    ...{ ownership: null, footnotes: [] },
  };
  return {
    kind: 'filing',
    naturalKey: ['pit', symbol, number || date, name, type, security, from ?? '', to ?? ''].join('/').slice(0, 400),
    ...{ source, market: 'NSE', symbol, date, publishedAt },
    content: {
      ...{ regime: 'NSE_PIT', form: optionalText(row['anex'], 20) ?? 'PIT', symbol, currency: 'INR' },
      issuer: { id: symbol, name: optionalText(row['company'], 200) ?? symbol },
      owners: [{ id: null, name, roles: rolesOf(row['personCategory']), title: null }],
      ...{ transactions: [transaction], holdings: [], footnotes: [], url: webAddress(row['xbrl']) },
    },
  };
}

/**
 * Reads disclosures of large holdings under the takeover regulations (SAST, regulation 29) from NSE's
 * `corporate-sast-reg29`.
 * @throws ImportRefused EMPTY_ANSWER, SHAPE_CHANGED, HTML_INSTEAD, BODY_UNREADABLE, NO_USABLE_ROW.
 */
export function parseSast(body: string, context: ParseContext): ParsedFacts {
  const rows = jsonRows(body, SAST);
  requireMembers(rows, ['symbol', 'acquirerName', 'acqSaleType', 'noOfShareAft', 'timestamp'], SAST);
  const { taken, refused } = readRows(rows, (row) => sastOf(row, context));
  return oneEach(rows.length, taken, refused);
}

function sastOf(row: JsonRow, { source }: ParseContext): MarketFact {
  const symbol = symbolOf(row['symbol'], 'symbol');
  const name = requiredText(row['acquirerName'], 'acquirerName', 200);
  const type = requiredText(row['acqSaleType'], 'acqSaleType', 60);
  const { publishedAt, date } = publishedOf(row['timestamp'], null);
  const ownedAfter = optionalAmount(row['noOfShareAft'], 'noOfShareAft');
  const ownedAfterPercent = percentOf(row['totAftShare'], 'totAftShare', ownedAfter);
  const mode = optionalText(row['acquisitionMode'], 100);
  const line = (direction: 'acquired' | 'disposed', field: string) => ({
    ...{
      security: 'Equity Shares',
      derivative: false,
      date: lastDay(row['acquirerDate']),
      code: mode ?? type,
      direction,
    },
    ...{ quantity: optionalAmount(row[field], field), price: null, value: null, ownedAfter, ownedAfterPercent },
    ...{ ownership: null, footnotes: [] },
  });
  // A column that does not belong to the type holds nothing, or a zero that means nothing.
  const both = [line('acquired', 'noOfShareAcq'), line('disposed', 'noOfShareSale')];
  const transactions = both.filter(
    ({ direction, quantity }) => quantity !== null && (quantity !== '0' || direction === directionOf(type)),
  );
  if (transactions.length === 0)
    throw new RowRefused('MISSING_VALUE', 'neither noOfShareAcq nor noOfShareSale says a number');
  const number = optionalText(row['application_no'], 40);
  return {
    kind: 'filing',
    naturalKey: ['sast', symbol, number ?? publishedAt, name, type].join('/').slice(0, 400),
    ...{ source, market: 'NSE', symbol, date, publishedAt },
    content: {
      ...{ regime: 'NSE_SAST', form: optionalText(row['regType'], 20) ?? '29', symbol, currency: 'INR' },
      issuer: { id: symbol, name: optionalText(row['company'], 200) ?? symbol },
      owners: [{ id: null, name, roles: promoterOf(row['promoterType']), title: null }],
      ...{ transactions, holdings: [], footnotes: [], url: webAddress(row['attachement'] ?? row['attachment']) },
    },
  };
}

const directionOf = (type: string): 'acquired' | 'disposed' | null =>
  ACQUIRED.test(type) ? 'acquired' : DISPOSED.test(type) ? 'disposed' : null;

/** When NSE published it; where it does not say, the day on which the company was told. */
function publishedOf(broadcast: unknown, intimated: unknown): { publishedAt: string | null; date: string } {
  if (optionalText(broadcast) !== null) {
    const publishedAt = istInstantOf(broadcast, 'the time of broadcast');
    return { publishedAt, date: dateInIndia(publishedAt) };
  }
  const date = optionalDate(intimated, 'intimDt');
  if (date === null) throw new RowRefused('MISSING_VALUE', 'neither the time of broadcast nor intimDt is there');
  return { publishedAt: null, date };
}

/** A holding in percent; unknown where it is zero beside shares, or more than all. */
function percentOf(value: unknown, field: string, shares: string | null): string | null {
  const percent = optionalAmount(value, field);
  if (percent === null || new Decimal(percent).greaterThan(100)) return null;
  return percent === '0' && shares !== '0' ? null : percent;
}

/** `21-Nov-2026 to 23-Nov-2026`, or one day. */
function lastDay(value: unknown): string | null {
  const text = optionalText(value);
  return text === null ? null : optionalDate(text.split(/\bto\b/i).at(-1), 'acquirerDate');
}

function rolesOf(value: unknown): string[] {
  const text = optionalText(value, 100);
  return text === null ? [] : [text];
}

const promoterOf = (value: unknown): string[] => (optionalText(value)?.toUpperCase() === 'Y' ? ['Promoters'] : []);

function webAddress(value: unknown): string | null {
  const text = optionalText(value);
  return text !== null && /^https?:\/\//.test(text) ? text : null;
}
