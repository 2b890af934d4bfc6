import type { BucketLevel, Facts, SentOrder, Side, TradingDay } from '../guardrails/index.js';
import { KernelError } from '../money/index.js';
import type { Bands, MarketWideHalt } from '../risk-measures/index.js';
import {
  decimalAt,
  listAt,
  mapAt,
  numberAt,
  objectAt,
  onlyKnown,
  positiveDecimalAt,
  textAt,
  wordAt,
} from './fields.js';
import type { Fields } from './fields.js';

type Read = (at: string, value: unknown) => unknown;

export const sideAt: (at: string, value: unknown) => Side = wordAt('buy', 'sell');

const mapOf =
  (read: Read): Read =>
  (at, value) =>
    mapAt(at, value, read);

/** How the facts are read that stand beside the account, by name. */
const OF_BOOK = {
  buyingPower: decimalAt,
  sessionEquity: decimalAt,
  peakEquity: decimalAt,
  strategyGross: mapOf(decimalAt),
  tradingDay: tradingDayAt,
  ordersToday: numberAt,
  sentOrders: (at, value) => listAt(at, value).map((each, i) => sentOrderAt(`${at}[${i}]`, each)),
  accountBucket: levelAt,
  segmentBuckets: mapOf(levelAt),
} satisfies Readonly<Partial<Record<keyof Facts, Read>>>;

/** How the facts are read that stand beside the market. */
const OF_MARKET = {
  returns: mapOf((at, value) => listAt(at, value).map((each, i) => numberAt(`${at}[${i}]`, each))),
  volatilities: mapOf(numberAt),
  betas: mapOf(numberAt),
  factors: mapOf((at, value) => Object.fromEntries(mapAt(at, value, numberAt))),
  quality: mapOf(numberAt),
  sessionsToEarnings: mapOf((at, value) => (value === null ? null : numberAt(at, value))),
  borrowable: mapOf(decimalAt),
  bands: mapOf(bandsAt),
  paused: (at, value) => new Set(listAt(at, value).map((each, i) => textAt(`${at}[${i}]`, each))),
  marketHalt: (at, value) => (value === null ? null : haltAt(at, value)),
  restricted: mapOf(wordAt('all', 'opening')),
  regime: textAt,
} satisfies Readonly<Partial<Record<keyof Facts, Read>>>;

/** Names of the facts that `book` and `market` of a case may have. */
export const BOOK_FACTS = Object.keys(OF_BOOK);
export const MARKET_FACTS = Object.keys(OF_MARKET);

/** The facts that a case tells; those that it does not tell are unknown. Throws `INVALID_INPUT`, `INVALID_DECIMAL`. */
export function factsOf(book: Fields, market: Fields): Facts {
  return { ...read('book', OF_BOOK, book), ...read('market', OF_MARKET, market) };
}

function read(at: string, readers: Readonly<Record<string, Read>>, fields: Fields): Facts {
  const told = Object.entries(readers).filter(([name]) => fields[name] !== undefined);
  return Object.fromEntries(told.map(([name, reader]) => [name, reader(`${at}.${name}`, fields[name])]));
}

function tradingDayAt(at: string, value: unknown): TradingDay {
  const fields = objectAt(at, value);
  onlyKnown(at, fields, ['date', 'dayTradesBefore', 'executions', 'overnight', 'equityBefore']);
  const executions = listAt(`${at}.executions`, fields['executions'] ?? []);
  return {
    date: textAt(`${at}.date`, fields['date']),
    dayTradesBefore: numberAt(`${at}.dayTradesBefore`, fields['dayTradesBefore']),
    executions: executions.map((each, i) =>
      orderAt(`${at}.executions[${i}]`, objectAt(`${at}.executions[${i}]`, each)),
    ),
    overnight: mapAt(`${at}.overnight`, fields['overnight'] ?? {}, decimalAt),
    equityBefore: decimalAt(`${at}.equityBefore`, fields['equityBefore']),
  };
}

/** Symbol, side and quantity of an order. */
export function orderAt(at: string, { symbol, side, qty }: Fields) {
  return {
    symbol: textAt(`${at}.symbol`, symbol),
    side: sideAt(`${at}.side`, side),
    quantity: positiveDecimalAt(`${at}.qty`, qty),
  };
}

function sentOrderAt(at: string, value: unknown): SentOrder {
  const fields = objectAt(at, value);
  onlyKnown(at, fields, ['symbol', 'side', 'qty', 'at']);
  return { ...orderAt(at, fields), at: textAt(`${at}.at`, fields['at']) };
}

function levelAt(at: string, value: unknown): BucketLevel {
  const fields = objectAt(at, value);
  onlyKnown(at, fields, ['tokens', 'at']);
  return { tokens: numberAt(`${at}.tokens`, fields['tokens']), at: textAt(`${at}.at`, fields['at']) };
}

function bandsAt(at: string, value: unknown): Bands {
  const fields = objectAt(at, value);
  onlyKnown(at, fields, ['lower', 'upper']);
  return { lower: decimalAt(`${at}.lower`, fields['lower']), upper: decimalAt(`${at}.upper`, fields['upper']) };
}

function haltAt(at: string, value: unknown): MarketWideHalt {
  const { level, halt } = objectAt(at, value);
  if (level !== 1 && level !== 2 && level !== 3) {
    throw new KernelError(
      'INVALID_INPUT',
      `${at}.level must be 1, 2 or 3; it is ${JSON.stringify(level) ?? 'missing'}.`,
    );
  }
  return { level, halt: wordAt('15m', 'day')(`${at}.halt`, halt) };
}
