import { Decimal } from '@ballast/kernel/money';
import { invalid } from './refusal.js';
import type { Refusal } from './refusal.js';
import type { OrderRequest, OrderType, Side, TimeInForce } from './order.js';

const QTY_DECIMALS_MAX = 9;
/** Alpaca's newer documentation allows 128 characters. */
const CLIENT_ORDER_ID_LENGTH_MAX = 128;
const PLAIN_NUMBER = /^\d{1,15}(\.\d{1,20})?$/;

/** Fields of Alpaca's order request that ask for something this venue does not simulate. */
const NOT_SIMULATED = ['stop_price', 'trail_price', 'trail_percent', 'take_profit', 'stop_loss', 'legs'] as const;

/** Whether a value can be a client order id: 1 to 128 printable ASCII characters. */
export function isClientOrderId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= CLIENT_ORDER_ID_LENGTH_MAX && /^[\x20-\x7e]+$/.test(value);
}

/**
 * Reads the JSON body of POST /v2/orders. Numbers may come as JSON numbers or as text, as at Alpaca.
 * Out: the request with exact decimals, or a 422 that names the first field at fault.
 * Source of the rules: Alpaca's order table: fractional quantities are for day orders only.
 */
export function parseOrderRequest(body: unknown): OrderRequest | Refusal {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return invalid('the body must be a JSON object');
  const fields = body as Record<string, unknown>;
  const refusal =
    unsupported(fields) ??
    requireChoice(fields, 'side', ['buy', 'sell']) ??
    requireChoice(fields, 'type', ['market', 'limit']) ??
    requireChoice(fields, 'time_in_force', ['day', 'ioc', 'gtc']) ??
    requireNames(fields);
  if (refusal) return refusal;
  const symbol = fields['symbol'] as string;
  const clientOrderId = (fields['client_order_id'] ?? null) as string | null;
  const type = fields['type'] as OrderType;
  const timeInForce = fields['time_in_force'] as TimeInForce;
  const qty = quantityOf(fields, timeInForce);
  if ('refused' in qty) return qty;
  if (type === 'market' && timeInForce === 'gtc') return invalid('market orders must be day or ioc at this venue');
  const limitPrice = limitPriceOf(fields, type);
  if (limitPrice !== null && 'refused' in limitPrice) return limitPrice;
  return { clientOrderId, symbol, side: fields['side'] as Side, type, timeInForce, qty, limitPrice };
}

function unsupported(fields: Record<string, unknown>): Refusal | null {
  for (const name of NOT_SIMULATED) {
    if (isSet(fields[name])) return invalid(`${name} is not simulated by this venue`);
  }
  if (isSet(fields['notional'])) return invalid('notional is not simulated by this venue; give qty');
  if (fields['extended_hours'] === true) return invalid('extended_hours is not simulated by this venue');
  const orderClass = fields['order_class'];
  if (isSet(orderClass) && orderClass !== '' && orderClass !== 'simple') {
    return invalid('order_class must be simple at this venue');
  }
  return null;
}

function requireNames(fields: Record<string, unknown>): Refusal | null {
  const symbol = fields['symbol'];
  if (typeof symbol !== 'string' || symbol === '') return invalid('symbol is required');
  const clientOrderId = fields['client_order_id'];
  return !isSet(clientOrderId) || isClientOrderId(clientOrderId)
    ? null
    : invalid(`client_order_id must be text of 1 to ${CLIENT_ORDER_ID_LENGTH_MAX} printable ASCII characters`);
}

function quantityOf(fields: Record<string, unknown>, timeInForce: TimeInForce): Decimal | Refusal {
  const qty = positiveNumber(fields['qty']);
  if (!qty) return invalid('qty must be a number above 0');
  if (qty.decimalPlaces() > QTY_DECIMALS_MAX) return invalid(`qty has more than ${QTY_DECIMALS_MAX} decimals`);
  return qty.isInteger() || timeInForce === 'day' ? qty : invalid('fractional orders must be DAY orders');
}

function limitPriceOf(fields: Record<string, unknown>, type: OrderType): Decimal | null | Refusal {
  const given = fields['limit_price'];
  if (type === 'market') return isSet(given) ? invalid('market orders must not have a limit_price') : null;
  const price = positiveNumber(given);
  if (!price) return invalid('limit orders require a limit_price above 0');
  const decimals = price.lessThan(1) ? 4 : 2;
  if (price.decimalPlaces() > decimals) {
    return invalid(
      `invalid limit_price ${price.toFixed()}. sub-penny increment does not fulfill minimum pricing criteria`,
    );
  }
  return price;
}

function requireChoice(fields: Record<string, unknown>, name: string, choices: readonly string[]): Refusal | null {
  const value = fields[name];
  if (!isSet(value)) return invalid(`${name} is required`);
  return typeof value === 'string' && choices.includes(value)
    ? null
    : invalid(`invalid ${name}: this venue simulates ${choices.join(', ')}`);
}

function positiveNumber(value: unknown): Decimal | null {
  const text = typeof value === 'number' ? new Decimal(value).toFixed() : value;
  if (typeof text !== 'string' || !PLAIN_NUMBER.test(text)) return null;
  const number = new Decimal(text);
  return number.greaterThan(0) ? number : null;
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null;
