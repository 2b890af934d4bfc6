import { describe, expect, it } from '@jest/globals';
import { isRefusal } from './refusal.js';
import { parseOrderRequest } from './validate.js';

const good = { symbol: 'AAPL', side: 'buy', type: 'market', time_in_force: 'day', qty: '1' };

describe('an order request', () => {
  it.each([
    [{}, { symbol: 'AAPL', limitPrice: null, clientOrderId: null }],
    [{ qty: 2 }, { side: 'buy' }],
    [{ client_order_id: 'mine', order_class: 'simple', extended_hours: false }, { clientOrderId: 'mine' }],
    [
      { type: 'limit', limit_price: '12.34', time_in_force: 'gtc' },
      { type: 'limit', timeInForce: 'gtc' },
    ],
    [{ stop_price: null, notional: null }, { type: 'market' }],
  ])('is read: %j', (more, expected) => {
    expect(parseOrderRequest({ ...good, ...more })).toMatchObject(expected);
  });

  it('keeps nine decimals of a quantity exactly', () => {
    const request = parseOrderRequest({ ...good, qty: '0.000000001' });
    expect(isRefusal(request) ? request : request.qty.toFixed()).toBe('0.000000001');
  });

  it.each([
    [{ side: undefined }, 'side is required'],
    [{ side: 'short' }, 'invalid side'],
    [{ type: 'stop' }, 'invalid type'],
    [{ time_in_force: 'fok' }, 'invalid time_in_force'],
    [{ symbol: '' }, 'symbol is required'],
    [{ qty: undefined }, 'qty must be a number above 0'],
    [{ qty: '0' }, 'qty must be a number above 0'],
    [{ qty: '-1' }, 'qty must be a number above 0'],
    [{ qty: '1e3' }, 'qty must be a number above 0'],
    [{ qty: 'NaN' }, 'qty must be a number above 0'],
    [{ qty: '0.0000000001' }, 'more than 9 decimals'],
    [{ qty: '1.5', time_in_force: 'ioc' }, 'fractional orders must be DAY orders'],
    [{ time_in_force: 'gtc' }, 'market orders must be day or ioc'],
    [{ limit_price: '1' }, 'must not have a limit_price'],
    [{ type: 'limit' }, 'require a limit_price'],
    [{ type: 'limit', limit_price: '12.345' }, 'sub-penny'],
    [{ notional: '500', qty: undefined }, 'notional is not simulated'],
    [{ extended_hours: true }, 'extended_hours is not simulated'],
    [{ order_class: 'bracket' }, 'order_class must be simple'],
    [{ stop_price: '1' }, 'stop_price is not simulated'],
    [{ client_order_id: 'x'.repeat(129) }, 'client_order_id'],
    [{ client_order_id: 7 }, 'client_order_id'],
    [{ client_order_id: 'nul\u0000' }, 'client_order_id'],
  ])('is refused with its reason: %j', (more, message) => {
    expect(parseOrderRequest({ ...good, ...more })).toMatchObject({
      refused: true,
      status: 422,
      body: { code: 40010001, message: expect.stringContaining(message) },
    });
  });

  it.each([null, undefined, 'text', 7, []])('that is no object is refused: %j', (body) => {
    expect(parseOrderRequest(body)).toMatchObject({ refused: true, status: 422 });
  });
});
