import { describe, expect, it } from '@jest/globals';
import type { OrderTerms } from '@ballast/contracts';
import type { PlaceRequest } from '../messages.js';
import { orderRequestOf } from './alpaca-request.js';

const plain: PlaceRequest = {
  ...{ account: 'main', clientOrderId: 'c'.repeat(32), symbol: 'AAPL', side: 'sell', quantity: '2.5' },
  ...{ orderType: 'market', timeInForce: 'day', limitPrice: null },
};
const named = { symbol: 'AAPL', qty: '2.5', side: 'sell', clientOrderId: 'c'.repeat(32) };

describe('an order as Alpaca is asked for it', () => {
  it('is at the market for the day without terms', () => {
    expect(orderRequestOf(plain)).toEqual({ ...named, type: 'market', timeInForce: 'day' });
  });

  it.each<[OrderTerms, object]>([
    [{ type: 'market', timeInForce: 'opg' }, {}],
    [{ type: 'market', timeInForce: 'cls' }, {}],
    [{ type: 'limit', timeInForce: 'ioc', limitPrice: '99.5' }, { limitPrice: '99.5' }],
    [{ type: 'limit', timeInForce: 'fok', limitPrice: '99.5' }, { limitPrice: '99.5' }],
    [
      { type: 'limit', timeInForce: 'day', limitPrice: '99.5', extendedHours: true },
      { limitPrice: '99.5', extendedHours: true },
    ],
    [{ type: 'stop', timeInForce: 'gtc', stopPrice: '95' }, { stopPrice: '95' }],
    [
      { type: 'stop_limit', timeInForce: 'gtc', stopPrice: '95', limitPrice: '94' },
      { stopPrice: '95', limitPrice: '94' },
    ],
    [{ type: 'trailing_stop', timeInForce: 'gtc', trailPrice: '6.15' }, { trailPrice: '6.15' }],
    [{ type: 'trailing_stop', timeInForce: 'day', trailPercent: '1.5' }, { trailPercent: '1.5' }],
  ])('has the whole of its terms: %j', (terms, more) => {
    expect(orderRequestOf({ ...plain, terms })).toEqual({
      ...named,
      type: terms.type,
      timeInForce: terms.timeInForce,
      ...more,
    });
  });
});
