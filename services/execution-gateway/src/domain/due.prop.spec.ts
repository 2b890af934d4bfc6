import { describe, expect, it } from '@jest/globals';
import type { Trade } from '@ballast/contracts';
import { ALPACA_RULES } from '../adapters/alpaca-rules.js';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { sum, decimal } from '@ballast/kernel/money';
import fc from 'fast-check';
import { committedQuantity } from './child-order.js';
import { decideDue, type DueInputs } from './due.js';
import { planSchedules } from './schedule.js';

const START = '2024-03-04T15:00:00.000Z';
const MINUTE = 60_000;

const plan = (quantity: string) =>
  planSchedules(
    {
      cycleId: '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f01',
      portfolioId: 'main',
      account: 'main',
      approvedHash: 'a'.repeat(64),
      purpose: 'trade',
      haltEpoch: 0,
    },
    [{ symbol: 'AAPL', side: 'buy', quantity, referencePrice: '100' } as Trade],
    { algorithm: 'twap', slices: 6, horizonMinutes: 60 },
    ALPACA_RULES,
    START,
  ).state;

const free = {
  halt: { halted: false, epoch: 0, by: 'ballast', reason: 'account opened' },
  modeFault: null,
  stops: new Map(),
  venue: ALPACA_RULES,
  holdings: { positions: [], working: [] },
  lateRatioMax: '0.5',
  market: null,
};

const at = (now: string, quantity: string): DueInputs => {
  const { parents, children } = plan(quantity);
  const due = children.filter((order) => order.dueAt <= now);
  return { now, account: 'main', ...free, due, parents, family: children };
};

describe('slices that fall due', () => {
  it('never come to more than their parent, however late they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 0, max: 120 }), (quantity, minutes) => {
        const inputs = at(addMilliseconds(START, minutes * MINUTE), String(quantity));
        const { moves, changed } = decideDue(inputs);
        const after = new Map(inputs.family.map((order) => [order.clientOrderId, order]));
        for (const order of changed) after.set(order.clientOrderId, order);
        for (const { order, news } of moves) {
          after.set(order.clientOrderId, news.name === 'due' ? order : { ...order, state: 'cancelled' });
        }
        const total = sum([...after.values()].map((order) => decimal(committedQuantity(order))));
        expect(total.lessThanOrEqualTo(quantity)).toBe(true);
        for (const order of after.values()) {
          expect(decimal(order.quantity).lessThanOrEqualTo(decimal(order.plannedQuantity).times('1.5'))).toBe(true);
        }
      }),
    );
  });
});
