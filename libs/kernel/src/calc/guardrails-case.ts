import { judgePlan } from '../guardrails/index.js';
import type { CheckResult, Input, PlanInput, PlannedTrade, Source } from '../guardrails/index.js';
import { Decimal, formatDecimal, KernelError } from '../money/index.js';
import {
  booleanAt,
  decimalAt,
  listAt,
  mapAt,
  numberAt,
  objectAt,
  onlyKnown,
  optionalAt,
  positiveDecimalAt,
  textAt,
  wordAt,
} from './fields.js';
import type { Fields } from './fields.js';
import { BOOK_FACTS, factsOf, MARKET_FACTS, orderAt } from './guardrails-facts.js';
import { limitsAt } from './guardrails-limits.js';

const CASE = ['order', 'book', 'market', 'limits', 'mode', 'halted'];
const EXPECTATIONS = ['expectedBp', 'costBp', 'alternativeBp'] as const;
const ORDER = [
  ...['symbol', 'side', 'qty', 'price', 'sector', 'stop', 'strategies', 'catalystAt', 'segment', 'orders', 'lotSize'],
  ...EXPECTATIONS,
];
const POSITION = ['symbol', 'qty', 'price', 'sector'];
const PENDING = ['symbol', 'side', 'qty', 'price', 'sector'];
const BOOK = ['equity', 'positions', 'pending', ...BOOK_FACTS];
const MARKET = ['now', 'asOf', 'marks', 'sectors', 'adv', ...MARKET_FACTS];
const SOURCES: readonly Source[] = [
  ...(['marks', 'book', 'equity', 'volume', 'history', 'reference', 'market', 'broker', 'orders'] as const),
];

/**
 * `{order, book, market, limits, mode?, halted?}` → `{verdict, maxQty, trim, checks}`: one order against a book, by every check whose limit
 * is given. `maxQty` is the largest quantity up to that of the order that passes, '0' where there is none; `trim` says what cut it.
 *
 * Names of limits and facts are those of the kernel (`GuardrailLimits`, `Facts`). Positions and orders may bring the price and sector of their
 * name; a price of `market.marks` wins over that of a position, and that over an order's own. Fields that nobody reads are refused.
 * Throws `INVALID_INPUT`, `INVALID_DECIMAL`, `UNKNOWN_LIMIT`.
 */
export function guardrailsCase(input: Fields): Fields {
  onlyKnown('input', input, CASE);
  const plan = planOf(input);
  const { verdict, trades, trims, checks } = judgePlan(plan);
  const left = verdict === 'vetoed' ? undefined : trades[0]?.quantity;
  const [trim] = trims;
  return {
    verdict,
    maxQty: left === undefined ? '0' : formatDecimal(left),
    trim: trim === undefined ? null : { ...trim, from: formatDecimal(trim.from), to: formatDecimal(trim.to) },
    checks: checks.map(written),
  };
}

function planOf(input: Fields): PlanInput<PlannedTrade> {
  const order = objectAt('order', input['order']);
  const book = objectAt('book', input['book']);
  const market = objectAt('market', input['market'] ?? {});
  onlyKnown('order', order, ORDER);
  onlyKnown('book', book, BOOK);
  onlyKnown('market', market, MARKET);
  const positions = rowsAt('book.positions', book['positions'], POSITION);
  const pending = rowsAt('book.pending', book['pending'], PENDING);
  const own = { at: 'order', fields: order };
  const known = new Map([
    ...told(positions, 'price', decimalAt),
    ...mapAt('market.marks', market['marks'] ?? {}, decimalAt),
  ]);
  const limits = limitsAt('limits', input['limits']);
  const now = optionalAt('market.now', market['now'], textAt);
  const lotSize = optionalAt('order.lotSize', order['lotSize'], positiveDecimalAt);
  return {
    trades: [tradeAt(order, known, limits.priceCollarMax !== undefined)],
    positions: positions.map(({ at, fields }) => ({
      symbol: textAt(`${at}.symbol`, fields['symbol']),
      quantity: decimalAt(`${at}.qty`, fields['qty']),
    })),
    working: pending.map(({ at, fields }) => orderAt(at, fields)),
    marks: new Map([...highest(pending), ...told([own], 'price', decimalAt), ...known]),
    sectors: new Map([
      ...told([...positions, ...pending, own], 'sector', textAt),
      ...mapAt('market.sectors', market['sectors'] ?? {}, textAt),
    ]),
    adv: volumesAt(market['adv'], textAt('order.symbol', order['symbol'])),
    equity: book['equity'] === undefined || book['equity'] === null ? null : decimalAt('book.equity', book['equity']),
    limits,
    mode: optionalAt('mode', input['mode'], wordAt('live', 'paper')) ?? 'live',
    halted: optionalAt('halted', input['halted'], booleanAt) ?? false,
    asOf: asOfAt(market['asOf'] ?? {}),
    facts: factsOf(book, market),
    ...(now === undefined ? {} : { now }),
    ...(lotSize === undefined ? {} : { lotSize }),
  };
}

