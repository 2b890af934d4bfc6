// Goal: what held on a day is told as it was known then, through corrections, ends that became known late, and retractions.
import { describe, expect, it } from '@jest/globals';
import type { ReferenceFact } from './fact.js';
import { asOf, timelineOf } from './timeline.js';

const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim());
const rows = (table: string): string[][] => table.trim().split('\n').slice(1).map(cells);

const factsOf = (table: string): ReferenceFact[] =>
  rows(table).map(([subject = '', value, validFrom = '', validTo, knownFrom = '']) => ({
    ...{ kind: 'sector', market: 'US', scope: 'gics', source: 'desk', subject, validFrom, knownFrom },
    validTo: validTo === '' ? null : validTo!,
    value: value === '' ? null : { sector: value! },
  }));

const facts = factsOf(`
subject | sector         | from       | to         | known
GOOGL   | Technology     | 2004-08-19 |            | 2004-08-19
GOOGL   | Communication  | 2018-09-24 |            | 2018-07-10
DISCA   | Discretionary  | 2008-09-18 |            | 2008-09-18
DISCA   | Discretionary  | 2008-09-18 | 2022-04-11 | 2022-04-08
XYZ     | Energy         | 2010-01-04 |            | 2010-01-04
XYZ     |                | 2010-01-04 |            | 2010-06-01
LATE    | Materials      | 2015-01-02 |            | 2016-03-01
FIX     | Utilities      | 2012-01-03 | 2013-01-02 | 2012-01-03
FIX     | Energy         | 2012-06-01 | 2012-09-03 | 2012-12-03
`);

const expected = `
subject | asked as of | known on   | sector
GOOGL   | 2018-09-21  | 2018-09-21 | Technology
GOOGL   | 2018-09-24  | 2018-09-24 | Communication
GOOGL   | 2018-09-24  | 2018-07-09 | Technology
GOOGL   | 2004-08-18  | 2026-11-20 |
DISCA   | 2022-06-01  | 2022-04-07 | Discretionary
DISCA   | 2022-06-01  | 2022-04-08 |
DISCA   | 2022-04-10  | 2022-04-08 | Discretionary
XYZ     | 2010-03-01  | 2010-05-31 | Energy
XYZ     | 2010-03-01  | 2010-06-01 |
LATE    | 2015-06-01  | 2015-06-01 |
LATE    | 2015-06-01  | 2016-03-01 | Materials
FIX     | 2012-07-02  | 2012-07-02 | Utilities
FIX     | 2012-07-02  | 2012-12-03 | Energy
FIX     | 2012-09-03  | 2012-12-03 | Utilities
FIX     | 2012-05-31  | 2012-12-03 | Utilities
`;

describe('what held', () => {
  it.each(rows(expected))('%s on %s as known on %s is "%s"', (subject, date, knownOn, sector) => {
    const held = asOf(facts, date!, knownOn!).filter((fact) => fact.subject === subject);
    expect(held.map(({ value }) => value?.['sector'])).toEqual(sector === '' ? [] : [sector]);
  });

  it('is told for all things at once, in their order', () => {
    expect(asOf(facts, '2012-07-02', '2026-11-20').map(({ subject }) => subject)).toEqual(['DISCA', 'FIX', 'GOOGL']);
  });

  it('lies in stretches that do not overlap', () => {
    const fix = timelineOf(
      facts.filter(({ subject }) => subject === 'FIX'),
      '2026-11-20',
    );
    expect(fix.map(({ from, to, fact }) => [from, to, fact.value?.['sector']])).toEqual([
      ['2012-01-03', '2012-06-01', 'Utilities'],
      ['2012-06-01', '2012-09-03', 'Energy'],
      ['2012-09-03', '2013-01-02', 'Utilities'],
    ]);
  });
});
