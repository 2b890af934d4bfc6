import { Decimal } from '@ballast/kernel/money';
import { invalid, isRefusal, refuse } from './refusal.js';
import type { Refusal } from './refusal.js';
import type {
  AskedOrder,
  AskedSize,
  Order,
  OrderRequest,
  OrderType,
  PositionIntent,
  Side,
  TimeInForce,
} from './order.js';

const QTY_DECIMALS_MAX = 9;
/** US dollars. */
const NOTIONAL_LEAST = '1.00';
/** Alpaca's newer documentation allows 128 characters. */
const CLIENT_ORDER_ID_LENGTH_MAX = 128;
const PLAIN_NUMBER = /^\d{1,15}(\.\d{1,20})?$/;
const TRAIL_PERCENT_BELOW = 100;

/** Fields of Alpaca's order request that ask for something this venue does not simulate. */
const NOT_SIMULATED = ['take_profit', 'stop_loss', 'legs', 'advanced_instructions'] as const;

const TYPES = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'] as const;
const TIMES_IN_FORCE = ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'] as const;
const INTENTS = ['buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close'] as const;

/** The times in force that an order type may have (Alpaca's table for equities). */
const ALLOWED: Readonly<Record<OrderType, readonly TimeInForce[]>> = {
  market: TIMES_IN_FORCE,
  limit: TIMES_IN_FORCE,
  stop: ['day', 'gtc'],
  stop_limit: ['day', 'gtc'],
  trailing_stop: ['day', 'gtc'],
};

/** The prices that an order type must have; it must have no other. */
const PRICES = ['limit_price', 'stop_price'] as const;
const NEEDS: Readonly<Record<OrderType, readonly (typeof PRICES)[number][]>> = {
  market: [],
  limit: ['limit_price'],
  stop: ['stop_price'],
  stop_limit: ['limit_price', 'stop_price'],
  trailing_stop: [],
};

type Fields = Record<string, unknown>;

/** Whether a value can be a client order id: 1 to 128 printable ASCII characters. */
export function isClientOrderId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= CLIENT_ORDER_ID_LENGTH_MAX && /^[\x20-\x7e]+$/.test(value);
}

/**
 * Reads the JSON body of POST /v2/orders. Numbers may come as JSON numbers or as text, as at Alpaca.
 * Out: the request with exact decimals, or a refusal that names the first field at fault.
 * Source of the rules: Alpaca's order tables: fractional quantities are for day orders only, extended hours for limit orders
 * of the day.
 */
export function parseOrderRequest(body: unknown): AskedOrder | Refusal {
  const fields = fieldsOf(body);
  if (isRefusal(fields)) return fields;
  const refusal =
    unsupported(fields) ??
    requireChoice(fields, 'side', ['buy', 'sell']) ??
    requireChoice(fields, 'type', TYPES) ??
    requireChoice(fields, 'time_in_force', TIMES_IN_FORCE) ??
    (isSet(fields['position_intent']) ? requireChoice(fields, 'position_intent', INTENTS) : null) ??
    requireNames(fields) ??
    requireHours(fields);
  if (refusal) return refusal;
  const type = fields['type'] as OrderType;
  const timeInForce = fields['time_in_force'] as TimeInForce;
  if (!ALLOWED[type].includes(timeInForce)) {
    return invalid(`invalid time_in_force for ${type} orders: ${ALLOWED[type].join(', ')} are possible`);
  }
  const size = sizeOf(fields, type, timeInForce);
  if (isRefusal(size)) return size;
  const prices = pricesOf(fields, type);
  if (isRefusal(prices)) return prices;
  return {
    clientOrderId: (fields['client_order_id'] ?? null) as string | null,
    symbol: fields['symbol'] as string,
    side: fields['side'] as Side,
    type,
    timeInForce,
    ...size,
    ...prices,
    extendedHours: fields['extended_hours'] === true,
    positionIntent: (fields['position_intent'] ?? null) as PositionIntent | null,
  };
}

/** What a replacement may name; everything else stays as it was. */
const REPLACEABLE = ['qty', 'time_in_force', 'limit_price', 'stop_price', 'trail', 'client_order_id'] as const;

