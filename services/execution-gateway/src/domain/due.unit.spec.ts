import { describe, expect, it } from '@jest/globals';
import type { Trade } from '@ballast/contracts';
import { ALPACA_RULES } from '../adapters/alpaca-rules.js';
import { addMilliseconds } from '@ballast/kernel/calendar';
import type { Stop } from './account-monitor.js';
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
      purpose: 'trade',
      haltEpoch: 0,
    },
    [{ symbol: 'AAPL', side: 'buy', quantity, referencePrice: '100' } as Trade],
    { algorithm: 'twap', slices: 6, horizonMinutes: 60 },
    ALPACA_RULES,
    START,
  ).state;

const halt = { halted: false, epoch: 0, by: 'ada', reason: 'odd prices' };
const unchecked = { lateRatioMax: '0.5', market: null };
const free = {
  ...{ halt, modeFault: null, stops: new Map<string, Stop>() },
  ...{ venue: ALPACA_RULES, holdings: { positions: [], working: [] } },
  ...unchecked,
};

const at = (now: string, quantity = '60', more: Partial<DueInputs> = {}): DueInputs => {
  const { parents, children } = plan(quantity);
  const due = children.filter((order) => order.dueAt <= now);
  return { now, account: 'main', ...free, due, parents, family: children, ...more };
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

  it.each<[string, Partial<DueInputs>, string]>([
    ['is halted', { halt: { ...halt, halted: true, epoch: 1 } }, 'HALTED'],
    ['is not known', { halt: null }, 'ACCOUNT_UNKNOWN'],
    ['is not for this gateway', { modeFault: 'it is live' }, 'MODE_MISMATCH'],
  ])('are void when the account %s, and nothing is asked of the venue', (_what, more, code) => {
    const inputs = at(START, '60', more);
    expect(told(inputs)).toEqual([[0, '10', code]]);
    expect(decideDue(inputs).tasks).toEqual([]);
  });

  it('are void where the account monitor stops their parent, and only that one', () => {
    const inputs = at(START);
    const stop: Stop = { code: 'SYMBOL_HALTED', reason: 'AAPL is halted' };
    expect(told({ ...inputs, stops: new Map([[inputs.parents[0]!.parentOrderId, stop]]) })).toEqual([
      [0, '10', 'SYMBOL_HALTED'],
    ]);
    expect(told({ ...inputs, stops: new Map([['another', stop]]) })).toEqual([[0, '10', 'due']]);
  });

  it('are void once the session has closed', () => {
    const { parents, children } = plan('60');
    const now = '2024-03-04T21:00:00.000Z';
    const inputs = { now, account: 'main', ...free, due: children, parents, family: children };
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
    expect(outcome.changed.map(({ slice, quantity }) => [slice, quantity])).toEqual([
      [3, '15'],
      [4, '15'],
      [5, '15'],
    ]);
  });

  it("are refused before they are sent where the venue's rules do not take them, and the others leave", () => {
    const { parents, children } = plan('60');
    const [first, second, ...rest] = children;
    const fine = { ...first!, quantity: '0.1234567891' };
    const due = [fine, { ...second!, dueAt: START }];
    const outcome = decideDue({ ...at(START), parents, due, family: [...due, ...rest] });
    expect(outcome.moves).toMatchObject([
      {
        order: { slice: 0 },
        news: { name: 'refused', code: 'QUANTITY_DECIMALS', reason: expect.stringMatching(/9 decimals/) },
      },
      { order: { slice: 1 }, news: { name: 'due' } },
    ]);
  });

  it('that are all late are void: nothing is left to spread them over', () => {
    const { moves, changed } = decideDue(at(addMilliseconds(START, 3 * 60 * MINUTE)));
    expect([moves.every(({ news }) => 'code' in news && news.code === 'LATE'), changed]).toEqual([true, []]);
  });
});

describe('a closing order that falls due', () => {
  const { state } = planSchedules(
    {
      ...{ cycleId: '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f01', portfolioId: 'main', account: 'main' },
      ...{ approvedHash: 'a'.repeat(64), purpose: 'flatten', haltEpoch: 3 },
    },
    [{ symbol: 'AAPL', side: 'sell', quantity: '60', referencePrice: '100' } as Trade],
    { algorithm: 'at_once' },
    ALPACA_RULES,
    START,
  );
  const halted = { ...halt, halted: true, epoch: 3 };
  const holding = (quantity: string) => ({ positions: [{ symbol: 'AAPL', quantity }], working: [] });
  const closing = (more: Partial<DueInputs>): DueInputs => ({
    ...{ now: START, account: 'main', halt: halted, modeFault: null, stops: new Map() },
    ...{ venue: ALPACA_RULES, holdings: holding('60') },
    ...{ due: state.children, parents: state.parents, family: state.children, ...unchecked, ...more },
  });

  it('leaves whole under its halt, however late in the session', () => {
    expect(told(closing({}))).toEqual([[0, '60', 'due']]);
    expect(told(closing({ now: '2024-03-04T20:59:59.999Z' }))).toEqual([[0, '60', 'due']]);
  });

  it.each<[string, Partial<DueInputs>, string]>([
    ['the halt was lifted', { halt: { ...halted, halted: false, epoch: 4 } }, 'HALT_EPOCH_OLD'],
    ['another halt came', { halt: { ...halted, epoch: 5 } }, 'HALT_EPOCH_OLD'],
    ['the epoch is not that of a halt', { halt: { ...halted, halted: false } }, 'HALT_EPOCH_OLD'],
    ['the account is not known', { halt: null }, 'ACCOUNT_UNKNOWN'],
    ['the account is not for this gateway', { modeFault: 'it is live' }, 'MODE_MISMATCH'],
    ['the session has closed', { now: '2024-03-04T21:00:00.000Z' }, 'SESSION_ENDED'],
    ['fills came late that closed some of it', { holdings: holding('59') }, 'NOT_REDUCING'],
    ['the position has turned', { holdings: holding('-60') }, 'NOT_REDUCING'],
    [
      'some of it is being sold already',
      { holdings: { ...holding('60'), working: [{ symbol: 'AAPL', side: 'sell', remaining: '1' }] } },
      'NOT_REDUCING',
    ],
  ])('is void where %s', (_what, more, code) => {
    expect(told(closing(more))).toEqual([[0, '60', code]]);
  });

  it('leaves beside another only as far as both together close', () => {
    const other = { ...state.parents[0]!, parentOrderId: 'ffffffff-0000-4000-8000-000000000000' };
    const twin = { ...state.children[0]!, clientOrderId: 'f'.repeat(32), parentOrderId: other.parentOrderId };
    const both = {
      parents: [state.parents[0]!, other],
      due: [...state.children, twin],
      family: [...state.children, twin],
    };
    expect(told(closing({ ...both, holdings: holding('120') })).map(([, , news]) => news)).toEqual(['due', 'due']);
    expect(told(closing({ ...both, holdings: holding('119') })).map(([, , news]) => news)).toEqual([
      'due',
      'NOT_REDUCING',
    ]);
  });
});
