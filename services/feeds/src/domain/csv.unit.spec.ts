import { describe, expect, it } from '@jest/globals';
import { columnsOf, CsvReader } from './csv.js';

const readAll = (...pieces: string[]) => {
  const reader = new CsvReader();
  return [...pieces.flatMap((piece) => reader.read(piece)), ...reader.end()].map(({ line, fields }) => [
    line,
    ...fields,
  ]);
};
const inPieces = (text: string) => readAll(...text);

describe('CsvReader', () => {
  it.each<[string, string, (string | number)[][]]>([
    [
      'plain lines',
      'a,b\n1,2\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'no line end at the end',
      'a,b\n1,2',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'CRLF',
      'a,b\r\n1,2\r\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    [
      'empty fields',
      'a,,\n,,b\n',
      [
        [1, 'a', '', ''],
        [2, '', '', 'b'],
      ],
    ],
    [
      'empty lines',
      '\na\n\r\n\nb\n',
      [
        [2, 'a'],
        [5, 'b'],
      ],
    ],
    [
      'quotes around anything',
      '"a,1","b\nc",d\ne,f,g\n',
      [
        [1, 'a,1', 'b\nc', 'd'],
        [3, 'e', 'f', 'g'],
      ],
    ],
    ['doubled quotes', '"say ""no""",x\r\n', [[1, 'say "no"', 'x']]],
    ['an empty quoted field', '"",x\n', [[1, '', 'x']]],
    ['a quoted field that ends the text', 'x,"y"', [[1, 'x', 'y']]],
    [
      'a quoted field and CRLF',
      '"x","y"\r\nz,w\r\n',
      [
        [1, 'x', 'y'],
        [2, 'z', 'w'],
      ],
    ],
    ['nothing', '', []],
  ])('reads %s, in one piece and letter by letter', (_, text, records) => {
    expect(readAll(text)).toEqual(records);
    expect(inPieces(text)).toEqual(records);
  });

  it.each([
    ['a quote inside a field', 'a,b\n1,x"y\n', 'line 2'],
    ['text after a closing quote', 'a,b\n1,"x"y\n', 'line 2'],
    ['a quote that is never closed', 'a,b\n1,2\n3,"x\n4,5\n', 'line 3'],
  ])('refuses %s and names the line', (_, text, where) => {
    for (const read of [readAll, inPieces]) {
      expect(() => read(text)).toThrow(
        expect.objectContaining({ code: 'CSV_MALFORMED', message: expect.stringContaining(where) }),
      );
    }
  });

  it('refuses text without an end of line, so that no file fills the memory', () => {
    expect(() => readAll(`a,b\n${'x'.repeat(70_000)}`)).toThrow(expect.objectContaining({ code: 'CSV_MALFORMED' }));
  });
});

describe('columnsOf', () => {
  it('finds columns in any order and case, and ignores others', () => {
    expect(columnsOf(['src', ' Close ', 'DATE'], ['date', 'close'])).toEqual({ date: 2, close: 1 });
  });

  it.each([
    [['date', 'open'], 'HEADER_INCOMPLETE', 'close, volume'],
    [['date', 'close', 'volume', 'Close'], 'HEADER_AMBIGUOUS', 'close'],
  ])('refuses the header %j with %s', (header, code, named) => {
    expect(() => columnsOf(header, ['date', 'close', 'volume'])).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(named) }),
    );
  });
});
