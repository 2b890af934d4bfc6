import { describe, expect, it } from '@jest/globals';
import { coverageByPart, isTypeOnlySource } from './coverage.js';

describe('coverageByPart', () => {
  it('adds files up to libraries and services, without files of types', () => {
    const files = new Map([
      ['libs/kernel/src/twap/plan.ts', { total: 60, covered: 60 }],
      ['libs/kernel/src/ledger/chain.ts', { total: 40, covered: 20 }],
      ['services/tax/src/domain/lots.ts', { total: 10, covered: 9 }],
      ['services/tax/src/domain/types.ts', { total: 90, covered: 0 }],
    ]);
    expect(coverageByPart(files, (path) => path.endsWith('types.ts'))).toEqual([
      { part: 'libs/kernel', total: 100, covered: 80, percent: 80 },
      { part: 'services/tax', total: 10, covered: 9, percent: 90 },
    ]);
  });

  it.each<[string, boolean]>([
    ["import type { A } from './a.js';\n\n/** Words. */\nexport interface B {\n  readonly a: A;\n}\n", true],
    ["export type C = 'a' | 'b';\n", true],
    ["export type { D } from './d.js';\n", true],
    ['export const limit = 5;\n', false],
    ['interface E {}\nfunction help(): void {}\n', false],
    ['export class F {}\n', false],
    ["export * from './g.js';\n", false],
    ["export { h } from './h.js';\n", false],
  ])('%j is types only: %s', (text, expected) => {
    expect(isTypeOnlySource(text)).toBe(expected);
  });
});
