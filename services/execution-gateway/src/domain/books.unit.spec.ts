import { describe, expect, it } from '@jest/globals';
import { HaltLifted, HaltRaised, SymbolHalted, SymbolReleased, type Break } from '@ballast/contracts';
import type { VenueAccount, VenueOrder } from '../messages.js';
import { switchHalt, switchSymbolHalt, type Halt } from './halt.js';
import { compareBooks, settleBreaks, type OwnBooks } from './reconcile.js';

const NOW = '2024-03-04T15:00:00.000Z';

describe('a halt', () => {
  const halt: Halt = {
    account: 'main',
    halted: false,
    epoch: 0,
    by: 'ballast',
    reason: 'opened',
    door: 'rule',
    at: NOW,
  };
  const request = { on: true, by: 'me', reason: 'looks wrong', door: 'http' as const };

  it('is another epoch each time it is raised or lifted', () => {
    const raised = switchHalt(halt, request, NOW);
    expect([raised.state.halted, raised.state.epoch, raised.facts[0]!.type]).toEqual([true, 1, HaltRaised]);
    const lifted = switchHalt(raised.state, { ...request, on: false }, NOW);
    expect([lifted.state.halted, lifted.state.epoch, lifted.facts[0]!.type]).toEqual([false, 2, HaltLifted]);
  });

  it('changes nothing when it is what it is', () => {
    expect(switchHalt(halt, { ...request, on: false }, NOW)).toEqual({ state: halt, facts: [] });
  });
});

describe('books', () => {
  const ours: OwnBooks = {
    cash: '1000.00',
    positions: [{ symbol: 'AAPL', quantity: '10' }],
    orders: [{ clientOrderId: 'c1', symbol: 'AAPL', state: 'acknowledged', side: 'buy', filledQuantity: '0' }],
  };
  const theirs = {
    account: { cash: '1000' } as VenueAccount,
    fills: [],
    positions: [{ symbol: 'AAPL', quantity: '10.0' }],
    orders: [{ clientOrderId: 'c1', symbol: 'AAPL', filledQuantity: '0', status: 'working' } as VenueOrder],
  };
  const breaks = (mine: Partial<OwnBooks>, venue: object) =>
    compareBooks({ ...ours, ...mine }, { ...theirs, ...venue }, '0.01');

  it('agree however numbers are written', () => {
    expect(breaks({}, {})).toEqual([]);
  });

  it.each([
    [
      'a position the venue lacks',
      {},
      { positions: [] },
      { kind: 'position', subject: 'AAPL', ours: '10', venue: '0', symbol: 'AAPL' },
    ],
    [
      'a position we lack',
      { positions: [] },
      {},
      { kind: 'position', subject: 'AAPL', ours: '0', venue: '10', symbol: 'AAPL' },
    ],
    [
      'an order the venue lacks',
      {},
      { orders: [] },
      { kind: 'order', subject: 'c1', ours: 'acknowledged', venue: null, symbol: 'AAPL' },
    ],
    [
      'an order we lack',
      { orders: [] },
      {},
      { kind: 'order', subject: 'c1', ours: null, venue: 'working', symbol: 'AAPL' },
    ],
    [
      'a fill we lack',
      {},
      { orders: [{ ...theirs.orders[0], filledQuantity: '2' }] },
      { kind: 'fill', subject: 'c1', ours: '0', venue: '2', symbol: 'AAPL' },
    ],
    [
      'cash beyond the tolerance',
      { cash: '1000.02' },
      {},
      { kind: 'cash', subject: 'USD', ours: '1000.02', venue: '1000' },
    ],
  ])('show %s', (_, mine, venue, expected) => {
    expect(breaks(mine as Partial<OwnBooks>, venue)).toEqual([expected]);
  });

  it('do not ask the venue to know orders that have not been answered', () => {
    expect(
      breaks(
        { orders: [{ clientOrderId: 'c1', symbol: 'AAPL', state: 'unknown', side: 'buy', filledQuantity: '0' }] },
        { orders: [] },
      ),
    ).toEqual([]);
    expect(breaks({ cash: '1000.01' }, {})).toEqual([]);
  });
});

describe('what two looks found one after another', () => {
  const short: Break = { kind: 'position', subject: 'AAPL', ours: '10', venue: '7', symbol: 'AAPL' };
  const order: Break = { kind: 'order', subject: 'c1', ours: null, venue: 'working', symbol: 'AAPL' };

  it.each<[string, Break[], Break[], string]>([
    ['nothing', [short], [], 'green'],
    ['something for the first time', [], [short], 'moving'],
    ['the same again', [short], [short], 'broken'],
    ['the same, and trades of ours beside it', [short], [{ ...short, ours: '12', venue: '9' }], 'broken'],
    ['another difference', [short], [{ ...short, venue: '8' }], 'moving'],
    ['one more', [short], [short, order], 'moving'],
    ['one less', [short, order], [order], 'broken'],
    ['an order that stands otherwise', [order], [{ ...order, venue: 'held' }], 'moving'],
  ])('%s', (_, before, now, state) => {
    expect(settleBreaks(before, now)).toBe(state);
  });
});

describe('the halt of a symbol', () => {
  const wanted = { account: 'main', symbol: 'AAPL', halted: true, by: 'ada', reason: 'odd', door: 'http' as const };

  it('is raised by the first epoch and lifted by the next, and each is said', () => {
    const raised = switchSymbolHalt(null, wanted, NOW);
    expect(raised.state).toMatchObject({ halted: true, epoch: 1 });
    expect(raised.facts).toMatchObject([{ type: SymbolHalted, data: { symbol: 'AAPL', epoch: 1 } }]);
    const lifted = switchSymbolHalt(raised.state, { ...wanted, halted: false }, NOW);
    expect(lifted).toMatchObject({ state: { halted: false, epoch: 2 }, facts: [{ type: SymbolReleased }] });
  });

  it('changes nothing when it is what it is', () => {
    const { state } = switchSymbolHalt(null, wanted, NOW);
    expect(switchSymbolHalt(state, { ...wanted, by: 'bob' }, NOW)).toEqual({ state, facts: [] });
    expect(switchSymbolHalt(null, { ...wanted, halted: false }, NOW)).toMatchObject({ state: { epoch: 0 }, facts: [] });
  });
});
