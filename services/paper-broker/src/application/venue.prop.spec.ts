// Goal: whatever is switched on and whatever is asked, money and shares add up, and nothing is given that was not there.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import { barOf, rulesWith, sessionOf } from '../../test/book.js';
import { Bench } from '../../test/bench.js';
import { CLOSE, DATE, OPEN } from '../../test/times.js';
import { recorded } from '../../test/tapes.js';
import { heldBy, reserveOf } from '../domain/account.js';
import { isTerminal } from '../domain/order.js';
import type { Order } from '../domain/order.js';
import type { Rules } from '../domain/rules.js';

const REFRESH_MS = 60_000;
const SHARES = 200;
const PER_MINUTE = 600;

const rules: fc.Arbitrary<Rules> = fc
  .record({
    participation: fc.constantFrom(null, '0.1', '0.5'),
    latency: fc.constantFrom({ minMs: 0, maxMs: 0 }, { minMs: 5, maxMs: 5 }, { minMs: 10, maxMs: 70_000 }),
    luldTier: fc.constantFrom(null, 1 as const),
    auctions: fc.constantFrom(null, { shares: null }, { shares: new D(50) }),
    shorts: fc.constantFrom(null, { shares: new D(300), feeBp: new D(100) }),
    schedule: fc.constantFrom('none' as const, 'us' as const),
    impact: fc.constantFrom<Rules['impact']>(
      null,
      { model: 'almgren2005', outstandingOverVolume: 200, minutes: 1 },
      { model: 'propagator', prefactor: 1, decayExponent: 0.5, decayMinutes: 1 },
    ),
  })
  .map(({ participation, schedule, ...more }) =>
    rulesWith({
      ...more,
      fees: { schedule, commissionPerShare: new D(0), commissionBp: new D(1) },
      depth: {
        ...{ shares: new D(SHARES), volumeShare: new D(1), sharesPerMinute: new D(PER_MINUTE), refreshMs: REFRESH_MS },
        participation: participation === null ? null : new D(participation),
      },
    }),
  );

/** What an arbitrary makes. */
type ValueOf<A> = A extends fc.Arbitrary<infer T> ? T : never;

const cents = fc.oneof(fc.constant(0), fc.integer({ min: -10, max: 10 }), fc.integer({ min: -300, max: 300 }));
const place = fc.record({
  kind: fc.constant('place' as const),
  symbol: fc.constantFrom('AAA', 'BBB', 'REC'),
  side: fc.constantFrom('buy', 'sell'),
  type: fc.constantFrom('market', 'limit', 'limit', 'limit', 'stop', 'stop_limit', 'trailing_stop'),
  tif: fc.constantFrom('day', 'day', 'day', 'gtc', 'ioc', 'fok', 'opg', 'cls'),
  qty: fc.integer({ min: 1, max: 400 }),
  limit: cents,
  stop: cents,
});
const touch = fc.record({ kind: fc.constantFrom('cancel' as const, 'replace' as const), index: fc.nat(30), by: cents });
const halt = fc.record({ kind: fc.constant('halt' as const), symbol: fc.constantFrom('AAA', 'BBB'), on: fc.boolean() });
const pause = fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 1_500_000 }));
const wait = fc.record({ kind: fc.constant('wait' as const), ms: pause });
type Step = ValueOf<typeof place> | ValueOf<typeof touch> | ValueOf<typeof halt> | ValueOf<typeof wait>;
const step = fc.oneof(
  { weight: 10, arbitrary: place },
  { weight: 3, arbitrary: touch },
  { weight: 1, arbitrary: halt },
  { weight: 5, arbitrary: wait },
);
const scripts = fc.array(step, { maxLength: 60, size: 'max' });

const CENTRE: Readonly<Record<string, number>> = { AAA: 10_000, BBB: 2_000, REC: 5_000 };
const TAPE = [
  ...['q 0 49.98 100 50.02 150', 't 30 49.98 60', 't 31 50.02 500', 'q 40 49.9 80 49.95 300', 't 50 49.9 1000'],
  ...['q 900 51 100 51.02 90', 't 1000 51.02 40', 'q 5000 49 500 49.05 20', 't 5001 49 5000', 'q 9000 50 10 50.01 10'],
].join('\n');

const priceOf = (symbol: string, by: number): string => new D((CENTRE[symbol] ?? 0) + by).div(100).toFixed();

function run(script: readonly Step[], used: Rules): Bench {
  const days = [...sessionOf().bars.values(), barOf('REC', '50', '51.5', '48.5', '50')];
  const liquidity = { averageVolume: new D(200_000), volatility: 0.02 };
  const bars = new Map(days.map((bar) => [bar.symbol, { ...bar, ...liquidity }] as const));
  const venue = new Bench(
    used,
    sessionOf({ bars, recordings: new Map([['REC', recorded('REC', DATE, TAPE)]]) }),
    '40000',
  );
  venue.to(addMilliseconds(OPEN, -600_000));
  for (const step of [...script, { kind: 'wait' as const, ms: 86_400_000 }]) {
    if (step.kind === 'wait') venue.wait(step.ms);
    else if (step.kind === 'halt') venue.halt(step.symbol, step.on);
    else if (step.kind === 'place') venue.place(bodyOf(step));
    else {
      const id = [...venue.orders.keys()][step.index];
      const order = id === undefined ? undefined : venue.order(id);
      if (id === undefined || !order) continue;
      if (step.kind === 'cancel') venue.cancel(id);
      else venue.replace(id, { qty: order.qty.plus(1 + Math.abs(step.by)).toFixed(), ...repriced(order, step.by) });
    }
  }
  return venue;
}