/**
 * Reads the JSON body of PATCH /v2/orders/{id}: the order as it would be asked for anew, in its whole quantity with what
 * has filled already. Out: the request, or the refusal with Alpaca's words.
 */
export function parseReplaceRequest(body: unknown, order: Order): OrderRequest | Refusal {
  const fields = fieldsOf(body);
  if (isRefusal(fields)) return fields;
  const unknown = Object.keys(fields).find((name) => isSet(fields[name]) && !REPLACEABLE.includes(name as never));
  if (unknown !== undefined) return invalid(`${unknown} cannot be replaced at this venue`);
  if (order.notional !== null) return invalid('an order by notional cannot be replaced');
  if (isSet(fields['qty']) && !order.qty.isInteger()) return invalid('qty of a fractional order cannot be replaced');
  const { trail, ...given } = Object.fromEntries(Object.entries(fields).filter(([, value]) => isSet(value)));
  if (trail !== undefined && order.type !== 'trailing_stop') return invalid('trail is for trailing_stop orders only');
  const trailing = order.trailPrice ? 'trail_price' : 'trail_percent';
  const asked = parseOrderRequest({
    ...bodyOf(order),
    ...given,
    ...(trail === undefined ? {} : { [trailing]: trail }),
  });
  if (isRefusal(asked)) return asked;
  const request = { ...asked, qty: asked.qty ?? order.qty };
  if (isUnchanged(request, order)) return refuse(422, 42210000, 'order parameters are not changed');
  if (request.qty.lessThanOrEqualTo(order.filledQty)) return refuse(422, 42210000, 'qty must be > filled_qty');
  return request;
}

/** The body that would ask for an order as it is. */
function bodyOf(order: Order): Fields {
  return {
    symbol: order.symbol,
    side: order.side,
    type: order.type,
    time_in_force: order.timeInForce,
    qty: order.qty.toFixed(),
    limit_price: order.limitPrice?.toFixed(),
    stop_price: order.stopPrice?.toFixed(),
    trail_price: order.trailPrice?.toFixed(),
    trail_percent: order.trailPercent?.toFixed(),
    extended_hours: order.extendedHours,
  };
}

function isUnchanged(request: OrderRequest, order: Order): boolean {
  const same = (a: Decimal | null, b: Decimal | null): boolean => a === b || (a !== null && b !== null && a.equals(b));
  return (
    request.timeInForce === order.timeInForce &&
    request.qty.equals(order.qty) &&
    same(request.limitPrice, order.limitPrice) &&
    same(request.stopPrice, order.stopPrice) &&
    same(request.trailPrice, order.trailPrice) &&
    same(request.trailPercent, order.trailPercent)
  );
}

function fieldsOf(body: unknown): Fields | Refusal {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Fields;
  return invalid('the body must be a JSON object');
}

function unsupported(fields: Fields): Refusal | null {
  for (const name of NOT_SIMULATED) {
    if (isSet(fields[name])) return invalid(`${name} is not simulated by this venue`);
  }
  const orderClass = fields['order_class'];
  if (isSet(orderClass) && orderClass !== '' && orderClass !== 'simple') {
    return invalid('order_class must be simple at this venue');
  }
  return null;
}

function requireNames(fields: Fields): Refusal | null {
  const symbol = fields['symbol'];
  if (typeof symbol !== 'string' || symbol === '') return invalid('symbol is required');
  const clientOrderId = fields['client_order_id'];
  return !isSet(clientOrderId) || isClientOrderId(clientOrderId)
    ? null
    : invalid(`client_order_id must be text of 1 to ${CLIENT_ORDER_ID_LENGTH_MAX} printable ASCII characters`);
}

/** Alpaca's words for extended hours that are asked of an order that cannot have them. */
function requireHours(fields: Fields): Refusal | null {
  const asked = fields['extended_hours'];
  if (isSet(asked) && typeof asked !== 'boolean') return invalid('extended_hours must be true or false');
  if (asked !== true) return null;
  if (fields['type'] !== 'limit') return invalid('only type="limit" is allowed for extended hours orders');
  if (fields['time_in_force'] === 'day') return null;
  return refuse(422, 42210000, 'extended hours order must be DAY limit orders');
}

