// Goal: a resting order is served after who stands before it, never earlier, and by a trade through its price wholly.
import { describe, expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import { queueAfterQuote, reachOf } from './queue.js';
import type { Queued } from './queue.js';
import type { SizedQuote, TradeEvent } from './tape.js';

const quote = (bid: string, bidSize: number, ask: string, askSize: number): SizedQuote => ({
  ...{ bid: new D(bid), ask: new D(ask), mid: new D(bid).plus(ask).div(2) },
  ...{ bidSize: new D(bidSize), askSize: new D(askSize) },
});
const trade = (low: string, high: string, sells: number, buys: number): TradeEvent => ({
  ...{ kind: 'trade', at: '', low: new D(low), high: new D(high) },
  ...{ volume: new D(sells + buys), sells: new D(sells), buys: new D(buys) },
});
const buy = (limit: string, queueAhead: number | null): Queued => ({
  ...{ side: 'buy', limitPrice: new D(limit) },
  queueAhead: queueAhead === null ? null : new D(queueAhead),
});

describe('the place in the queue', () => {
  it.each([
    ['joins behind all that is shown', buy('10', null), 300],
    ['does not go back when more come behind it', buy('10', 100), 100],
    ['goes forward when fewer are shown than stood before it', buy('10', 900), 300],
    ['is the first where it improves the market', buy('10.01', 50), 0],
    ['is not known behind the best price', buy('9.99', 50), null],
  ])('%s', (_, order, expected) => {
    expect(queueAfterQuote(order, quote('10', 300, '10.02', 500))?.toNumber() ?? null).toBe(expected);
  });

  it('of a sell looks at the ask', () => {
    const sell: Queued = { side: 'sell', limitPrice: new D('10.02'), queueAhead: null };
    expect(queueAfterQuote(sell, quote('10', 300, '10.02', 500))?.toNumber()).toBe(500);
  });
});

describe('a trade', () => {
  it.each([
    ['at its price serves who stands before it first', buy('10', 300), trade('10', '10', 200, 0), 0, 100],
    ['brings it what is left after them', buy('10', 300), trade('10', '10', 450, 0), 150, 0],
    ['does not count for it where it met the other side', buy('10', 0), trade('10', '10.02', 0, 500), 0, 0],
    ['through its price reaches it wholly', buy('10', 300), trade('9.99', '10', 70, 0), 70, 0],
    ['above its price brings nothing', buy('10', 300), trade('10.01', '10.02', 400, 400), 0, 300],
    ['says nothing while its place is not known', buy('10', null), trade('10', '10', 900, 0), 0, null],
  ])('%s', (_, order, event, qty, ahead) => {
    const reached = reachOf(order, event);
    expect([reached.qty.toNumber(), reached.queueAhead?.toNumber() ?? null]).toEqual([qty, ahead]);
  });
});
