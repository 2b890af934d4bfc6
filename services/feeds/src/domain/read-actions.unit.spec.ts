// Goal: corporate actions of a file are taken exactly or the file is refused with the line.
import { describe, expect, it } from '@jest/globals';
import { actionsBySymbol } from './actions.js';
import { ActionsReader } from './read-actions.js';

const HEADER = 'date,symbol,type,ratio,amount,new_symbol';
const read = (...lines: string[]) => {
  const reader = new ActionsReader();
  reader.read(`${lines.join('\n')}\n`);
  return reader.end();
};

describe('a file of corporate actions', () => {
  it('is read in any order, with what is said twice once, and two dividends of a day as two', () => {
    expect(
      read(
        HEADER,
        '2014-06-09,AAPL,split,7,,',
        '2014-05-08,AAPL,dividend,,3.29,',
        '2014-05-08,AAPL,dividend,,3.29,',
        '2014-05-08,AAPL,cash_dividend,,0.5,',
        '2011-05-09,C,reverse_split,0.1,,',
        '2022-06-09,FB,symbol_change,,,META',
      ),
    ).toEqual([
      { symbol: 'AAPL', date: '2014-05-08', type: 'cash_dividend', terms: ['0.5', '3.29'] },
      { symbol: 'AAPL', date: '2014-06-09', type: 'split', terms: ['7'] },
      { symbol: 'C', date: '2011-05-09', type: 'split', terms: ['0.1'] },
      { symbol: 'FB', date: '2022-06-09', type: 'symbol_change', terms: ['META'] },
    ]);
  });

  it('gives the kernel what it says', () => {
    const kept = read(HEADER, '2014-05-08,AAPL,dividend,,3.29,', '2014-06-09,AAPL,split,7,,');
    const actions = actionsBySymbol(kept).get('AAPL')!;
    expect(actions.map((action) => [action.type, 'ratio' in action ? `${action.ratio}` : null])).toEqual([
      ['cash_dividend', null],
      ['split', '7'],
    ]);
  });

  it.each([
    ['an unknown type', '2014-06-09,AAPL,bonus,7,,', 'line 2', 'bonus'],
    ['a split without a ratio', '2014-06-09,AAPL,split,,,', 'line 2', 'ratio'],
    ['a dividend that is no number', '2014-06-09,AAPL,dividend,,much,', 'line 2', 'amount'],
    ['a dividend of nothing', '2014-06-09,AAPL,dividend,,0,', 'line 2', 'above zero'],
    ['a day that is none', '2014-06-31,AAPL,split,7,,', 'line 2', '2014-06-31'],
    ['a ticker that is none', '2014-06-09,aapl,split,7,,', 'line 2', 'aapl'],
    ['a new name that is missing', '2022-06-09,FB,symbol_change,,,', 'line 2', 'new_symbol'],
  ])('is refused as a whole for %s', (_, line, ...said) => {
    for (const words of said) {
      expect(() => read(HEADER, line)).toThrow(
        expect.objectContaining({ code: 'ACTIONS_INVALID', message: expect.stringContaining(words) }),
      );
    }
  });

  it('is refused where it has no header or nothing at all', () => {
    expect(() => read('date,symbol,type')).toThrow(expect.objectContaining({ code: 'HEADER_INCOMPLETE' }));
    expect(() => new ActionsReader().end()).toThrow(expect.objectContaining({ code: 'ACTIONS_INVALID' }));
  });
});
