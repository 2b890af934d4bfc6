// Goal: whatever the market does, a parent's children never come to more than it, and never to more than their part of the volume.
import { describe, expect, it } from '@jest/globals';
import type { Trade } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { decimal, sum } from '@ballast/kernel/money';
import fc from 'fast-check';
import { ALPACA_RULES } from '../adapters/alpaca-rules.js';
import { committedQuantity, type ChildOrder } from './child-order.js';
import { decideDue } from './due.js';
import { planSchedules } from './schedule.js';

const START = '2024-03-04T15:00:00.000Z';
const MINUTE = 60_000;

/** What is seen at one look: minutes since the one before, shares traded since, and the market's condition. */
const look = fc.record({
  minutes: fc.integer({ min: 1, max: 15 }),
  traded: fc.option(fc.nat({ max: 2_000 }), { freq: 8 }),
  condition: fc.constantFrom('open', 'open', 'open', 'halted', 'not_firm' as const),
  fills: fc.boolean(),
});

const parentOf = (quantity: number) =>
  planSchedules(
    {
      ...{ cycleId: '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f01', portfolioId: 'main', account: 'main' },
      ...{ approvedHash: 'a'.repeat(64), purpose: 'trade', haltEpoch: 0 },
    },
    [{ symbol: 'AAPL', side: 'buy', quantity: String(quantity), referencePrice: '100' } as Trade],
    { algorithm: 'twap', slices: 6, horizonMinutes: 60 },
    ALPACA_RULES,
    START,
  ).state;

describe('a parent that is worked against the market', () => {
  it('never comes to more than itself, or than its part of the volume, and sends nothing into the unknown', () => {
    const law = fc.property(
      fc.integer({ min: 1, max: 3_000 }),
      fc.integer({ min: 1, max: 50 }).map((percent) => String(percent / 100)),
      fc.array(look, { minLength: 1, maxLength: 12 }),
      (quantity, ratio, looks) => {
        const { parents, children } = parentOf(quantity);
        const family = new Map<string, ChildOrder>(children.map((order) => [order.clientOrderId, order]));
        let now = START;
        let volume = 0;
        for (const { minutes, traded, condition, fills } of looks) {
          now = addMilliseconds(now, minutes * MINUTE);
          volume += traded ?? 0;
          const all = [...family.values()];
          const quote = { symbol: 'AAPL', bid: '99.99', ask: '100.01', at: now, condition };
          const view = { quote, volume: traded === null ? null : String(volume) };
          const { moves, changed } = decideDue({
            ...{ now, account: 'main', modeFault: null, stops: new Map(), venue: ALPACA_RULES, parents, family: all },
            halt: { halted: false, epoch: 0, by: 'ballast', reason: 'account opened' },
            holdings: { positions: [], working: [] },
            due: all.filter((order) => order.state === 'planned' && order.dueAt <= now),
            lateRatioMax: '0.5',
            market: {
              rules: { quoteAgeMsMax: 5_000, priceLimitBp: null, participationRatioMax: ratio },
              views: new Map([[parents[0]!.parentOrderId, view]]),
            },
          });
          for (const order of changed) family.set(order.clientOrderId, order);
          const leaving = moves.filter(({ news }) => news.name === 'due').map(({ order }) => order);
          for (const { order, news } of moves) {
            const left = { ...order, state: 'acknowledged' as const, submittedAt: now };
            const filled = { ...left, state: 'filled' as const, filledQuantity: order.quantity, endedAt: now };
            const gone = { ...order, state: 'cancelled' as const, endedAt: now };
            family.set(order.clientOrderId, news.name !== 'due' ? gone : fills ? filled : left);
          }
          if (traded === null || condition !== 'open') expect(leaving).toEqual([]);
          const sent = [...family.values()].filter(({ submittedAt }) => submittedAt !== null);
          const own = sum(sent.map((order) => decimal(committedQuantity(order))));
          if (leaving.length > 0) expect(own.lessThanOrEqualTo(decimal(ratio).times(volume))).toBe(true);
          const committed = sum([...family.values()].map((order) => decimal(committedQuantity(order))));
          expect(committed.lessThanOrEqualTo(quantity)).toBe(true);
          for (const order of family.values()) {
            expect(decimal(order.quantity).lessThanOrEqualTo(decimal(order.plannedQuantity).times('1.5'))).toBe(true);
          }
        }
      },
    );
    fc.assert(law, { numRuns: 500 });
  });
});
