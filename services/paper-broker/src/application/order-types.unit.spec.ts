// Goal: every order type and time in force does at the venue what its name promises, and replacing keeps Alpaca's rules.
import { describe, expect, it } from '@jest/globals';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { barOf, rulesWith, sessionOf } from '../../test/book.js';
import { Bench } from '../../test/bench.js';
import { CLOSE, OPEN } from '../../test/times.js';
import { quoteOf } from '../domain/market.js';

/** UPP goes from 100 straight up to 110, DWN from 100 straight down to 90: a path between two extremes of a short day. */
const session = sessionOf({
  bars: new Map([
    ['AAA', barOf('AAA', '100', '106', '95', '104.5')],
    ['BBB', barOf('BBB', '20')],
    ['UPP', barOf('UPP', '100', '110', '100', '110')],
    ['DWN', barOf('DWN', '100', '100', '90', '90')],
  ]),
});
const bench = (rules = rulesWith()): Bench => new Bench(rules, session);
const open = (rules = rulesWith()): Bench => {
  const venue = bench(rules);
  venue.to(OPEN);
  return venue;
};
const mid = (symbol: string, at: string) => quoteOf(session, symbol, at, 2)!.mid;

describe('a stop', () => {
  it('to buy waits for its price, then buys at the market', () => {
    const venue = open();
    const id = venue.placed({ symbol: 'UPP', type: 'stop', stop_price: '105' });
    expect(venue.order(id)).toMatchObject({ status: 'new', triggeredAt: null });
    venue.to(CLOSE);
    const { triggeredAt, status } = venue.order(id);
    expect(status).toBe('filled');
    expect(mid('UPP', triggeredAt!).greaterThanOrEqualTo(105)).toBe(true);
    expect(mid('UPP', addMilliseconds(triggeredAt!, -60_000)).lessThan(105)).toBe(true);
    expect(venue.fills(id)[0]).toMatchObject({
      filledAt: triggeredAt,
      price: quoteOf(session, 'UPP', triggeredAt!, 2)!.ask,
    });
  });

  it('to sell protects a position', () => {
    const venue = open();
    venue.placed({ symbol: 'DWN' });
    const id = venue.placed({ symbol: 'DWN', side: 'sell', type: 'stop', stop_price: '95' });
    expect(venue.place({ symbol: 'DWN', side: 'sell' })).toMatchObject({ status: 403 });
    venue.to(CLOSE);
    expect(venue.fills(id)[0]!.price.lessThanOrEqualTo('95.01')).toBe(true);
  });

  it('that is never reached expires with its day, and a gtc one waits for the next', () => {
    const venue = open();
    const day = venue.placed({ type: 'stop', stop_price: '25' });
    const gtc = venue.placed({ type: 'stop', stop_price: '25', time_in_force: 'gtc' });
    venue.to(CLOSE);
    expect([venue.order(day).status, venue.order(gtc).status]).toEqual(['expired', 'new']);
    const next = { date: '2017-07-05', open: '2017-07-05T13:30:00.000Z', close: '2017-07-05T20:00:00.000Z' };
    venue.set({
      ...session,
      ...next,
      bars: new Map([['BBB', barOf('BBB', '30')]]),
      paths: new Map(),
      bands: new Map(),
    });
    venue.to(next.open);
    expect(venue.order(gtc).status).toBe('filled');
  });

  it('with a limit does not pay more than that', () => {
    const venue = open();
    const id = venue.placed({ symbol: 'UPP', type: 'stop_limit', stop_price: '105', limit_price: '105.01' });
    const loose = venue.placed({ symbol: 'UPP', type: 'stop_limit', stop_price: '105', limit_price: '109' });
    venue.to(CLOSE);
    expect(venue.order(loose).status).toBe('filled');
    for (const fill of venue.fills(id)) expect(fill.price.lessThanOrEqualTo('105.01')).toBe(true);
    expect(venue.order(id).triggeredAt).not.toBeNull();
  });

  it('that trails follows the best price and goes off at its distance from it', () => {
    const venue = open();
    venue.placed({ symbol: 'AAA' });
    const id = venue.placed({ symbol: 'AAA', side: 'sell', type: 'trailing_stop', trail_price: '2' });
    venue.to(CLOSE);
    const { triggeredAt, highWaterMark } = venue.order(id);
    expect(triggeredAt).not.toBeNull();
    let best = mid('AAA', OPEN);
    for (let at = OPEN; at < triggeredAt!; at = addMilliseconds(at, 60_000)) {
      if (mid('AAA', at).greaterThan(best)) best = mid('AAA', at);
      expect(mid('AAA', at).greaterThan(best.minus(2))).toBe(true);
    }
    expect(highWaterMark!.toFixed()).toBe(best.toFixed());
    expect(mid('AAA', triggeredAt!).lessThanOrEqualTo(best.minus(2))).toBe(true);
  });
});

