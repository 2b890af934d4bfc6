import { describe, expect, it } from '@jest/globals';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import { CLOSE, OPEN } from '../../test/times.js';
import { sessionOf } from '../../test/book.js';
import { fillPrice, nextCrossing, phaseAt, quoteOf } from './market.js';

const minute = (n: number): string => addMilliseconds(OPEN, n * 60_000);
const session = sessionOf();
const quote = (at: string) => {
  const found = quoteOf(session, 'AAA', at, 2);
  if (!found) throw new Error('AAA has a market');
  return found;
};

describe('the simulated market', () => {
  it('is open from its open, included, to its close, excluded', () => {
    expect(phaseAt(session, addMilliseconds(OPEN, -1))).toBe('before_open');
    expect(phaseAt(session, OPEN)).toBe('open');
    expect(phaseAt(session, addMilliseconds(CLOSE, -1))).toBe('open');
    expect(phaseAt(session, CLOSE)).toBe('closed');
  });

  it('quotes the open until it opens and the close once it has closed', () => {
    expect(quote('2017-07-03T01:00:00.000Z').mid.toFixed()).toBe('100');
    expect(quote(OPEN).mid.toFixed()).toBe('100');
    expect(quote(CLOSE).mid.toFixed()).toBe('104.5');
    expect(quote('2017-07-09T00:00:00.000Z').mid.toFixed()).toBe('104.5');
  });

  it('holds a quote for its minute, within the low and the high of the day', () => {
    for (let n = 0; n < 210; n += 1) {
      const start = quote(minute(n));
      expect(quote(addMilliseconds(minute(n), 59_999))).toEqual(start);
      expect(start.bid.lessThanOrEqualTo(start.ask)).toBe(true);
      expect(start.bid.greaterThanOrEqualTo(95) && start.ask.lessThanOrEqualTo(106)).toBe(true);
    }
  });

  it('never guesses a price', () => {
    expect(quoteOf(session, 'ZZZ', OPEN, 2)).toBeNull();
    expect(nextCrossing(session, { symbol: 'ZZZ', side: 'buy', limitPrice: new D(1) }, OPEN, 2)).toBeNull();
  });

  it('walks the same way for the same seed, and another way for another', () => {
    const path = (seed: string) =>
      [...Array(210).keys()].map((n) => quoteOf(sessionOf({ seed }), 'AAA', minute(n), 2)?.mid.toFixed());
    expect(path('seven')).toEqual(path('seven'));
    expect(path('seven')).not.toEqual(path('eight'));
  });

  it('finds the first minute that crosses a limit, and none for a limit out of reach', () => {
    const buy = { symbol: 'AAA', side: 'buy', limitPrice: new D('97') } as const;
    const found = nextCrossing(session, buy, OPEN, 2);
    expect(found).not.toBeNull();
    const crossing = found ?? OPEN;
    expect(fillPrice(buy, quote(crossing))).not.toBeNull();
    for (let n = 0; minute(n) < crossing; n += 1) expect(fillPrice(buy, quote(minute(n)))).toBeNull();
    expect(nextCrossing(session, { ...buy, limitPrice: new D('94.99') }, OPEN, 2)).toBeNull();
    expect(nextCrossing(session, { ...buy, side: 'sell', limitPrice: new D('106.01') }, OPEN, 2)).toBeNull();
  });
});
