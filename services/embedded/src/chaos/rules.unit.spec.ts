import { describe, expect, it } from '@jest/globals';
import { brokenRules, type Aftermath, type Child } from './rules.js';

const child: Child = {
  client_order_id: 'c1',
  parent_order_id: 'p1',
  cycle_id: 'cycle',
  account: 'alpha',
  symbol: 'KO',
  side: 'buy',
  slice: 0,
  quantity: '10',
  filled_quantity: '10',
  approved_hash: 'h',
  state: 'filled',
  venue_order_id: 'v1',
};
const order = {
  account: 'alpha',
  clientOrderId: 'c1',
  venueOrderId: 'v1',
  symbol: 'KO',
  side: 'buy' as const,
  quantity: '10',
  filledQuantity: '10',
  status: 'filled' as const,
  submittedAt: '2026-03-02T16:00:00.000Z',
};
const venueFill = { ...order, executionId: 'e1', price: '60', at: order.submittedAt };
const fact = {
  service: 'execution-gateway',
  event_id: 'f1',
  noun: 'execution.order',
  key: 'c1',
  key_seq: 1,
  subject: 's',
};
const books = { orders: [order], fills: [venueFill], positions: [{ symbol: 'KO', quantity: '10' }], cash: '400' };

/** What a world leaves in which one order was filled, and all is well. */
const well: Aftermath = {
  openingCash: '1000.00',
  venue: new Map([['alpha', books]]),
  children: [child],
  parents: [
    { parent_order_id: 'p1', account: 'alpha', symbol: 'KO', side: 'buy', quantity: '10', completed_at: '2026' },
  ],
  fills: [{ execution_id: 'e1', account: 'alpha', symbol: 'KO', side: 'buy', quantity: '10', price: '60', fees: '0' }],
  completions: [{ parentOrderId: 'p1', filledQuantity: '10' }],
  halts: [{ account: 'alpha', halted: false, reason: 'opened' }],
  reconciliations: [{ account: 'alpha', status: 'green', breaks: [] }],
  sent: [fact],
  heard: [{ ...fact, turn: 1 }],
  held: [],
  unrest: [],
};
const atVenue = (more: Partial<typeof books>): Partial<Aftermath> => ({
  venue: new Map([['alpha', { ...books, ...more }]]),
});
const broken = (more: Partial<Aftermath>): string[] => brokenRules({ ...well, ...more }).map(({ checker }) => checker);

describe('the rules of the chaos', () => {
  it('are kept by a world in which all is well', () => {
    expect(brokenRules(well)).toEqual([]);
  });

  it.each<[string, string, Partial<Aftermath>]>([
    [
      'the venue has one client order id twice',
      'no order is doubled',
      atVenue({ orders: [order, { ...order, venueOrderId: 'v2' }] }),
    ],
    [
      'the venue has an order of nobody',
      'no order is doubled',
      atVenue({ orders: [order, { ...order, clientOrderId: 'c9' }] }),
    ],
    [
      'a slice was taken under two names',
      'no order is doubled',
      {
        ...atVenue({ orders: [order, { ...order, clientOrderId: 'c2', venueOrderId: 'v2' }] }),
        children: [child, { ...child, client_order_id: 'c2', venue_order_id: 'v2' }],
      },
    ],
    ['what was confirmed is not there', 'no order is lost', atVenue({ orders: [] })],
    [
      'what was given up is there',
      'no order is lost',
      { children: [{ ...child, state: 'rejected', venue_order_id: null, filled_quantity: '0' }] },
    ],
    [
      'more filled than was ordered',
      'filled within ordered',
      atVenue({ orders: [{ ...order, filledQuantity: '11' }] }),
    ],
    ['a parent is open', 'every parent ends', { parents: [{ ...well.parents[0]!, completed_at: null }] }],
    ['an order is open', 'every order ends', { children: [{ ...child, state: 'acknowledged' }] }],
    ['a fill was missed', 'fills agree', { fills: [] }],
    ['a fill was missed', 'fills are positions are lots', { fills: [] }],
    ['a fill was booked at another price', 'cash equals the venue', { fills: [{ ...well.fills[0]!, price: '61' }] }],
    [
      'the end was said with another quantity',
      'the end was said truly',
      { completions: [{ parentOrderId: 'p1', filledQuantity: '9' }] },
    ],
    ['the end was said twice', 'the end was said truly', { completions: [...well.completions, ...well.completions] }],
    [
      'a rule halted the account',
      'no account is halted',
      { halts: [{ account: 'alpha', halted: true, reason: 'a rule' }] },
    ],
    [
      'books differ',
      'books are reconciled',
      { reconciliations: [{ account: 'alpha', status: 'broken', breaks: [{}] }] },
    ],
    ['books were never compared', 'books are reconciled', { reconciliations: [] }],
    ['a number is missing', 'facts are numbered', { sent: [{ ...fact, key_seq: 2 }] }],
    ['an id was said twice', 'facts are numbered', { sent: [fact, { ...fact, key_seq: 2 }] }],
    ['a fact was not heard', 'every fact reaches its subscribers', { heard: [] }],
    ['something was heard that nobody said', 'only what was committed is said', { sent: [] }],
    ['a message is parked', 'nothing is parked', { held: ['a message'] }],
    ['work is open', 'all comes to rest', { unrest: ['1 parent orders are open'] }],
  ])('tell where %s: "%s"', (_, rule, more) => {
    expect(broken(more)).toContain(rule);
  });
});