function repriced({ symbol, limitPrice }: Order, by: number): object {
  return limitPrice ? { limit_price: priceOf(symbol, by) } : {};
}

function bodyOf({ symbol, side, type, tif, qty, limit, stop }: ValueOf<typeof place>): Record<string, unknown> {
  return {
    ...{ symbol, side, type, time_in_force: tif, qty: String(qty) },
    ...(type === 'limit' || type === 'stop_limit' ? { limit_price: priceOf(symbol, limit) } : {}),
    ...(type === 'stop' || type === 'stop_limit' ? { stop_price: priceOf(symbol, stop) } : {}),
    ...(type === 'trailing_stop' ? { trail_price: '0.5' } : {}),
  };
}

describe('a venue with everything switched on', () => {
  it('balances cash, fees, shares, reserves and collateral exactly', () => {
    fc.assert(
      fc.property(scripts, rules, (script, used) => {
        const venue = run(script, used);
        const spent = venue
          .fills()
          .reduce((sum, { side, qty, price }) => sum.plus(qty.times(price).times(side === 'buy' ? 1 : -1)), new D(0));
        const booked = venue.activities.reduce((sum, { netAmount }) => sum.plus(netAmount), new D(0));
        const { account } = venue;
        expect(account.cash.toFixed()).toBe(account.openingCash.minus(spent).plus(booked).toFixed());
        const accrued = [...venue.state.accruals.values()].reduce((sum, { amount }) => sum.plus(amount), new D(0));
        expect(account.accruedFees.toFixed()).toBe(accrued.toFixed());
        const orders = [...venue.orders.values()];
        const total = (of: (order: (typeof orders)[number]) => Decimal, list = orders) =>
          list.reduce((sum, order) => sum.plus(of(order)), new D(0)).toFixed();
        expect(account.reserved.toFixed()).toBe(total(reserveOf));
        const holdings = [...venue.state.holdings.values()];
        expect(account.collateral.toFixed()).toBe(
          holdings.reduce((sum, { collateral }) => sum.plus(collateral), new D(0)).toFixed(),
        );
        for (const { symbol, qty, held } of holdings) {
          const mine = venue.fills().filter((fill) => fill.symbol === symbol);
          const sum = mine.reduce(
            (had, fill) => (fill.side === 'buy' ? had.plus(fill.qty) : had.minus(fill.qty)),
            new D(0),
          );
          expect(qty.toFixed()).toBe(sum.toFixed());
          expect(held.toFixed()).toBe(
            total(
              heldBy,
              orders.filter((order) => order.symbol === symbol),
            ),
          );
          expect(held.lessThanOrEqualTo(qty.abs())).toBe(true);
          if (!used.shorts) expect(qty.isNegative()).toBe(false);
          else expect(qty.greaterThanOrEqualTo(used.shorts.shares.neg())).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives no order more than it asked for, at no worse than its limit, once, in its hours, and never in a halt', () => {
    fc.assert(
      fc.property(scripts, rules, (script, used) => {
        const venue = run(script, used);
        const fills = venue.fills();
        expect(new Set(fills.map(({ executionId }) => executionId)).size).toBe(fills.length);
        for (const order of venue.orders.values()) {
          const mine = fills.filter(({ orderId }) => orderId === order.id);
          const filled = mine.reduce((sum, { qty }) => sum.plus(qty), new D(0));
          expect(filled.toFixed()).toBe(order.filledQty.toFixed());
          expect(filled.lessThanOrEqualTo(order.qty)).toBe(true);
          for (const { price, filledAt, side } of mine) {
            const limit = order.limitPrice ?? price;
            expect(side === 'buy' ? price.lessThanOrEqualTo(limit) : price.greaterThanOrEqualTo(limit)).toBe(true);
            expect(filledAt >= OPEN && filledAt <= CLOSE).toBe(true);
            expect(order.arrivesAt === null || filledAt >= order.arrivesAt).toBe(true);
            if (order.stopPrice && order.triggeredAt) expect(filledAt >= order.triggeredAt).toBe(true);
          }
          if (order.timeInForce === 'fok' && mine.length > 0) expect(order.status).toBe('filled');
        }
        const left = [...venue.orders.values()].filter((order) => !isTerminal(order));
        const waits = (order: (typeof left)[number]) => order.timeInForce === 'gtc' || order.submittedAt >= CLOSE;
        expect(left.every(waits)).toBe(true);
        const times = venue.events.map(({ at }) => at);
        expect(times).toEqual([...times].sort());
      }),
      { numRuns: 150 },
    );
  });

  it('gives within a refresh no more than is shown and comes to the queue, and no more than its part of what trades', () => {
    fc.assert(
      fc.property(scripts, rules, (script, used) => {
        const venue = run(script, used);
        const participation = used.depth?.participation;
        const windows = new Map<string, Decimal>();
        const atAuction = (at: string): boolean => at === OPEN || at === CLOSE;
        for (const { symbol, filledAt, qty, side } of venue.fills()) {
          if (symbol === 'REC' || atAuction(filledAt)) continue;
          const window = Math.floor((Date.parse(filledAt) - Date.parse(OPEN)) / REFRESH_MS);
          const key = participation ? `${symbol} ${window}` : `${symbol} ${window} ${side}`;
          windows.set(key, (windows.get(key) ?? new D(0)).plus(qty));
        }
        const most = participation ? participation.times(PER_MINUTE) : new D(SHARES + PER_MINUTE / 2);
        for (const given of windows.values()) expect(given.lessThanOrEqualTo(most)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('does the same again when it is asked the same', () => {
    fc.assert(
      fc.property(scripts, rules, (script, used) => {
        expect(run(script, used).events).toEqual(run(script, used).events);
      }),
      { numRuns: 30 },
    );
  });
});
