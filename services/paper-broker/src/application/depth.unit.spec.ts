// Goal: a book with depth gives what it shows once, serves who waits in their turn, and no request arrives before its time.
import { describe, expect, it } from '@jest/globals';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import { barOf, rulesWith, sessionOf } from '../../test/book.js';
import { Bench } from '../../test/bench.js';
import { recorded } from '../../test/tapes.js';
import { CLOSE, DATE, OPEN } from '../../test/times.js';
import type { DepthRules, Rules } from '../domain/rules.js';
import { nextDueOf } from './desk.js';

const depth = (more: Partial<DepthRules> = {}): DepthRules => ({
  shares: new D(100),
  volumeShare: new D('0.1'),
  sharesPerMinute: new D(1000),
  refreshMs: 60_000,
  participation: null,
  ...more,
});
const open = (more: Partial<Rules> = {}, text?: string): Bench => {
  const rules = rulesWith({ depth: depth(), ...more });
  const recordings = text === undefined ? new Map() : new Map([['BBB', recorded('BBB', DATE, text)]]);
  const venue = new Bench(rules, sessionOf({ recordings }));
  venue.to(OPEN);
  return venue;
};

describe('on a path with a stated size', () => {
  it('takes what is shown and comes back for the rest when the book is refreshed', () => {
    const venue = open();
    const id = venue.placed({ qty: '250' });
    expect(venue.order(id)).toMatchObject({ status: 'partially_filled' });
    venue.wait(200_000);
    expect(venue.fillsOf(id)).toEqual(['0 100@20', '60 100@20', '120 50@20']);
  });

  it('gives no share twice within a refresh, whoever asks', () => {
    const venue = open();
    const [a, b] = [venue.placed({ qty: '70' }), venue.placed({ qty: '70' })];
    expect([venue.fillsOf(a), venue.fillsOf(b)]).toEqual([['0 70@20'], ['0 30@20']]);
    expect(venue.fillsOf(venue.placed({ qty: '1' }))).toEqual([]);
    venue.placed({ side: 'sell', qty: '100' });
    venue.wait(60_000);
    expect(venue.fillsOf(b)).toEqual(['0 30@20', '60 40@20']);
  });

  it('gives ioc what there is and fok nothing but all', () => {
    const venue = open();
    const ioc = venue.placed({ qty: '150', time_in_force: 'ioc' });
    expect(venue.eventsOf(ioc)).toEqual(['new', 'partial_fill', 'canceled']);
    venue.wait(60_000);
    const fok = venue.placed({ qty: '101', time_in_force: 'fok' });
    expect(venue.eventsOf(fok)).toEqual(['new', 'canceled']);
    expect(venue.eventsOf(venue.placed({ qty: '100', time_in_force: 'fok' }))).toEqual(['new', 'fill']);
  });

  it('has a tenth of an average minute where the volume of the day is known', () => {
    const rules = rulesWith({ depth: depth() });
    const bars = new Map([['BBB', barOf('BBB', '20', '20', '20', '20', '420000')]]);
    const venue = new Bench(rules, sessionOf({ bars }));
    venue.to(OPEN);
    // 420,000 shares in 210 minutes.
    expect(venue.fillsOf(venue.placed({ qty: '1000' }))).toEqual(['0 200@20']);
  });

  it('has no more than its part of what trades', () => {
    const venue = open({ depth: depth({ participation: new D('0.05') }) });
    const id = venue.placed({ qty: '120' });
    venue.wait(150_000);
    expect(venue.fillsOf(id)).toEqual(['0 50@20', '60 50@20', '120 20@20']);
  });

  it('keeps what was taken, so that a restart does not give it again', () => {
    const venue = open();
    venue.placed({ qty: '60' });
    expect(venue.state.books.get('BBB')).toMatchObject({ refresh: { bought: new D(60), filled: new D(60) } });
  });
});

