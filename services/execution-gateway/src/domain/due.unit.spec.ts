import { describe, expect, it } from '@jest/globals';
import type { Trade } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import type { ChildOrder } from './child-order.js';
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
    },
    [{ symbol: 'AAPL', side: 'buy', quantity, referencePrice: '100' } as Trade],
    { slices: 6, horizonMinutes: 60 },
    START,
  ).state;

const at = (now: string, quantity = '60', more: Partial<DueInputs> = {}): DueInputs => {
  const { parents, children } = plan(quantity);
  const due = children.filter((order) => order.dueAt <= now);
  return { now, account: 'main', stopped: null, due, parents, family: children, ...more };
};

const told = (inputs: DueInputs) =>
  decideDue(inputs).moves.map(({ order, news }) => [
    order.slice,
    order.quantity,
    'code' in news ? news.code : news.name,
  ]);

describe('slices that fall due', () => {
  it('leave when they are in time', () => {
    expect(told(at(START))).toEqual([[0, '10', 'due']]);
  });

  it('ask for the arrival price with the first slice only', () => {
    expect(decideDue(at(START)).arriving).toHaveLength(1);
    const { parents, children } = plan('60');
    const [first, second, ...rest] = children;
    const sent: ChildOrder = { ...first!, state: 'acknowledged', submittedAt: START };
    const inputs = { ...at(second!.dueAt), parents, due: [second!], family: [sent, second!, ...rest] };
    expect(decideDue(inputs)).toMatchObject({ arriving: [], tasks: [] });
  });

  it('are void when the account is stopped, and nothing is asked of the venue', () => {
    const stopped = { code: 'HALTED', reason: 'halted' };
    const inputs = at(START, '60', { stopped });
    expect(told(inputs)).toEqual([[0, '10', 'HALTED']]);
    expect(decideDue(inputs).tasks).toEqual([]);
  });

  it('are void once the session has closed', () => {
    const { parents, children } = plan('60');
    const now = '2024-03-04T21:00:00.000Z';
    const inputs = { now, account: 'main', stopped: null, due: children, parents, family: children };
    expect(decideDue(inputs).moves.every(({ news }) => 'code' in news && news.code === 'SESSION_ENDED')).toBe(true);
  });

  it('stop the account when they would exceed their parent', () => {
    const { parents, children } = plan('60');
    const doubled = { ...children[1]!, clientOrderId: 'f'.repeat(32), quantity: '1' };
    const outcome = decideDue({ ...at(START), parents, due: [children[0]!], family: [...children, doubled] });
    expect(outcome.exceeded).toBe(true);
    expect(outcome.moves).toMatchObject([{ news: { name: 'cancel_requested', code: 'EXCEEDS_PARENT' } }]);
  });

  it('that are late are spread under the cap and never burst', () => {
    const now = addMilliseconds(START, 25 * MINUTE);
    const outcome = decideDue(at(now));
    expect(told(at(now))).toEqual([
      [0, '10', 'LATE'],
      [1, '10', 'LATE'],
      [2, '15', 'due'],
    ]);
    expect(outcome.grown.map(({ slice, quantity }) => [slice, quantity])).toEqual([
      [3, '15'],
      [4, '15'],
      [5, '15'],
    ]);
  });

  it('that are all late are void: nothing is left to spread them over', () => {
    const { moves, grown } = decideDue(at(addMilliseconds(START, 3 * 60 * MINUTE)));
    expect([moves.every(({ news }) => 'code' in news && news.code === 'LATE'), grown]).toEqual([true, []]);
  });
});