/** The order's price is a limit only beside a mark; alone it is what the order is valued at, and there is nothing to compare it with. */
function tradeAt(order: Fields, marks: ReadonlyMap<string, Decimal>, collared: boolean): PlannedTrade {
  const trade = orderAt('order', order);
  const price = optionalAt('order.price', order['price'], decimalAt);
  const marked = marks.has(trade.symbol);
  if (collared && price !== undefined && !marked) {
    throw new KernelError(
      'INVALID_INPUT',
      `limits.priceCollarMax compares order.price with market.marks.${trade.symbol}, which is missing.`,
    );
  }
  const { catalystAt } = order;
  return {
    ...trade,
    ...(marked ? field('price', price) : {}),
    ...field('stop', optionalAt('order.stop', order['stop'], decimalAt)),
    ...field('segment', optionalAt('order.segment', order['segment'], textAt)),
    ...field('orders', optionalAt('order.orders', order['orders'], numberAt)),
    ...field('strategies', optionalAt('order.strategies', order['strategies'], strategiesAt)),
    ...field('catalystAt', catalystAt === null ? null : optionalAt('order.catalystAt', catalystAt, textAt)),
    ...Object.fromEntries(
      EXPECTATIONS.flatMap((name) =>
        order[name] === undefined ? [] : [[name, numberAt(`order.${name}`, order[name])]],
      ),
    ),
  };
}

const strategiesAt = (at: string, value: unknown): Record<string, number> =>
  Object.fromEntries(mapAt(at, value, numberAt));

const field = <K extends string, V>(name: K, value: V | undefined): { [N in K]?: V } =>
  (value === undefined ? {} : { [name]: value }) as { [N in K]?: V };

interface Row {
  readonly at: string;
  readonly fields: Fields;
}

function rowsAt(at: string, value: unknown, known: readonly string[]): Row[] {
  return listAt(at, value ?? []).map((each, i) => {
    const row = { at: `${at}[${i}]`, fields: objectAt(`${at}[${i}]`, each) };
    onlyKnown(row.at, row.fields, known);
    return row;
  });
}

/** What rows tell of their names. @throws KernelError INVALID_INPUT where two of them tell it differently. */
function told<T>(rows: readonly Row[], name: string, read: (at: string, value: unknown) => T): Map<string, T> {
  const found = new Map<string, T>();
  for (const { at, fields } of rows) {
    if (fields[name] === undefined || fields[name] === null) continue;
    const symbol = textAt(`${at}.symbol`, fields['symbol']);
    const value = read(`${at}.${name}`, fields[name]);
    const before = found.get(symbol);
    if (before !== undefined && String(before) !== String(value)) {
      throw new KernelError(
        'INVALID_INPUT',
        `${at}.${name} is ${String(value)}, and ${String(before)} elsewhere for ${symbol}.`,
      );
    }
    found.set(symbol, value);
  }
  return found;
}

/** Orders of one name may have several prices; the highest values what they may still buy with most care. */
function highest(pending: readonly Row[]): Map<string, Decimal> {
  const prices = new Map<string, Decimal>();
  for (const row of pending) {
    for (const [symbol, price] of told([row], 'price', decimalAt)) {
      prices.set(symbol, Decimal.max(price, prices.get(symbol) ?? price));
    }
  }
  return prices;
}

/** A volume by itself is that of the order's name. */
function volumesAt(value: unknown, symbol: string): Map<string, Decimal> {
  if (value === undefined) return new Map();
  if (typeof value === 'object') return mapAt('market.adv', value, decimalAt);
  return new Map([[symbol, decimalAt('market.adv', value)]]);
}

/** One moment for all sources, or one for each. */
function asOfAt(value: unknown): Partial<Record<Source, string>> {
  if (typeof value === 'string') return Object.fromEntries(SOURCES.map((source) => [source, value]));
  onlyKnown('market.asOf', objectAt('market.asOf', value), SOURCES);
  return Object.fromEntries(mapAt('market.asOf', value, textAt));
}

function written({ inputs, ...check }: CheckResult): Fields {
  const shown = Object.entries(inputs).map(([name, value]) => [name, writtenInput(value)]);
  return { ...check, inputs: Object.fromEntries(shown) };
}

const writtenInput = (value: Input): Input => (Decimal.isDecimal(value) ? value.toFixed() : value);