describe('a time in force', () => {
  it('fok fills wholly at once or not at all', () => {
    const venue = open();
    expect(venue.eventsOf(venue.placed({ time_in_force: 'fok' }))).toEqual(['new', 'fill']);
    const missed = venue.placed({ type: 'limit', limit_price: '19.99', time_in_force: 'fok' });
    expect(venue.eventsOf(missed)).toEqual(['new', 'canceled']);
    expect(bench().place({ time_in_force: 'fok' })).toMatchObject({ status: 422 });
  });

  it('opg trades at the official open or not at all', () => {
    const venue = bench();
    const market = venue.placed({ symbol: 'AAA', time_in_force: 'opg' });
    const low = venue.placed({ symbol: 'AAA', time_in_force: 'opg', type: 'limit', limit_price: '99.99' });
    venue.to(OPEN);
    expect(venue.fillsOf(market)).toEqual(['0 10@100']);
    expect(venue.eventsOf(low)).toEqual(['new', 'canceled']);
    expect(venue.place({ time_in_force: 'opg' })).toMatchObject({ status: 403 });
  });

  it('cls trades at the official close or not at all', () => {
    const venue = open();
    const market = venue.placed({ symbol: 'AAA', time_in_force: 'cls' });
    const low = venue.placed({ symbol: 'AAA', time_in_force: 'cls', type: 'limit', limit_price: '104.49' });
    venue.to(addMilliseconds(CLOSE, -600_000));
    expect(venue.place({ time_in_force: 'cls' })).toMatchObject({ status: 403 });
    venue.to(CLOSE);
    expect(venue.fillsOf(market)).toEqual(['12600 10@104.5']);
    expect(venue.eventsOf(low)).toEqual(['new', 'canceled']);
  });

  it('opg and cls come too late at the same times as at Alpaca, and are early again in the evening', () => {
    const at = (moment: string, tif: string) => {
      const venue = bench();
      venue.to(moment);
      return typeof venue.place({ time_in_force: tif }) === 'string';
    };
    const early = addMilliseconds(OPEN, -120_000);
    expect(at(addMilliseconds(early, -1), 'opg')).toBe(true);
    expect(at(early, 'opg')).toBe(false);
    expect(at('2017-07-03T22:59:59.999Z', 'opg')).toBe(false);
    expect(at('2017-07-03T23:00:00.000Z', 'opg')).toBe(true);
    expect(at(addMilliseconds(CLOSE, -600_001), 'cls')).toBe(true);
    expect(at(addMilliseconds(CLOSE, -600_000), 'cls')).toBe(false);
  });

  it('of extended hours works on longer, but a path has no quotes beside the session', () => {
    const venue = bench();
    const id = venue.placed({ type: 'limit', limit_price: '20', extended_hours: true });
    expect(venue.order(id).status).toBe('new');
    venue.to(OPEN);
    expect(venue.fillsOf(id)).toEqual(['0 10@20']);
    const rest = venue.placed({ type: 'limit', limit_price: '19', extended_hours: true });
    venue.to(CLOSE);
    expect(venue.order(rest).status).toBe('new');
    venue.to(addMilliseconds(CLOSE, 4 * 3_600_000));
    expect(venue.order(rest).status).toBe('expired');
  });
});

describe('replacing', () => {
  const resting = (venue: Bench, more: object = {}): string =>
    venue.placed({ type: 'limit', limit_price: '19', ...more });

  it('ends the old order and puts a new one in its place, with what it is to hold back', () => {
    const venue = open();
    const old = resting(venue);
    const next = venue.replace(old, { limit_price: '19.5', qty: '20', client_order_id: 'mine' });
    expect(next).toMatchObject({ replaces: old, clientOrderId: 'mine', status: 'accepted' });
    expect(venue.order(old)).toMatchObject({ status: 'replaced', replacedBy: (next as { id: string }).id });
    expect(venue.account.reserved.toFixed()).toBe('390');
    expect(venue.events.slice(-2).map(({ name }) => name)).toEqual(['replaced', 'new']);
    expect(venue.replace((next as { id: string }).id, { limit_price: '20' })).toMatchObject({ status: 'accepted' });
    expect(venue.fills()).toHaveLength(1);
  });

  it('takes what has filled off the quantity of the new order', () => {
    const venue = open(rulesWith({ partialFills: true }));
    let split = '';
    for (let i = 0; split === '' && i < 100; i += 1) {
      const id = venue.placed({ type: 'limit', limit_price: '20', qty: '7' });
      if (venue.order(id).status === 'partially_filled') split = id;
    }
    const filled = venue.order(split).filledQty;
    expect(venue.replace(split, { qty: filled.toFixed() })).toMatchObject({
      body: { message: 'qty must be > filled_qty' },
    });
    const next = venue.replace(split, { qty: '9' });
    expect(next).toMatchObject({ qty: venue.order(split).qty.plus(2).minus(filled) });
  });

  it.each([
    [{}, 'order parameters are not changed'],
    [{ limit_price: '19.00', qty: '10' }, 'order parameters are not changed'],
    [{ limit_price: '19.005' }, 'sub-penny'],
    [{ stop_price: '18' }, 'must not have a stop_price'],
    [{ trail: '1' }, 'trail is for trailing_stop orders only'],
    [{ side: 'sell' }, 'side cannot be replaced'],
    [{ qty: '999999' }, 'insufficient buying power'],
  ])('refuses %j with its reason and changes nothing', (body, message) => {
    const venue = open();
    const old = resting(venue);
    const before = venue.account;
    expect(venue.replace(old, body)).toMatchObject({
      refused: true,
      body: { message: expect.stringContaining(message) },
    });
    expect(venue.order(old).status).toBe('new');
    expect(venue.account).toEqual(before);
  });

  it('is not possible before the order is in the book, nor after it has ended', () => {
    const venue = bench();
    const waiting = resting(venue);
    const words = (body: object) => (venue.replace(waiting, body) as { body: { message: string } }).body.message;
    expect(words({ limit_price: '18' })).toBe('cannot replace order in accepted status');
    venue.to(OPEN);
    venue.cancel(waiting);
    expect(venue.replace(waiting, { limit_price: '18' })).toBeNull();
  });

  it('moves the distance of a trailing stop', () => {
    const venue = open();
    venue.placed({ symbol: 'AAA' });
    const id = venue.placed({ symbol: 'AAA', side: 'sell', type: 'trailing_stop', trail_percent: '5' });
    const next = venue.replace(id, { trail: '3' }) as { trailPercent: { toFixed(): string } };
    expect(next.trailPercent.toFixed()).toBe('3');
  });
});
