import { describe, expect, it } from '@jest/globals';
import { renderRecord } from './record.js';

describe('renderRecord', () => {
  it('shows members as pairs, inner ones by their path, and lists of objects as tables', () => {
    const record = {
      id: 'x',
      none: null,
      tags: ['a', 'b'],
      head: { sequence: 3 },
      fills: [{ price: '10.5', quantity: '2' }, { price: '10.6' }],
      trades: { count: 1, hash: 'abc', inline: [{ symbol: 'A', by: [{ id: 'm', weight: '0.1' }, { id: 'v' }] }] },
      marks: { count: 4_000, hash: 'def' },
      empty: { count: 0, hash: 'e3b' },
    };
    expect(renderRecord(record)).toBe(`\
id             x
none           -
tags           a, b
head.sequence  3
marks          4000 rows, in the pack store as def
empty          -

fills
PRICE  QUANTITY
10.5   2
10.6   -

trades
SYMBOL  BY
A       id m weight 0.1, id v
`);
  });
});
