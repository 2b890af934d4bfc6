import { describe, expect, it } from '@jest/globals';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import { accountOf, barOf, holdingOf, requestOf, rulesWith, sessionOf } from '../../test/book.js';
import { BEFORE_OPEN, CLOSE, OPEN } from '../../test/times.js';
import { quoteOf } from './market.js';
import type { MarketSession } from './market.js';
import type { Outcome } from './lifecycle.js';
import { cancel, joinSession, wake } from './matching.js';
import { place } from './place.js';
import type { Placement } from './place.js';
import { isRefusal } from './refusal.js';
import { emptyBook } from './symbol-book.js';

const rules = rulesWith();
const noon = addMilliseconds(OPEN, 90 * 60_000);
const names = (outcome: Outcome): string[] => outcome.events.map(({ name }) => name);

function attempt(more: Record<string, unknown> = {}, placement: Partial<Placement> = {}, with_ = rules) {
  const symbol = (more['symbol'] as string | undefined) ?? 'BBB';
  return place(
    requestOf(more),
    {
      account: accountOf('1000'),
      holding: holdingOf(symbol),
      book: emptyBook(symbol),
      lending: null,
      opening: [],
      session: sessionOf(),
      now: noon,
      seq: 1,
      clientOrderId: 'mine',
      ...placement,
    },
    with_,
  );
}

function placed(...args: Parameters<typeof attempt>): Outcome {
  const result = attempt(...args);
  if (isRefusal(result)) throw new Error(result.body.message);
  return result.outcome;
}

describe('placing', () => {
  it('acknowledges the order as accepted and fills a market order at the quote', () => {
    const result = attempt();
    if (isRefusal(result)) throw new Error(result.body.message);
    expect(result.acknowledged).toMatchObject({ status: 'accepted', clientOrderId: 'mine' });
    const { outcome } = result;
    expect(names(outcome)).toEqual(['new', 'fill']);
    expect(outcome.order.status).toBe('filled');
    expect(outcome.account.cash.toFixed()).toBe('800');
    expect(outcome.account.reserved.toFixed()).toBe('0');
    expect(outcome.holding).toMatchObject({ qty: new D(10), costBasis: new D(200) });
  });

  it('buys at the ask and sells at the bid', () => {
    const quote = quoteOf(sessionOf(), 'AAA', noon, rules.spreadBp);
    const bought = placed({ symbol: 'AAA', qty: '1' });
    const sold = placed({ symbol: 'AAA', side: 'sell', qty: '1' }, { holding: holdingOf('AAA', '3', '300') });
    expect(bought.events[1]?.fill?.price).toEqual(quote?.ask);
    expect(sold.events[1]?.fill?.price).toEqual(quote?.bid);
    expect(sold.holding).toMatchObject({ qty: new D(2), costBasis: new D(200) });
  });

  it('gives the same ids to the same order, whenever it is placed', () => {
    const [one, two] = [placed(), placed({}, { seq: 9, now: OPEN })];
    expect(one.order.id).toBe(two.order.id);
    expect(one.events[1]?.fill?.executionId).toBe(two.events[1]?.fill?.executionId);
  });

  it('refuses what the account cannot pay, with the numbers', () => {
    expect(attempt({ qty: '50.01' })).toMatchObject({
      status: 403,
      body: { code: 40310000, message: 'insufficient buying power', buying_power: '1000', cost_basis: '1000.2' },
    });
    expect(isRefusal(attempt({ qty: '50' }))).toBe(false);
  });

  it('refuses to sell what is not held or already on sale', () => {
    const holding = { ...holdingOf('BBB', '5', '100'), held: new D(3) };
    expect(attempt({ side: 'sell', qty: '3' }, { holding })).toMatchObject({
      status: 403,
      body: {
        code: 40310000,
        message: 'insufficient qty available for order (requested: 3, available: 2)',
        existing_qty: '5',
        held_for_orders: '3',
      },
    });
  });

  it('refuses a symbol without a market, and everything while there is no market', () => {
    expect(attempt({ symbol: 'ZZZ' })).toMatchObject({ status: 422, body: { message: 'asset "ZZZ" not found' } });
    expect(attempt({}, { session: null })).toMatchObject({ status: 422, body: { message: 'asset "BBB" not found' } });
  });

  it('cancels what an ioc order could not fill at once, and refuses ioc outside the session', () => {
    const missed = placed({ type: 'limit', limit_price: '19', time_in_force: 'ioc' });
    expect(names(missed)).toEqual(['new', 'canceled']);
    expect(missed.account.reserved.toFixed()).toBe('0');
    expect(names(placed({ type: 'limit', limit_price: '20', time_in_force: 'ioc' }))).toEqual(['new', 'fill']);
    expect(attempt({ time_in_force: 'ioc' }, { now: BEFORE_OPEN })).toMatchObject({ status: 422 });
    expect(attempt({ time_in_force: 'ioc' }, { now: CLOSE })).toMatchObject({ status: 422 });
  });
});

