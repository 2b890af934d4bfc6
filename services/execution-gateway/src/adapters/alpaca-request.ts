import type { trading } from '@alpacahq/alpaca-trade-api/rest';
import type { PlaceRequest } from '../messages.js';

/** An order as Alpaca's client takes it. One without terms of its own is what it was before there were any. */
export function orderRequestOf(request: PlaceRequest): trading.PostOrderRequest {
  const { symbol, quantity, side, clientOrderId, orderType, timeInForce, limitPrice, terms } = request;
  const { notional } = terms ?? {};
  const size = notional === undefined ? { qty: quantity } : { notional };
  const named = { symbol, ...size, side, clientOrderId };
  if (!terms) {
    return { ...named, type: orderType, timeInForce, ...(limitPrice === null ? {} : { limitPrice }) };
  }
  return {
    ...named,
    type: terms.type,
    timeInForce: terms.timeInForce,
    ...given('limitPrice', terms.limitPrice),
    ...given('stopPrice', terms.stopPrice),
    ...given('trailPrice', terms.trailPrice),
    ...given('trailPercent', terms.trailPercent),
    ...(terms.extendedHours === true ? { extendedHours: true } : {}),
  };
}

const given = <K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> =>
  value === undefined ? {} : ({ [name]: value } as Record<K, string>);
