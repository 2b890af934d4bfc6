import { describe, expect, it } from '@jest/globals';
import { fakeIo } from '../../test/fixtures.js';
import { print } from './document.js';

describe('print', () => {
  it.each([
    ['json' as const, '{\n  "a": "1.50",\n  "b": [\n    null\n  ]\n}\n'],
    ['yaml' as const, 'a: "1.50"\nb:\n  - null\n'],
    ['table' as const, 'A  1.50\n'],
  ])('writes %s to standard output only, and keeps decimals text', (format, expected) => {
    const io = fakeIo();
    print(io, format, { a: '1.50', b: [null] }, () => 'A  1.50\n');
    expect(io.written).toEqual({ out: expected, err: '' });
  });
});