describe('resting', () => {
  const resting = () => placed({ symbol: 'AAA', type: 'limit', limit_price: '97', qty: '2' });

  it('holds back the cash of a limit until it fills at the quote that crosses it', () => {
    const order = resting();
    expect(names(order)).toEqual(['new']);
    expect(order.account.reserved.toFixed()).toBe('194');
    const due = order.order.dueAt ?? CLOSE;
    const filled = wake(order, sessionOf(), due, rules);
    expect(filled.account.reserved.toFixed()).toBe('0');
    if (due < CLOSE) {
      expect(names(filled)).toEqual(['fill']);
      expect(filled.events[0]?.fill?.price.lessThanOrEqualTo(97)).toBe(true);
    } else {
      expect(names(filled)).toEqual(['expired']);
    }
  });

  it('expires a day order at the close and gives back its cash', () => {
    const order = placed({ type: 'limit', limit_price: '19' });
    expect(order.order.dueAt).toBe(CLOSE);
    const expired = wake(order, sessionOf(), CLOSE, rules);
    expect(names(expired)).toEqual(['expired']);
    expect(expired.order).toMatchObject({ status: 'expired', expiredAt: CLOSE, dueAt: null });
    expect(expired.account.reserved.toFixed()).toBe('0');
  });

  it('carries a gtc order into the next session, where it can fill', () => {
    const carried = wake(placed({ type: 'limit', limit_price: '19', time_in_force: 'gtc' }), sessionOf(), CLOSE, rules);
    expect(carried.order).toMatchObject({ status: 'new', sessionDate: null, dueAt: null });
    const cheap = barOf('BBB', '18');
    const tomorrow: MarketSession = {
      ...sessionOf(),
      date: '2017-07-05',
      open: '2017-07-05T13:30:00.000Z',
      close: '2017-07-05T20:00:00.000Z',
      bars: new Map([['BBB', cheap]]),
    };
    const joined = { ...carried, order: joinSession(carried.order, tomorrow) };
    const filled = wake(joined, tomorrow, tomorrow.open, rules);
    expect(names(filled)).toEqual(['fill']);
    expect(filled.account.cash.toFixed()).toBe('820');
  });

  it('accepts a market order after the close, and rejects it at an open that it cannot pay', () => {
    const waiting = placed({ qty: '48' }, { now: CLOSE });
    expect(waiting.order).toMatchObject({ status: 'accepted', sessionDate: null });
    expect(waiting.account.reserved.toFixed()).toBe('988.8');
    const dear = barOf('BBB', '21');
    const next = {
      ...sessionOf(),
      date: '2017-07-05',
      open: '2017-07-05T13:30:00.000Z',
      close: '2017-07-05T20:00:00.000Z',
      bars: new Map([['BBB', dear]]),
    };
    const outcome = wake({ ...waiting, order: joinSession(waiting.order, next) }, next, next.open, rules);
    expect(names(outcome)).toEqual(['new', 'rejected']);
    expect(outcome.account).toMatchObject({ cash: new D(1000), reserved: new D(0) });
  });

  it('cancels while open and says what it is afterwards', () => {
    const canceled = cancel(placed({ type: 'limit', limit_price: '19' }), noon);
    if (isRefusal(canceled)) throw new Error(canceled.body.message);
    expect(names(canceled)).toEqual(['canceled']);
    expect(canceled.account.reserved.toFixed()).toBe('0');
    expect(cancel(canceled, noon)).toMatchObject({ status: 422, body: { code: 42210000 } });
  });

  it('does nothing when it is woken too early', () => {
    const early = placed({ type: 'limit', limit_price: '19' }, { now: BEFORE_OPEN });
    expect(wake(early, sessionOf(), BEFORE_OPEN, rules)).toMatchObject({ events: [], order: { dueAt: OPEN } });
  });
});

describe('partial fills', () => {
  const partial = rulesWith({ partialFills: true });
  const outcomes = [...Array(400).keys()].map((n) => placed({ qty: '7' }, { clientOrderId: `order-${n}` }, partial));
  const split = outcomes.filter(({ order }) => order.status === 'partially_filled');

  it('come in about one order of ten', () => {
    expect(split.length).toBeGreaterThan(20);
    expect(split.length).toBeLessThan(60);
  });

  it('are whole shares for whole orders, and are completed a second later', () => {
    for (const first of split) {
      expect(names(first)).toEqual(['new', 'partial_fill']);
      expect(first.order.filledQty.isInteger()).toBe(true);
      expect(first.account.reserved).toEqual(new D(7).minus(first.order.filledQty).times(20));
      expect(first.order.dueAt).toBe(addMilliseconds(noon, 1_000));
      const rest = wake(first, sessionOf(), addMilliseconds(noon, 1_000), partial);
      expect(names(rest)).toEqual(['fill']);
      expect(rest.order.filledQty.toFixed()).toBe('7');
      expect(rest.account).toMatchObject({ cash: new D(860), reserved: new D(0) });
    }
  });

  it('come at once where there is no later: in ioc orders and in the last second', () => {
    const lastSecond = addMilliseconds(CLOSE, -1_000);
    for (const { order } of split) {
      for (const [more, now] of [
        [{ time_in_force: 'ioc' }, noon],
        [{}, lastSecond],
      ] as const) {
        const whole = placed({ qty: '7', ...more }, { clientOrderId: order.clientOrderId, now }, partial);
        expect(names(whole)).toEqual(['new', 'partial_fill', 'fill']);
      }
    }
  });
});
