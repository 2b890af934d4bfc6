import { describe, it } from '@jest/globals';
import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { parseJson } from './vendor-json.js';

/** The same value with every number as JSON writes it. */
function numbersAsText(value: unknown): unknown {
  if (typeof value === 'number') return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(numbersAsText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, numbersAsText(each)]));
}

describe('JSON whose numbers stay text', () => {
  it('differs from JSON in nothing but its numbers', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // Through JSON once, because `-0` does not survive it.
        deepStrictEqual(parseJson(text), numbersAsText(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });
});
