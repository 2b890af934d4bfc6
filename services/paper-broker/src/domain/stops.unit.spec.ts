// Goal: a stop goes off at its price and not before, and a trailing one follows the best price only.
import { describe, expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import type { OrderType, Side } from './order.js';
import { isSetOff, stopPriceOf, trailed } from './stops.js';
import type { Stop } from './stops.js';

const stop = (more: Partial<Stop>): Stop => ({
  type: 'stop',
  side: 'sell',
  stopPrice: null,
  trailPrice: null,
  trailPercent: null,
  highWaterMark: null,
  ...more,
});

// type | side | stop or trail | prices one after another | the price at which it goes off, or "-", and its last stop price
const golden = `
stop          | sell | 95   | 100 96 95.01 95    | 95    95
stop          | sell | 95   | 100 94             | 94    95
stop          | buy  | 105  | 100 104.99 105.5   | 105.5 105
stop_limit    | buy  | 105  | 100 104            | -     105
trailing_stop | sell | 2    | 100 101 103 102 101.01 101 | 101 101
trailing_stop | sell | 2    | 100 99 98.01 98    | 98    98
trailing_stop | buy  | 2    | 100 97 98.9 99     | 99    99
trailing_stop | sell | 10%  | 100 110 99.01 99   | 99    99
trailing_stop | sell | 1%   | 33.33 33           | -     32.9967
`;

describe('a stop', () => {
  for (const line of golden.trim().split('\n')) {
    it(line.trim().replace(/ +/g, ' '), () => {
      const [type = '', side = '', at = '', prices = '', expected = ''] = line.split('|').map((cell) => cell.trim());
      const trail = type === 'trailing_stop';
      const percent = at.endsWith('%');
      const amount = new D(at.replace('%', ''));
      let order = stop({
        type: type as OrderType,
        side: side as Side,
        stopPrice: trail ? null : amount,
        trailPrice: trail && !percent ? amount : null,
        trailPercent: trail && percent ? amount : null,
      });
      let wentOff = '-';
      for (const text of prices.split(/ +/)) {
        const price = new D(text);
        if (isSetOff(order, price, price)) {
          wentOff = text;
          break;
        }
        order = { ...order, highWaterMark: trailed(order, price, price) };
      }
      const [off, last] = expected.split(/ +/);
      expect([wentOff, stopPriceOf(order)?.toFixed()]).toEqual([off, last]);
    });
  }

  it('that trails waits for the first price', () => {
    expect(stopPriceOf(stop({ type: 'trailing_stop', trailPrice: new D(1) }))).toBeNull();
    expect(isSetOff(stop({ type: 'trailing_stop', trailPrice: new D(1) }), new D(0), new D(9))).toBe(false);
  });

  it('is set off by any price of a minute that reaches it', () => {
    expect(isSetOff(stop({ stopPrice: new D(95) }), new D('94.9'), new D(99))).toBe(true);
    expect(isSetOff(stop({ side: 'buy', stopPrice: new D(99) }), new D('94.9'), new D(99))).toBe(true);
  });
});
