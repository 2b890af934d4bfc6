import { describe, expect, it } from '@jest/globals';
import { averagePrice, shownParent, type ParentProgress } from './order-progress.js';

const parent: ParentProgress = {
  orderId: 'p1',
  cycleId: 'c1',
  portfolioId: 'main',
  account: 'main',
  symbol: 'AAPL',
  side: 'buy',
  purpose: 'trade',
  quantity: '10',
  referencePrice: '100',
  arrivalPrice: null,
  terms: null,
  status: 'complete',
  slices: { total: 2, planned: 0, submitted: 2, working: 0, filled: 1, void: 1 },
  filledQuantity: '7',
  filledNotional: '707.7',
  codes: ['CANCELLED'],
  plannedAt: '2026-11-20T14:30:00.000Z',
};

describe('the progress of a parent order', () => {
  it.each([
    ['complete', '10', 'filled', '0'],
    ['complete', '11', 'filled', '0'],
    ['complete', '7', 'partially_filled', '3'],
    ['complete', '0', 'unfilled', '10'],
    ['active', '7', null, '3'],
    ['pending', '0', null, '10'],
  ] as const)('%s with %s of 10 filled: %s, %s left', (status, filledQuantity, outcome, remaining) => {
    expect(shownParent({ ...parent, status, filledQuantity })).toMatchObject({ kind: 'parent', outcome, remaining });
  });

  it('has an exact average price with nine decimals, and none without a fill', () => {
    expect(shownParent(parent).averagePrice).toBe('101.1');
    expect(averagePrice('3', '1')).toBe('0.333333333');
    expect(averagePrice('0', '0')).toBeNull();
  });
});
