import { describe, expect, it } from '@jest/globals';
import { flattenFault, orderFault } from './order-request.js';

const book = { account: 'main' };
const halt = (raised: boolean) => ({ raised, by: 'mina', reason: 'odd prices', at: '2024-03-04T15:00:00.000Z' });

describe('what a person asks for', () => {
  it.each([
    ['an order', () => orderFault('main', null), null],
    ['an order after a halt was lifted', () => orderFault('main', halt(false)), null],
    ['an order for a halted account', () => orderFault('main', halt(true)), 'ACCOUNT_HALTED'],
    ['a flatten of a halted account', () => flattenFault('main', book, halt(true)), null],
    ['a flatten of no book', () => flattenFault('main', null, null), 'BOOK_NOT_FOUND'],
    ['a flatten of an account never halted', () => flattenFault('main', book, null), 'ACCOUNT_NOT_HALTED'],
    ['a flatten after the halt was lifted', () => flattenFault('main', book, halt(false)), 'ACCOUNT_NOT_HALTED'],
  ])('%s', (_what, fault, code) => {
    expect(fault()?.code ?? null).toBe(code);
  });
});
