import { describe, expect, it } from '@jest/globals';
import { ORDER_COLUMNS, progressOf, renderOrder } from './order.js';
import { renderTable } from './table.js';

const parent = {
  ...{ kind: 'parent', orderId: 'p1', cycleId: 'c1', symbol: 'AAPL', side: 'buy', quantity: '120' },
  ...{ filledQuantity: '45', averagePrice: '101.5', status: 'pending', outcome: null },
  ...{ plannedAt: '2026-11-20T14:30:00.000Z', slices: { total: 6, planned: 3, working: 1, filled: 2, void: 0 } },
};
const child = {
  kind: 'child',
  symbol: 'AAPL',
  status: 'cancelled',
  filledQuantity: '0',
  averagePrice: null,
  quantity: '20',
};
const found = { order: parent, parent: null, slices: [], fills: [], transitions: null };

describe('how far an order came', () => {
  it.each([
    [parent, 'AAPL pending: 45 of 120 filled at 101.5; slices: 2 of 6 filled, 1 working, 3 planned'],
    [
      { ...parent, outcome: 'partially_filled', slices: { total: 6, planned: 0, working: 0, filled: 2, void: 4 } },
      'AAPL partially_filled: 45 of 120 filled at 101.5; slices: 2 of 6 filled, 0 working, 0 planned, 4 void',
    ],
    [child, 'AAPL cancelled: 0 of 20 filled'],
  ])('%#: is one line', (order, line) => {
    expect(progressOf(order)).toBe(line);
  });

  it('is a row of a table', () => {
    expect(renderTable(ORDER_COLUMNS, [parent])).toContain(
      'p1     AAPL    buy   120       45      101.5    pending  2 of 6 filled, 1 working, 3 planned  2026-11-20T14:30:00.000Z  c1',
    );
  });

  it('is shown slice by slice, or by what one slice went through', () => {
    const slice = { slice: 0, attempt: 1, clientOrderId: 'a1', status: 'working', quantity: '20' };
    expect(renderOrder({ ...found, slices: [slice] })).toMatch(/SLICE +TRY +ORDER[^]*\n0 +1 +a1/);
    const shown = renderOrder({
      ...found,
      order: child,
      parent,
      transitions: [{ event: 'due' }],
      fills: [{ price: '9' }],
    });
    expect(shown).toMatch(/parent +p1\n[^]*fills\nPRICE\n9\n[^]*transitions\nEVENT\ndue\n/);
  });
});
