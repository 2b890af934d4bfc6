// Goal: an order for an amount of money is followed to its end, whatever pieces and prices it fills in.
import { describe, expect, it } from '@jest/globals';
import type { VenueStatus } from '../messages.js';
import { decimal, sum } from '@ballast/kernel/money';
import fc from 'fast-check';
import { decideOrder, type ChildOrder, type News } from './child-order.js';
import { newsOfOrder } from './venue-news.js';

const NOW = '2024-03-04T15:00:00.000Z';
const rules = { now: NOW, venue: 'alpaca', settlement: { windowMs: 15_000, resends: true, concludes: true } };

const ordered = (notional: string): ChildOrder => ({
  ...{ clientOrderId: 'c'.repeat(32), parentOrderId: '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f02', portfolioId: 'main' },
  ...{ cycleId: '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f01', account: 'main', symbol: 'AAPL', side: 'buy', slice: 0 },
  ...{ attempt: 0, quantity: '5', plannedQuantity: '5', approvedHash: 'a'.repeat(64), dueAt: NOW },
  terms: { type: 'market', timeInForce: 'day', notional },
  ...{ state: 'acknowledged', venueOrderId: 'v1', filledQuantity: '0', filledNotional: '0', cancelRequested: false },
  ...{ missedAsks: 0, held: false, standingAt: null, code: null, reason: null, submittedAt: NOW, endedAt: null },
  deferredUntil: null,
});

interface Piece {
  readonly quantity: string;
  readonly price: string;
}
const piece = fc.record({
  quantity: fc.integer({ min: 1, max: 50_000_000 }).map((billionths) => decimal(String(billionths)).div(1e7).toFixed()),
  price: fc.integer({ min: 1, max: 60_000 }).map((cents) => decimal(String(cents)).div(100).toFixed()),
});
const pieces = fc.array(piece, { minLength: 1, maxLength: 8 });
const costOf = (filled: readonly Piece[]) => sum(filled.map(({ quantity, price }) => decimal(quantity).times(price)));

/** What the venue answers about the order after so many of its fills. */
const answered = (filled: readonly Piece[], status: VenueStatus): readonly News[] =>
  newsOfOrder(
    {
      ...{ clientOrderId: 'c', venueOrderId: 'v1', symbol: 'AAPL', side: 'buy', status, submittedAt: NOW },
      ...{ quantity: '0', filledQuantity: sum(filled.map(({ quantity }) => decimal(quantity))).toFixed() },
    },
    filled.map((each, i) => ({
      ...{ executionId: `e${i}`, venueOrderId: 'v1', symbol: 'AAPL', side: 'buy', at: NOW, ...each },
    })),
    { terms: ordered('1').terms },
  ).news;

/** Takes answers in one after another; a fill that was booked before is dropped, as the handlers do. */
function follow(start: ChildOrder, answers: readonly (readonly News[])[]) {
  const booked = new Set<string>();
  let order = start;
  let halts = false;
  const left: string[] = [];
  for (const news of answers.flat()) {
    if (news.name === 'fill' && booked.has(news.fill.executionId)) continue;
    if (news.name === 'fill') booked.add(news.fill.executionId);
    const decided = decideOrder(order, news, rules);
    order = decided.state;
    halts ||= decided.halts;
    for (const { data } of decided.facts as readonly { readonly data: { readonly leavesQuantity?: string } }[]) {
      if (data.leavesQuantity !== undefined) left.push(data.leavesQuantity);
    }
  }
  return { order, halts, left };
}

describe('an order for an amount of money', () => {
  it('is open until the venue calls it filled, and then for what has filled', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 0, max: 8 }), (filled, heard) => {
        const first = filled.slice(0, Math.min(heard, filled.length - 1));
        const amount = costOf(filled).toFixed();
        const partly = follow(ordered(amount), [answered(first, 'working')]);
        expect(partly.order.state).toBe(first.length === 0 ? 'acknowledged' : 'partially_filled');
        expect(partly.left.every((each) => decimal(each).greaterThan(0))).toBe(true);
        const whole = follow(ordered(amount), [answered(first, 'working'), answered(filled, 'filled')]);
        expect(whole.order).toMatchObject({ state: 'filled', quantity: whole.order.filledQuantity });
        expect([whole.halts, whole.left.at(-1)]).toEqual([false, '0']);
        expect(whole.order.filledNotional).toBe(amount);
      }),
      { numRuns: 1_000 },
    );
  });

  it('stops the account where its fills cost more than the amount, by more than a hundredth', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 300 }), (filled, percent) => {
        const amount = costOf(filled).times(100).div(percent).toFixed(9);
        if (decimal(amount).isZero()) return;
        const { halts } = follow(ordered(amount), [answered(filled, 'filled')]);
        if (percent >= 102) expect(halts).toBe(true);
        if (percent <= 100) expect(halts).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('that ends otherwise keeps what it filled, less than it is for', () => {
    fc.assert(
      fc.property(pieces, (filled) => {
        const amount = costOf(filled).times(2).toFixed();
        const { order, halts } = follow(ordered(amount), [answered(filled, 'cancelled')]);
        expect([order.state, halts]).toEqual(['cancelled', false]);
        expect(decimal(order.quantity).greaterThan(order.filledQuantity)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is ended by the venue’s word also where all its fills were booked before', () => {
    const filled = [{ quantity: '2', price: '100' }];
    const { order } = follow(ordered('250'), [answered(filled, 'working'), answered(filled, 'filled')]);
    expect(order).toMatchObject({ state: 'cancelled', code: 'VENUE_FILLED', filledQuantity: '2' });
  });

  it('is not taken from two answers that do not agree', () => {
    const found = { venueOrderId: 'v1', filledQuantity: '1', status: 'working' } as never;
    const fills = [{ quantity: '2' }] as never;
    const told = newsOfOrder(found, fills, { terms: ordered('1').terms });
    expect([told.news.map(({ name }) => name), told.missing]).toEqual([['found_at_venue'], true]);
  });
});