/** Shares or an amount of money, one of both; Alpaca takes money for the day and without a trail. */
function sizeOf(fields: Fields, type: OrderType, timeInForce: TimeInForce): AskedSize | Refusal {
  if (!isSet(fields['notional'])) {
    const qty = quantityOf(fields, timeInForce);
    return isRefusal(qty) ? qty : { qty, notional: null };
  }
  if (isSet(fields['qty'])) return invalid('only one of qty or notional is accepted');
  const notional = positiveNumber(fields['notional']);
  if (!notional?.greaterThanOrEqualTo(NOTIONAL_LEAST)) return invalid(`notional must be >= ${NOTIONAL_LEAST}`);
  if (notional.decimalPlaces() > QTY_DECIMALS_MAX)
    return invalid(`notional has more than ${QTY_DECIMALS_MAX} decimals`);
  if (timeInForce !== 'day') return invalid('fractional orders must be DAY orders');
  if (type !== 'trailing_stop') return { qty: null, notional };
  return invalid('fractional orders must be market, limit, stop, or stop_limit orders');
}

function quantityOf(fields: Fields, timeInForce: TimeInForce): Decimal | Refusal {
  const qty = positiveNumber(fields['qty']);
  if (!qty) return invalid('qty must be a number above 0');
  if (qty.decimalPlaces() > QTY_DECIMALS_MAX) return invalid(`qty has more than ${QTY_DECIMALS_MAX} decimals`);
  return qty.isInteger() || timeInForce === 'day' ? qty : invalid('fractional orders must be DAY orders');
}

type Prices = Pick<OrderRequest, 'limitPrice' | 'stopPrice' | 'trailPrice' | 'trailPercent'>;

function pricesOf(fields: Fields, type: OrderType): Prices | Refusal {
  const prices: Record<string, Decimal | null> = { limit_price: null, stop_price: null };
  for (const name of PRICES) {
    const price = priceOf(fields, type, name);
    if (isRefusal(price)) return price;
    prices[name] = price;
  }
  const trail = trailOf(fields, type);
  if (isRefusal(trail)) return trail;
  return { limitPrice: prices['limit_price'] ?? null, stopPrice: prices['stop_price'] ?? null, ...trail };
}

function priceOf(fields: Fields, type: OrderType, name: (typeof PRICES)[number]): Decimal | null | Refusal {
  const given = fields[name];
  if (!NEEDS[type].includes(name)) return isSet(given) ? invalid(`${type} orders must not have a ${name}`) : null;
  const price = positiveNumber(given);
  if (!price) return invalid(`${type} orders require a ${name} above 0`);
  if (price.decimalPlaces() <= (price.lessThan(1) ? 4 : 2)) return price;
  return invalid(`invalid ${name} ${price.toFixed()}. sub-penny increment does not fulfill minimum pricing criteria`);
}

function trailOf(fields: Fields, type: OrderType): Pick<Prices, 'trailPrice' | 'trailPercent'> | Refusal {
  const [price, percent] = [fields['trail_price'], fields['trail_percent']];
  if (type !== 'trailing_stop') {
    const named = isSet(price) ? 'trail_price' : 'trail_percent';
    return isSet(price) || isSet(percent)
      ? invalid(`${type} orders must not have a ${named}`)
      : { trailPrice: null, trailPercent: null };
  }
  const [trailPrice, trailPercent] = [positiveNumber(price), positiveNumber(percent)];
  if (isSet(price) === isSet(percent) || (!trailPrice && !trailPercent)) {
    return invalid('trailing_stop orders require either a trail_price or a trail_percent above 0');
  }
  if (trailPercent?.greaterThanOrEqualTo(TRAIL_PERCENT_BELOW)) return invalid('trail_percent must be below 100');
  return { trailPrice, trailPercent };
}

function requireChoice(fields: Fields, name: string, choices: readonly string[]): Refusal | null {
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
