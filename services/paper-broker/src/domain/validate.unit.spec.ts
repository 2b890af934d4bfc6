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

  it('may be for an amount of money', () => {
    const request = parseOrderRequest({ ...good, qty: undefined, notional: '500.25' });
    expect(isRefusal(request) ? request : [request.qty, request.notional?.toFixed()]).toEqual([null, '500.25']);
  });

  it('keeps nine decimals of a quantity exactly', () => {
    const request = parseOrderRequest({ ...good, qty: '0.000000001' });
    expect(isRefusal(request) ? request : request.qty?.toFixed()).toBe('0.000000001');
  });

  it.each([
    [{ side: undefined }, 'side is required'],
    [{ side: 'short' }, 'invalid side'],
    [{ type: 'bracket' }, 'invalid type'],
    [{ time_in_force: 'gtd' }, 'invalid time_in_force'],
    [{ type: 'stop' }, 'stop orders require a stop_price above 0'],
    [{ type: 'stop', stop_price: '1', time_in_force: 'ioc' }, 'invalid time_in_force for stop orders'],
    [{ type: 'stop', stop_price: '1.005' }, 'sub-penny'],
    [{ type: 'stop_limit', stop_price: '1' }, 'require a limit_price'],
    [{ type: 'trailing_stop' }, 'either a trail_price or a trail_percent'],
    [{ type: 'trailing_stop', trail_price: '1', trail_percent: '1' }, 'either a trail_price or a trail_percent'],
    [{ type: 'trailing_stop', trail_percent: '100' }, 'trail_percent must be below 100'],
    [{ trail_price: '1' }, 'must not have a trail_price'],
    [{ position_intent: 'to_open' }, 'invalid position_intent'],
    [{ qty: '1.5', time_in_force: 'opg' }, 'fractional orders must be DAY orders'],
    [{ symbol: '' }, 'symbol is required'],
    [{ qty: undefined }, 'qty must be a number above 0'],
    [{ qty: '0' }, 'qty must be a number above 0'],
    [{ qty: '-1' }, 'qty must be a number above 0'],
    [{ qty: '1e3' }, 'qty must be a number above 0'],
    [{ qty: 'NaN' }, 'qty must be a number above 0'],
    [{ qty: '0.0000000001' }, 'more than 9 decimals'],
    [{ qty: '1.5', time_in_force: 'ioc' }, 'fractional orders must be DAY orders'],
    [{ limit_price: '1' }, 'must not have a limit_price'],
    [{ type: 'limit' }, 'require a limit_price'],
    [{ type: 'limit', limit_price: '12.345' }, 'sub-penny'],
    [{ notional: '500' }, 'only one of qty or notional is accepted'],
    [{ notional: '0.99', qty: undefined }, 'notional must be >= 1.00'],
    [{ notional: '5.0000000001', qty: undefined }, 'notional has more than 9 decimals'],
    [{ notional: '500', qty: undefined, time_in_force: 'gtc' }, 'fractional orders must be DAY orders'],
    [
      { notional: '500', qty: undefined, type: 'trailing_stop', trail_percent: '1' },
      'fractional orders must be market, limit, stop, or stop_limit orders',
    ],
    [{ extended_hours: true }, 'only type="limit" is allowed for extended hours orders'],
    [{ extended_hours: 'yes' }, 'extended_hours must be true or false'],
    [{ order_class: 'bracket' }, 'order_class must be simple'],
    [{ stop_price: '1' }, 'must not have a stop_price'],
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
