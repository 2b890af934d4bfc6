import { describe, expect, it } from '@jest/globals';
import { renderPairs, renderTable } from './table.js';

const COLUMNS = [
  { title: 'NAME', of: (row: { name: string; count: number }) => row.name },
  { title: 'N', of: (row: { name: string; count: number }) => String(row.count), numeric: true },
];

describe('renderTable', () => {
  it('sets text left and numbers right, without trailing spaces', () => {
    const rows = [
      { name: 'a', count: 1_000 },
      { name: 'longer', count: 7 },
    ];
    expect(renderTable(COLUMNS, rows)).toBe('NAME       N\na       1000\nlonger     7\n');
  });

  it('says what is said of nothing', () => {
    expect(renderTable(COLUMNS, [], 'no rows')).toBe('no rows\n');
  });

  it('lets no text steer the terminal', () => {
    expect(renderTable(COLUMNS, [{ name: 'a\u001b[2Jb\nc', count: 1 }])).toBe('NAME      N\na [2Jb c  1\n');
    expect(renderPairs([['k', 'a\rb']])).toBe('k  a b\n');
  });
});

describe('renderPairs', () => {
  it('lines values up', () => {
    expect(
      renderPairs(
        [
          ['a', '1'],
          ['long', '2'],
        ],
        '  ',
      ),
    ).toBe('  a     1\n  long  2\n');
  });
});
