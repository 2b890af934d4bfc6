import { describe, expect, it } from '@jest/globals';
import { cancelFault, flattenFault, orderFault } from './order-request.js';

const book = { account: 'main' };
const halt = (raised: boolean) => ({ raised, by: 'mina', reason: 'odd prices', at: '2024-03-04T15:00:00.000Z' });
const order = (status: 'acknowledged' | 'filled', portfolioId = 'main') => ({ status, portfolioId });

describe('what a person asks for', () => {
  it.each([
    ['an order', () => orderFault('main', book, null), null],
    ['an order after a halt was lifted', () => orderFault('main', book, halt(false)), null],
    ['an order for no book', () => orderFault('main', null, null), 'BOOK_NOT_FOUND'],
    ['an order for a halted account', () => orderFault('main', book, halt(true)), 'ACCOUNT_HALTED'],
    ['a flatten of a halted account', () => flattenFault('main', book, halt(true)), null],
    ['a flatten of no book', () => flattenFault('main', null, null), 'BOOK_NOT_FOUND'],
    ['a flatten of an account never halted', () => flattenFault('main', book, null), 'ACCOUNT_NOT_HALTED'],
    ['a flatten after the halt was lifted', () => flattenFault('main', book, halt(false)), 'ACCOUNT_NOT_HALTED'],
    ['a cancel of all', () => cancelFault('main', book, null, null), null],
    ['a cancel of a working order', () => cancelFault('main', book, 'a1', order('acknowledged')), null],
    ['a cancel for no book', () => cancelFault('main', null, null, null), 'BOOK_NOT_FOUND'],
    ['a cancel of no order', () => cancelFault('main', book, 'a1', null), 'ORDER_NOT_FOUND'],
    ['a cancel in another book', () => cancelFault('main', book, 'a1', order('filled', 'b')), 'ORDER_NOT_FOUND'],
    ['a cancel of what has ended', () => cancelFault('main', book, 'a1', order('filled')), 'ORDER_ENDED'],
  ])('%s', (_what, fault, code) => {
    expect(fault()?.code ?? null).toBe(code);
  });
});
