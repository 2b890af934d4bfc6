// Goal: a calendar that is fetched again and again says what moved and what fell away, and forgets nothing that it does not tell.
import { describe, expect, it } from '@jest/globals';
import { addFacts } from './add-facts.js';
import type { ReferenceFact } from './fact.js';
import { asOf } from './timeline.js';
import { reportsTold, sectorsTold, type ToldReport } from './vendor-facts.js';
import { daysAsked } from './window.js';

const terms = (knownFrom: string) => ({ source: 'fmp', market: 'US', knownFrom }) as const;
const report = (symbol: string, date: string, time: ToldReport['time'] = 'unknown'): ToldReport => ({
  ...{ symbol, date, time },
});
const fact = (subject: string, date: string, knownFrom: string, more: Partial<ReferenceFact> = {}): ReferenceFact => ({
  ...{ kind: 'earnings', market: 'US', subject, scope: '', validFrom: date, validTo: `${date.slice(0, 8)}28` },
  ...{ knownFrom, value: { time: 'unknown' }, source: 'fmp' },
  ...more,
});
/** A line a fact. */
const shown = (facts: readonly { readonly fact: ReferenceFact }[]): string[] =>
  facts.map(({ fact: { subject, validFrom, value } }) => `${subject} ${validFrom} ${value?.['time'] ?? 'taken back'}`);
const tell = (told: readonly ToldReport[], known: readonly ReferenceFact[], days = told.map(({ date }) => date)) =>
  shown(reportsTold(told, new Set(days), known, terms('2026-11-20')));

describe('a calendar of reports', () => {
  it('says each report for its day', () => {
    expect(reportsTold([report('A', '2026-11-25')], new Set(['2026-11-25']), [], terms('2026-11-20'))).toEqual([
      {
        row: 1,
        fact: {
          ...{ kind: 'earnings', market: 'US', subject: 'A', scope: '', source: 'fmp', knownFrom: '2026-11-20' },
          ...{ validFrom: '2026-11-25', validTo: '2026-11-26', value: { time: 'unknown' } },
        },
      },
    ]);
  });

  it.each([
    [
      'a report that moved',
      [report('A', '2026-11-27')],
      ['2026-11-25', '2026-11-27'],
      ['A 2026-11-27 unknown', 'A 2026-11-25 taken back'],
    ],
    ['a report that fell away', [], ['2026-11-25'], ['A 2026-11-25 taken back']],
    ['a day that it does not tell', [], ['2026-11-24'], []],
  ])('tells of %s', (_, told, days, lines) => {
    expect(tell(told, [fact('A', '2026-11-25', '2026-11-01')], days)).toEqual(lines);
  });

  it('takes back only what its vendor said, and what was not taken back before', () => {
    const known = [
      fact('A', '2026-11-25', '2026-11-01', { source: 'user-file' }),
      fact('B', '2026-11-25', '2026-11-01'),
      fact('B', '2026-11-25', '2026-11-02', { value: null }),
      // Whoever spoke last is whose word it is.
      fact('C', '2026-11-25', '2026-11-01'),
      fact('C', '2026-11-25', '2026-11-02', { source: 'user-file' }),
    ];
    expect(tell([], known, ['2026-11-25'])).toEqual([]);
  });

  it('leaves a time of day that is known where the vendor does not tell it', () => {
    const known = [fact('A', '2026-11-25', '2026-11-01', { value: { time: 'after_close' }, source: 'user-file' })];
    expect(tell([report('A', '2026-11-25')], known)).toEqual([]);
    expect(tell([report('A', '2026-11-25', 'before_open')], known)).toEqual(['A 2026-11-25 before_open']);
    const torn = [report('A', '2026-11-26', 'before_open'), report('A', '2026-11-26', 'after_close')];
    expect(tell(torn, [])).toEqual(['A 2026-11-26 unknown']);
  });

  it('that is fetched each day shows on each day what it said then', () => {
    let words: ReferenceFact[] = [];
    const fetch = (on: string, told: readonly ToldReport[]) => {
      const days = new Set(['2026-11-25', '2026-11-27']);
      const { added, faults } = addFacts(words, reportsTold(told, days, words, terms(on)));
      expect(faults).toEqual([]);
      words = [...words, ...added];
      return added.length;
    };
    expect(fetch('2026-11-20', [report('A', '2026-11-25')])).toBe(1);
    expect(fetch('2026-11-21', [report('A', '2026-11-25')])).toBe(0);
    expect(fetch('2026-11-22', [report('A', '2026-11-27')])).toBe(2);
    expect(fetch('2026-11-23', [report('A', '2026-11-25')])).toBe(2);
    const seen = (date: string, knownOn: string) => asOf(words, date, knownOn).length === 1;
    const on = ['2026-11-19', '2026-11-20', '2026-11-22', '2026-11-23'];
    expect(on.map((day) => seen('2026-11-25', day))).toEqual([false, true, false, true]);
    expect(on.map((day) => seen('2026-11-27', day))).toEqual([false, false, true, false]);
  });
});

describe('sectors', () => {
  it('hold from the day on which they were fetched, beside those of other schemes, and are known only once', () => {
    const told = [{ symbol: 'A', sector: 'Technology', industry: null }];
    const first = addFacts([], sectorsTold(told, terms('2026-11-20'))).added;
    expect(first).toMatchObject([{ subject: 'A', scope: 'fmp', validFrom: '2026-11-20', validTo: null }]);
    expect(addFacts(first, sectorsTold(told, terms('2026-11-21')))).toMatchObject({ added: [], unchanged: 1 });
    const other = [{ symbol: 'A', sector: 'Energy', industry: null }];
    expect(addFacts(first, sectorsTold(other, terms('2026-11-22'))).added).toMatchObject([{ validFrom: '2026-11-22' }]);
  });
});

describe('the days that are asked for', () => {
  it.each([
    [undefined, undefined, { from: '2026-11-20', to: '2026-12-20' }],
    ['2026-10-01', undefined, { from: '2026-10-01', to: '2026-10-31' }],
    ['2026-10-01', '2026-10-01', { from: '2026-10-01', to: '2026-10-01' }],
    ['2026-10-01', '2027-01-29', { from: '2026-10-01', to: '2027-01-29' }],
    ['2026-10-01', '2027-01-30', null],
    [undefined, '2026-11-19', null],
  ])('from %s to %s are %j', (from, to, days) => {
    expect(daysAsked('2026-11-20', from, to)).toEqual(days);
  });
});
