import { describe, expect, it } from '@jest/globals';
import { SectorsReader } from './read-sectors.js';

const read = (text: string) => {
  const reader = new SectorsReader();
  reader.read(text);
  return reader.end();
};

describe('a sectors file', () => {
  it('tells the sector of each symbol, sorted, whatever else it says', () => {
    expect(
      read('Symbol,Name,Sector\nMMM,"3M, Inc.",Industrials\nABT,Abbott,Health Care\nMMM,3M,Industrials\n'),
    ).toEqual([
      { symbol: 'ABT', sector: 'Health Care' },
      { symbol: 'MMM', sector: 'Industrials' },
    ]);
  });

  it.each([
    ['two sectors of one symbol', 'symbol,sector\nA,Energy\nA,Utilities\n', 'lines 2 and 3'],
    ['no sector', 'symbol,sector\nA,\n', 'line 2'],
    ['no ticker', 'symbol,sector\n?,Energy\n', 'line 2'],
    ['no symbol at all', 'symbol,sector\n', 'no symbol'],
  ])('refuses %s', (_, text, where) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'SECTORS_INVALID', message: expect.stringContaining(where) }),
    );
  });
});
