// Goal: what may stand beside what is known, what says nothing new, and what is refused with its row.
import { describe, expect, it } from '@jest/globals';
import { addFacts, WORDS_MAX } from './add-facts.js';
import type { ReferenceFact } from './fact.js';

/** `sector from..to known source`, where `-` is no sector (taken back) and `..` has no end. */
function fact(text: string): ReferenceFact {
  const [sector, days, knownFrom, source = 'desk'] = text.split(/\s+/) as [string, string, string, string?];
  const [validFrom, validTo] = days.split('..') as [string, string];
  return {
    ...{ kind: 'sector', market: 'US', subject: 'XYZ', scope: 'gics', source, validFrom, knownFrom },
    validTo: validTo === '' ? null : validTo,
    value: sector === '-' ? null : { sector },
  };
}

const cases = `
known                                   | incoming                                | outcome
                                        | Energy 2020-01-02.. 2020-01-02          | added
Energy 2020-01-02.. 2020-01-02          | Energy 2020-01-02.. 2020-01-02          | unchanged
Energy 2020-01-02.. 2020-01-02          | Energy 2020-01-02.. 2020-05-04          | unchanged
Energy 2020-01-02.. 2020-01-02          | Energy 2020-05-04.. 2020-05-04          | unchanged
Energy 2020-01-02.. 2020-01-02          | Energy 2020-01-02.. 2020-01-02 other    | added
Energy 2020-01-02.. 2020-01-02          | Energy 2020-05-04.. 2020-05-04 other    | added
Energy 2020-01-02.. 2020-01-02          | Metals 2020-05-04.. 2020-05-04          | added
Energy 2020-01-02.. 2020-01-02          | Metals 2020-01-02.. 2020-01-03          | added
Energy 2020-01-02.. 2020-01-02          | Metals 2020-01-02.. 2020-01-02          | CONTRADICTION
Energy 2020-01-02.. 2020-01-02          | Metals 2020-05-04.. 2020-01-02          | CONTRADICTION
Energy 2020-01-02.. 2020-01-02          | Metals 2020-01-02.. 2020-01-02 other    | CONTRADICTION
Energy 2020-01-02..2020-03-02 2020-01-02 | Metals 2020-03-02.. 2020-01-02         | added
Energy 2020-01-02.. 2020-01-02          | Energy 2020-01-02..2020-06-01 2020-01-02 | CONTRADICTION
Energy 2020-01-02.. 2020-01-02          | Energy 2020-01-02..2020-06-01 2020-05-29 | added
Energy 2020-01-02.. 2020-01-02          | Energy 2020-02-03..2020-06-01 2020-05-29 | END_UNCLEAR
Energy 2020-01-02.. 2020-01-02          | - 2020-01-02.. 2020-01-02               | CONTRADICTION
Energy 2020-01-02.. 2020-01-02          | - 2020-01-02.. 2020-01-03               | added
Energy 2020-01-02.. 2020-01-02          | - 2020-01-03.. 2020-01-03               | RETRACTS_NOTHING
- 2020-01-02.. 2020-01-03               | - 2020-01-02.. 2020-01-09               | unchanged
`;

describe('a fact', () => {
  const rows = cases
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim()) as [string, string, string]);

  it.each(rows)('known: "%s", incoming: "%s" is %s', (known, incoming, outcome) => {
    const { added, unchanged, faults } = addFacts(known === '' ? [] : [fact(known)], [
      { row: 7, fact: fact(incoming) },
    ]);
    const found = faults[0]?.code ?? (added.length === 1 ? 'added' : unchanged === 1 ? 'unchanged' : 'nothing');
    expect(found).toBe(outcome);
    expect(faults.every(({ row, message }) => row === 7 && message.includes('XYZ'))).toBe(true);
  });

  it('is compared with the rows before it too', () => {
    const incoming = ['Energy 2020-01-02.. 2020-01-02', 'Metals 2020-02-03.. 2020-01-02'].map((text, i) => ({
      row: i + 2,
      fact: fact(text),
    }));
    expect(addFacts([], incoming)).toMatchObject({ faults: [{ row: 3, code: 'CONTRADICTION' }] });
  });

  it('is one too many where nobody could have said so much', () => {
    const incoming = Array.from({ length: WORDS_MAX + 1 }, (_, i) => ({
      row: i + 2,
      fact: {
        ...fact('Energy 2020-01-02.. 2020-01-02'),
        validFrom: `${1500 + i}-01-01`,
        value: { sector: `${i}` },
        knownFrom: `${1500 + i}-01-01`,
      },
    }));
    expect(addFacts([], incoming).faults).toMatchObject([{ row: WORDS_MAX + 2, code: 'TOO_MANY_WORDS' }]);
  });
});