describe('on recorded quotes and trades', () => {
  it('takes the size that was shown and the price that was asked', () => {
    const venue = open({}, 'q 0 19.98 300 20.02 120\nq 10 19.97 300 20.01 500');
    const id = venue.placed({ qty: '200' });
    venue.wait(10_000);
    // What was taken in this refresh is taken, also when the price moves: 500 less 120.
    expect(venue.fillsOf(id)).toEqual(['0 120@20.02', '10 80@20.01']);
  });

  it('serves a resting order after those who stood there before it', () => {
    const venue = open({}, 'q 0 19.98 300 20.02 500\nt 5 19.98 200\nt 10 19.98 150\nt 15 19.98 400');
    const id = venue.placed({ type: 'limit', limit_price: '19.98', qty: '100' });
    expect(venue.order(id).queueAhead?.toNumber()).toBe(300);
    venue.wait(20_000);
    expect(venue.fillsOf(id)).toEqual(['10 50@19.98', '15 50@19.98']);
  });

  it('shares one trade among those who wait, in the order in which they came', () => {
    const venue = open({}, 'q 0 19.98 100 20.02 500\nt 5 19.98 180');
    const [a, b] = [0, 1].map(() => venue.placed({ type: 'limit', limit_price: '19.98', qty: '50' }));
    venue.wait(6_000);
    expect([venue.fillsOf(a!), venue.fillsOf(b!)]).toEqual([['5 50@19.98'], ['5 30@19.98']]);
  });

  it('fills an order that the quote came through at its own price, up to the size that came', () => {
    const venue = open({}, 'q 0 19.98 300 20.02 500\nt 5 20 40\nq 6 19.9 100 19.95 70\nq 7 19.9 100 20.02 70');
    const better = venue.placed({ type: 'limit', limit_price: '20.00', qty: '100' });
    venue.wait(10_000);
    // The trade between the quotes met neither side, so that nobody can say that it would have been ours.
    expect(venue.fillsOf(better)).toEqual(['6 70@20']);
  });

  it('sets stops off by trades and not by quotes', () => {
    const venue = open({}, 'q 0 19.98 300 20.02 500\nq 5 20.5 300 20.6 500\nq 8 19.98 300 20.02 500\nt 9 20.4 10');
    const id = venue.placed({ type: 'stop', stop_price: '20.4', qty: '10' });
    venue.wait(20_000);
    expect(venue.fillsOf(id)).toEqual(['9 10@20.02']);
  });

  it('works in extended hours, where there are quotes', () => {
    const text = 'q -3600 19.98 300 20.02 500\nq 100 19.98 300 20.02 500';
    const recordings = new Map([['BBB', recorded('BBB', DATE, text)]]);
    const venue = new Bench(rulesWith({ depth: depth() }), sessionOf({ recordings }));
    venue.to('2017-07-03T13:00:00.000Z');
    const early = venue.placed({ type: 'limit', limit_price: '20.02', extended_hours: true });
    const regular = venue.placed({ type: 'limit', limit_price: '20.02' });
    expect(venue.fillsOf(early)).toEqual(['-1800 10@20.02']);
    expect(venue.order(regular).status).toBe('accepted');
  });
});

describe('latency', () => {
  const slow = { latency: { minMs: 50, maxMs: 50 } };

  it('keeps an order from the book until it arrives', () => {
    const venue = open(slow);
    const id = venue.placed();
    expect(venue.order(id).status).toBe('accepted');
    expect(venue.transact(nextDueOf)).toBe(addMilliseconds(OPEN, 50));
    venue.wait(49);
    expect(venue.eventsOf(id)).toEqual([]);
    venue.wait(1);
    expect(venue.fillsOf(id)).toEqual(['0.05 10@20']);
  });

  it('is drawn by a seed between its bounds, the same for the same order', () => {
    const arrivals = [0, 1].map(() => {
      const venue = open({ latency: { minMs: 10, maxMs: 90 } });
      return [...Array(20).keys()].map(() => venue.order(venue.placed({ qty: '1' })).arrivesAt!);
    });
    expect(arrivals[0]).toEqual(arrivals[1]);
    expect(new Set(arrivals[0]).size).toBeGreaterThan(5);
    for (const at of arrivals[0]!) expect(Date.parse(at) - Date.parse(OPEN)).toBeGreaterThanOrEqual(10);
  });

  it('lets an order fill while its cancel is on its way, and says that the cancel came too late', () => {
    const venue = open(slow, 'q 0 19.9 300 20.1 500\nq 100 19.9 300 20 500\nq 300 19.9 300 20.1 500');
    const fill = venue.placed({ type: 'limit', limit_price: '20' });
    const gone = venue.placed({ type: 'limit', limit_price: '19.95' });
    venue.wait(99_980);
    for (const id of [fill, gone])
      expect(venue.cancel(id)).toMatchObject({ status: 'new', cancelAt: expect.anything() });
    expect(venue.cancel(gone)).toMatchObject({ status: 'new' });
    venue.wait(1_000);
    expect(venue.eventsOf(fill)).toEqual(['new', 'fill', 'order_cancel_rejected']);
    expect(venue.eventsOf(gone)).toEqual(['new', 'canceled']);
    expect(venue.order(gone).canceledAt).toBe('2017-07-03T13:31:40.030Z');
    expect(venue.cancel(fill)).toBeNull();
  });

  it('lets what fills count while a replacement is on its way, and rejects it where all has filled', () => {
    const text = 'q 0 19.9 300 20.1 500\nq 100 19.9 300 20 4\nq 102 19.9 300 20.1 500\nq 200 19.9 300 20 500';
    const venue = open(slow, text);
    const old = venue.placed({ type: 'limit', limit_price: '20' });
    venue.wait(99_980);
    const next = venue.replace(old, { limit_price: '20.05' }) as { id: string };
    expect(venue.cancel(old)).toMatchObject({ body: { message: 'order is already in "pending_replace" state' } });
    expect(venue.replace(old, { limit_price: '20.04' })).toMatchObject({
      body: { message: 'cannot replace order in pending_replace status' },
    });
    expect(venue.account.reserved.toFixed()).toBe('200.5');
    venue.wait(1_000);
    expect(venue.eventsOf(old)).toEqual(['new', 'partial_fill', 'replaced']);
    expect(venue.order(next.id)).toMatchObject({ qty: new D(6), status: 'new' });
    const late = venue.placed({ type: 'limit', limit_price: '20', qty: '3' });
    venue.wait(98_990);
    const lost = venue.replace(late, { qty: '5' }) as { id: string };
    venue.wait(1_000);
    expect(venue.eventsOf(late)).toEqual(['new', 'fill']);
    expect(venue.eventsOf(lost.id)).toEqual(['rejected', 'order_replace_rejected']);
    expect(venue.account.reserved.toFixed()).toBe('0');
  });
});

