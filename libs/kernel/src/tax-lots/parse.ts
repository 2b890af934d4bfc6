import { addDays } from '../calendar/index.js';
import type { SessionDate } from '../calendar/index.js';
import { D, decimal, KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import type { LotMethod } from './lot.js';

interface TradeFields {
  readonly id: string;
  readonly date: SessionDate;
  readonly symbol: string;
  readonly qty: Decimal;
  readonly fees: Decimal;
  /** The purchase lot that several buys belong to; the trade's own id where it names none. */
  readonly lot: string;
  readonly closes?: string;
}

/** A purchase or sale, checked. Its amount is money before commissions; null on a sale whose price is unknown. */
export type TaxTrade =
  | (TradeFields & { readonly side: 'buy'; readonly amount: Decimal })
  | (TradeFields & { readonly side: 'sell'; readonly amount: Decimal | null });

const METHODS: readonly LotMethod[] = ['fifo', 'lifo', 'hifo', 'lofo', 'specific_id'];
const UNSUPPORTED_SIDES = ['sell_short', 'buy_to_cover', 'cover_with_lot'];

/** Checks the method. Throws `UNKNOWN_METHOD`. */
export function parseMethod(method: unknown): LotMethod {
  const known = METHODS.find((each) => each === method);
  if (!known) {
    throw new KernelError('UNKNOWN_METHOD', `${JSON.stringify(method)} is not one of ${METHODS.join(', ')}.`);
  }
  return known;
}

/**
 * Checks trades as they come from JSON, and puts them in order of date, ties in the order given.
 *
 * Throws `INVALID_TRADE` with position and field for anything missing or malformed, and `UNSUPPORTED` for shorts,
 * corporate actions and buys that already replaced a loss.
 */
export function parseTrades(trades: unknown): TaxTrade[] {
  if (!Array.isArray(trades)) throw new KernelError('INVALID_TRADE', 'trades must be a list.');
  const parsed = trades.map((trade: unknown, i) => parseTrade(trade, i));
  const ids = new Set<string>();
  for (const { id } of parsed) {
    if (ids.has(id)) throw new KernelError('INVALID_TRADE', `The id ${id} is used twice; give every trade its own.`);
    ids.add(id);
  }
  return parsed.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

function parseTrade(trade: unknown, index: number): TaxTrade {
  const at = `trades[${index}]`;
  if (typeof trade !== 'object' || trade === null) throw invalid(at, 'must be an object');
  const fields = trade as Record<string, unknown>;
  refuseUnsupported(at, fields);
  const { side } = fields;
  const id = textOf(at, fields, 'id');
  const qty = numberOf(`${at}.qty`, fields['qty']);
  const fees = notNegative(`${at}.fees`, numberOf(`${at}.fees`, fields['fees']));
  if (qty.lessThanOrEqualTo(0)) throw invalid(`${at}.qty`, 'must be above zero');
  const common = {
    id,
    date: dateOf(`${at}.date`, fields['date']),
    symbol: textOf(at, fields, 'symbol'),
    qty,
    fees,
    lot: fields['lot'] === undefined ? id : textOf(at, fields, 'lot'),
    ...(fields['closes'] === undefined ? {} : { closes: textOf(at, fields, 'closes') }),
  };
  if (side === 'buy') return { ...common, side, amount: amountOf(at, fields, qty) };
  if (side !== 'sell') throw invalid(`${at}.side`, 'must be buy or sell');
  const unknown = fields['price'] === null && (fields['amount'] ?? null) === null;
  return { ...common, side, amount: unknown ? null : amountOf(at, fields, qty) };
}

function refuseUnsupported(at: string, fields: Record<string, unknown>): void {
  const { side, type } = fields;
  if (type !== undefined) throw unsupported(at, `corporate actions (${String(type)})`);
  if (typeof side === 'string' && UNSUPPORTED_SIDES.includes(side)) throw unsupported(at, `short sales (${side})`);
  if (fields['already_used_as_replacement'] === true) throw unsupported(at, 'wash sales (already_used_as_replacement)');
}

/** An amount wins over price × quantity. */
function amountOf(at: string, { amount, price }: Record<string, unknown>, qty: Decimal): Decimal {
  return (amount ?? null) === null
    ? notNegative(`${at}.price`, numberOf(`${at}.price`, price)).times(qty)
    : notNegative(`${at}.amount`, numberOf(`${at}.amount`, amount));
}

function notNegative(at: string, value: Decimal): Decimal {
  if (value.isNegative()) throw invalid(at, 'must not be below zero');
  return value;
}

function numberOf(at: string, value: unknown): Decimal {
  if (typeof value === 'number' && Number.isFinite(value)) return new D(value);
  if (typeof value === 'string') return decimal(value);
  throw invalid(at, 'must be a decimal string or a number');
}

function textOf(at: string, fields: Record<string, unknown>, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw invalid(`${at}.${name}`, 'must be a text that is not empty');
  return value;
}

function dateOf(at: string, value: unknown): SessionDate {
  if (typeof value !== 'string') throw invalid(at, 'must be a date, YYYY-MM-DD');
  return addDays(value, 0);
}

function invalid(at: string, what: string): KernelError {
  return new KernelError('INVALID_TRADE', `${at} ${what}.`);
}

function unsupported(at: string, what: string): KernelError {
  return new KernelError('UNSUPPORTED', `${at}: ${what} are not supported yet; leave such trades out.`);
}
