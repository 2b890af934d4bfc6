// Goal: an order for an amount of money fills as many shares as it buys at the quote, and is Alpaca's on the wire.
import { describe, expect, it } from '@jest/globals';
import { barOf, rulesWith, sessionOf } from '../../test/book.js';
import { Bench } from '../../test/bench.js';
import { OPEN } from '../../test/times.js';
import { quoteOf } from '../domain/market.js';
import { orderJson } from './wire.js';

const session = sessionOf({ bars: new Map([['BBB', barOf('BBB', '20')]]) });
const open = (): Bench => {
  const venue = new Bench(rulesWith(), session);
  venue.to(OPEN);
  return venue;
};
const money = (more: Record<string, unknown> = {}) => ({ qty: undefined, notional: '500', ...more });

describe('an order for an amount of money', () => {
  it('buys for it at the ask, in nine decimals, never for more', () => {
    const venue = open();
    const { ask } = quoteOf(session, 'BBB', OPEN, rulesWith().spreadBp)!;
    const order = venue.order(venue.placed(money({ notional: '500.01' })));
    expect(order).toMatchObject({ status: 'filled', filledQty: order.qty });
    expect(order.filledNotional.lessThanOrEqualTo('500.01')).toBe(true);
    expect(order.filledNotional.plus(ask.div('1e9')).greaterThan('500.01')).toBe(true);
    expect(orderJson(order)).toMatchObject({ qty: null, notional: '500.01', filled_qty: order.qty.toFixed() });
  });

  it('with a limit buys at its limit or better', () => {
    const venue = open();
    const order = venue.order(venue.placed(money({ type: 'limit', limit_price: '25' })));
    expect(order.qty.toFixed()).toBe('20');
    expect(order.filledNotional.lessThanOrEqualTo('500')).toBe(true);
  });

  it('sells no more than is held', () => {
    const venue = open();
    expect(venue.place(money({ side: 'sell' }))).toMatchObject({ status: 403 });
    venue.placed({ qty: '100' });
    expect(venue.order(venue.placed(money({ side: 'sell' }))).status).toBe('filled');
  });

  it.each([
    ['before there is a quote', new Bench(rulesWith(), session), money(), 'only while the symbol is quoted'],
    ['of what the venue does not know', open(), money({ symbol: 'ZZZ' }), 'asset "ZZZ" not found'],
    [
      'that buys no part of a share',
      open(),
      money({ notional: '1', type: 'limit', limit_price: '99999999999' }),
      'buys no share',
    ],
  ])('is refused %s', (_what, venue, body, message) => {
    expect(venue.place(body)).toMatchObject({ status: 422, body: { message: expect.stringContaining(message) } });
  });

  it('cannot be replaced', () => {
    const venue = open();
    const id = venue.placed(money({ type: 'limit', limit_price: '1' }));
    expect(venue.replace(id, { limit_price: '1.1' })).toMatchObject({ status: 422 });
  });
});