describe('what stops trading', () => {
  it('a halt keeps orders waiting, and they trade at the quote at which it ends', () => {
    const venue = open({}, 'q 0 19.9 300 20.1 500\nq 100 19.9 300 20 500\nq 300 20.2 300 20.3 500');
    const limit = venue.placed({ type: 'limit', limit_price: '20' });
    venue.wait(10_000);
    venue.halt('BBB', true);
    const market = venue.placed({ qty: '5' });
    expect(venue.eventsOf(venue.placed({ time_in_force: 'ioc' }))).toEqual(['new', 'canceled']);
    venue.wait(400_000);
    expect(venue.fills()).toEqual([]);
    venue.halt('BBB', false);
    expect(venue.fillsOf(market)).toEqual(['410 5@20.3']);
    expect(venue.order(limit).status).toBe('new');
    venue.to(CLOSE);
    expect(venue.order(limit).status).toBe('expired');
  });

  it('a halt at the close cancels what waited for the auction', () => {
    const venue = open();
    const id = venue.placed({ time_in_force: 'cls' });
    venue.halt('BBB', true);
    venue.to(CLOSE);
    expect(venue.eventsOf(id)).toEqual(['new', 'canceled']);
  });

  it('a band keeps a price out, and a pause lets nothing trade for five minutes', () => {
    const text = ['q 0 19.98 300 20 500', 'q 10 22 300 22.02 500', 'q 400 22 300 22.02 500'].join('\n');
    const venue = open({ luldTier: 1 }, text);
    venue.wait(11_000);
    const id = venue.placed({ qty: '5' });
    expect(venue.fillsOf(id)).toEqual([]);
    venue.wait(400_000);
    // Fifteen seconds at the band from second 10 on, then five minutes.
    expect(venue.fillsOf(id)).toEqual(['325 5@22.02']);
  });
});

describe('the auctions', () => {
  const bars = new Map([['BBB', barOf('BBB', '20', '21', '19', '20.5')]]);
  const early = (shares: number | null): Bench =>
    new Bench(rulesWith({ auctions: { shares: shares === null ? null : new D(shares) } }), sessionOf({ bars }));

  it('at the open cross everything that waits at the official price', () => {
    const venue = early(null);
    const market = venue.placed();
    const limit = venue.placed({ type: 'limit', limit_price: '20.50' });
    venue.to(OPEN);
    expect([venue.fillsOf(market), venue.fillsOf(limit)]).toEqual([['0 10@20'], ['0 10@20']]);
  });

  it('have a size, which orders have in the order in which they came', () => {
    const venue = early(15);
    const [a, b] = [venue.placed({ time_in_force: 'opg' }), venue.placed({ time_in_force: 'opg' })];
    venue.to(OPEN);
    expect([venue.fillsOf(a), venue.fillsOf(b)]).toEqual([['0 10@20'], ['0 5@20']]);
    expect(venue.eventsOf(b)).toEqual(['new', 'partial_fill', 'canceled']);
    const close = venue.placed({ time_in_force: 'cls', side: 'sell', qty: '15' });
    venue.to(CLOSE);
    expect(venue.fillsOf(close)).toEqual(['12600 15@20.5']);
  });
});
