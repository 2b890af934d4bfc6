import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { CsvReader } from './csv.js';

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
const field = fc.string({ unit: fc.constantFrom('a', '1', '.', ' ', ',', '"', '\n', '\r\n', 'ü') });
const records = fc.array(fc.array(field, { minLength: 2, maxLength: 5 }), { maxLength: 8 });

describe('CsvReader', () => {
  it('gives back every table, whatever is in it and wherever its text is cut', () => {
    const run = (table: string[][], end: string, cuts: number[]): boolean => {
      const text = table.map((fields) => fields.map(quoted).join(',') + end).join('');
      const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
      const reader = new CsvReader();
      const read = at.slice(1).flatMap((to, i) => reader.read(text.slice(at[i]!, to)));
      const found = [...read, ...reader.end()].map(({ fields }) => fields);
      return JSON.stringify(found) === JSON.stringify(table);
    };
    fc.assert(fc.property(records, fc.constantFrom('\n', '\r\n'), fc.array(fc.nat(), { maxLength: 6 }), run));
  });
});
