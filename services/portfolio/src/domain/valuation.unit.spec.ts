// Goal: a book is worth its cash and what its marks say, and never counts what has no mark; orders are followed to their end.
import { describe, expect, it } from '@jest/globals';
import { valueBook, workingOrders } from './valuation.js';
import { ended, filled, remainingOf, submitted, type Order } from './working-order.js';

const id = 'a'.repeat(32);
const about = { clientOrderId: id, portfolioId: 'main', symbol: 'AAA', side: 'buy' } as const;

describe('the value of a book', () => {
  const held = [
    { symbol: 'AAA', quantity: '10', cost: '50' },
    { symbol: 'BBB', quantity: '4', cost: '10' },
  ];

  it('is cash and positions at their marks', () => {
    const marks = [
      { symbol: 'BBB', price: '2' },
      { symbol: 'AAA', price: '7.5' },
      { symbol: 'CCC', price: '1' },
    ];
    expect(valueBook('100.50', held, marks)).toEqual({
      ...{ cash: '100.5', equity: '183.5', unrealised: '23', unpriced: [] },
      positions: [
        { symbol: 'AAA', quantity: '10', averageCost: '5', price: '7.5', marketValue: '75', unrealised: '25' },
        { symbol: 'BBB', quantity: '4', averageCost: '2.5', price: '2', marketValue: '8', unrealised: '-2' },
      ],
    });
  });

  it('leaves out what has no mark and says so', () => {
    for (const marks of [
      [{ symbol: 'AAA', price: '7.5' }],
      [
        { symbol: 'AAA', price: '7.5' },
        { symbol: 'BBB', price: '0' },
      ],
    ]) {
      const valuation = valueBook('100', held, marks);
      expect(valuation).toMatchObject({
        equity: '175',
        unrealised: null,
        unpriced: [{ symbol: 'BBB', quantity: '4' }],
      });
      expect(valuation.positions).toHaveLength(1);
    }
  });
});

describe('a working order', () => {
  const submission = { ...about, quantity: '10' } as never;
  const fill = (quantity: string, cumulativeQuantity: string, leavesQuantity: string) =>
    ({ ...about, quantity, cumulativeQuantity, leavesQuantity }) as never;

  it.each<[string, string, (order: Order | null) => Order]>([
    ['is submitted', '10', (order) => submitted(order, submission)],
    ['fills in part', '6', (order) => filled(submitted(order, submission), fill('4', '4', '6'))],
    ['fills before it is known to be sent', '6', (order) => submitted(filled(order, fill('4', '4', '6')), submission)],
    ['fills before it is known at all', '6', (order) => filled(order, fill('4', '4', '6'))],
    [
      'fills fewer shares than its amount was thought to buy',
      '0',
      (order) => filled(submitted(order, submission), fill('4', '4', '0')),
    ],
    ['fills whole', '0', (order) => filled(filled(order, fill('4', '4', '6')), fill('6', '10', '0'))],
    ['ends', '0', (order) => ended(submitted(order, submission), { ...about, filledQuantity: '0' })],
    ['ends unknown', '0', (order) => submitted(ended(order, { ...about, filledQuantity: '0' }), submission)],
    [
      'fills after its end',
      '0',
      (order) => filled(ended(submitted(order, submission), { ...about, filledQuantity: '0' }), fill('4', '4', '6')),
    ],
  ])('that %s leaves %s', (_what, remaining, evolve) => {
    expect(remainingOf(evolve(null))).toBe(remaining);
  });

  it('is listed by symbol and id while something of it may fill', () => {
    const order = (clientOrderId: string, symbol: string, done: boolean): Order => ({
      ...{ ...about, clientOrderId, symbol, quantity: '5', filled: done ? '5' : '1', ended: done },
    });
    expect(workingOrders([order('b', 'AAB', false), order('c', 'AAA', true), order('a', 'AAB', false)])).toEqual([
      { clientOrderId: 'a', symbol: 'AAB', side: 'buy', remaining: '4' },
      { clientOrderId: 'b', symbol: 'AAB', side: 'buy', remaining: '4' },
    ]);
  });
});
