import { describe, expect, it } from '@jest/globals';
import { decideOrder, type ChildOrder, type News } from './child-order.js';

const NOW = '2024-03-04T15:00:00.000Z';
const rules = { now: NOW, venue: 'alpaca', settlement: { windowMs: 15_000, resends: true, concludes: true } };

const order = (known: Partial<ChildOrder> = {}): ChildOrder => ({
  clientOrderId: 'c'.repeat(32),
  parentOrderId: '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f02',
  cycleId: '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f01',
  portfolioId: 'main',
  account: 'main',
  symbol: 'AAPL',
  side: 'buy',
  slice: 0,
  attempt: 0,
  quantity: '10',
  plannedQuantity: '10',
  approvedHash: 'a'.repeat(64),
  terms: null,
  dueAt: NOW,
  deferredUntil: null,
  state: 'planned',
  venueOrderId: null,
  filledQuantity: '0',
  filledNotional: '0',
  cancelRequested: false,
  missedAsks: 0,
  held: false,
  standingAt: null,
  code: null,
  reason: null,
  submittedAt: null,
  endedAt: null,
  ...known,
});

const fill = (quantity: string, price = '100.10'): News => ({
  name: 'fill',
  fill: { executionId: 'e1', venueOrderId: 'v1', symbol: 'AAPL', side: 'buy', quantity, price, at: NOW },
});

const told = (start: ChildOrder, news: News) => {
  const { state, facts, tasks, alarms } = decideOrder(start, news, rules);
  return [
    state.state,
    facts.map((each) => `${each.type.noun}.${each.type.verb}`),
    tasks.map((each) => `${each.wakes ?? each.kind}${each.dueAt ? ` ${each.dueAt}` : ''}`),
    alarms.map((each) => each.code),
  ];
};

describe('what an order says and asks for', () => {
  it.each([
    ['leaves', order(), { name: 'due' }, ['sending', ['order.submitted'], ['place-order'], []]],
    [
      'is acknowledged',
      order({ state: 'sending' }),
      { name: 'acknowledged', venueOrderId: 'v1' },
      ['acknowledged', ['order.acknowledged'], [], []],
    ],
    [
      'fills before it is acknowledged',
      order({ state: 'sending' }),
      fill('4'),
      ['partially_filled', ['order.acknowledged', 'order.filled'], [], []],
    ],
    [
      'gets no answer',
      order({ state: 'sending' }),
      { name: 'no_answer', reason: 'timeout' },
      ['unknown', ['order.unknown'], ['ask-venue 2024-03-04T15:00:15.000Z'], []],
    ],
    [
      'is not known once',
      order({ state: 'unknown' }),
      { name: 'not_at_venue', reason: 'no' },
      ['unknown', [], ['ask-venue 2024-03-04T15:00:15.000Z'], []],
    ],
    [
      'is not known twice',
      order({ state: 'unknown', missedAsks: 1 }),
      { name: 'not_at_venue', reason: 'no' },
      ['rejected', ['order.rejected'], [], []],
    ],
    [
      'is to be cancelled before it left',
      order(),
      { name: 'cancel_requested', code: 'HALTED', reason: 'halted' },
      ['cancelled', ['order.cancelled'], [], []],
    ],
    [
      'is to be cancelled at the venue',
      order({ state: 'acknowledged', venueOrderId: 'v1' }),
      { name: 'cancel_requested', code: 'CANCELLED', reason: 'x' },
      ['pending_cancel', [], ['cancel-order'], []],
    ],
    [
      'is named while its cancel is under way',
      order({ state: 'pending_cancel', cancelRequested: true }),
      { name: 'acknowledged', venueOrderId: 'v1' },
      ['pending_cancel', ['order.acknowledged'], ['cancel-order'], []],
    ],
    [
      'is deferred',
      order({ state: 'sending' }),
      { name: 'deferred', reason: 'rate limited', retryAt: '2024-03-04T15:00:30.000Z', unsent: false },
      ['cancelled', ['order.cancelled'], ['local.timer.slices-due 2024-03-04T15:00:30.000Z'], []],
    ],
    [
      'fills more than it wanted',
      order({ state: 'acknowledged', venueOrderId: 'v1' }),
      fill('11'),
      ['filled', ['order.filled'], [], ['ORDER_OVERFILLED']],
    ],
    [
      'fills without having been sent',
      order(),
      fill('1'),
      ['partially_filled', ['order.acknowledged', 'order.filled'], [], ['ORDER_STATE_UNEXPECTED']],
    ],
    [
      'hears old news',
      order({ state: 'filled', venueOrderId: 'v1', filledQuantity: '10' }),
      { name: 'acknowledged', venueOrderId: 'v1' },
      ['filled', [], [], []],
    ],
  ] as [string, ChildOrder, News, unknown[]][])('when it %s', (_, start, news, expected) => {
    expect(told(start, news)).toEqual(expected);
  });

  it('counts quantity and money exactly', () => {
    const first = decideOrder(order({ state: 'acknowledged', venueOrderId: 'v1' }), fill('3', '100.10'), rules).state;
    const { state, facts } = decideOrder(first, fill('7', '100.3333'), rules);
    expect([state.state, state.filledQuantity, state.filledNotional]).toEqual(['filled', '10', '1002.6331']);
    expect(facts.at(-1)!.data).toMatchObject({ cumulativeQuantity: '10', leavesQuantity: '0' });
  });

  it('leaves nothing open of an order that has ended', () => {
    const { facts } = decideOrder(order({ state: 'cancelled', endedAt: NOW }), fill('3'), rules);
    expect(facts.at(-1)!.data).toMatchObject({ cumulativeQuantity: '3', leavesQuantity: '0' });
  });

  it('tries again under an id of its own, except where a cancel was asked for', () => {
    const news: News = { name: 'deferred', reason: 'rate limited', retryAt: '2024-03-04T15:00:30.000Z', unsent: false };
    const again = decideOrder(order({ state: 'sending' }), news, rules).successor!;
    expect(again).toMatchObject({ attempt: 1, state: 'planned', quantity: '10', dueAt: '2024-03-04T15:00:30.000Z' });
    expect(again.clientOrderId).not.toBe(order().clientOrderId);
    const cancelled = decideOrder(order({ state: 'pending_cancel', cancelRequested: true }), news, rules);
    expect([cancelled.state.state, cancelled.successor]).toEqual(['cancelled', null]);
  });

  it('is not tried again at a venue where a second order could be one too many, unless it never left', () => {
    const careful = { ...rules, settlement: { windowMs: 60_000, resends: false, concludes: false } };
    const news = { name: 'deferred', reason: 'rate limited', retryAt: '2024-03-04T15:00:30.000Z' } as const;
    const refused = decideOrder(order({ state: 'sending' }), { ...news, unsent: false }, careful);
    expect([refused.state.state, refused.successor, refused.tasks]).toEqual(['cancelled', null, []]);
    expect(decideOrder(order({ state: 'sending' }), { ...news, unsent: true }, careful).successor).not.toBeNull();
  });

  it('stays unknown, and is asked for again a window later, where the venue can only not show it', () => {
    const careful = { ...rules, settlement: { windowMs: 60_000, resends: false, concludes: false } };
    const unknown = order({ state: 'unknown', missedAsks: 1 });
    const { state, tasks } = decideOrder(unknown, { name: 'not_shown', reason: 'not listed' }, careful);
    expect([state.state, state.missedAsks]).toEqual(['unknown', 1]);
    expect(tasks).toMatchObject([{ kind: 'ask-venue', dueAt: '2024-03-04T15:01:00.000Z' }]);
  });
});
