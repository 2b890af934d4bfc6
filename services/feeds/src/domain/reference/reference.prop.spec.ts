// Goal: the laws of two axes of time, for whatever facts come in whatever order.
import { describe, expect, it } from '@jest/globals';
import { addDays } from '@ballast/kernel/calendar';
import fc from 'fast-check';
import { addFacts } from './add-facts.js';
import type { ReferenceFact } from './fact.js';
import { asOf, timelineOf } from './timeline.js';

const day = fc.integer({ min: 0, max: 12 }).map((n) => addDays('2020-01-01', n));
/** Few subjects, days and values, so that facts meet. */
const fact: fc.Arbitrary<ReferenceFact> = fc
  .record({
    subject: fc.constantFrom('A', 'B'),
    source: fc.constantFrom('one', 'two'),
    validFrom: day,
    days: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null }),
    knownFrom: day,
    value: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: null }),
  })
  .map(({ days, value, ...rest }) => ({
    ...{ kind: 'sector', market: 'US', scope: 'gics', ...rest },
    validTo: days === null ? null : addDays(rest.validFrom, days),
    value: value === null ? null : { sector: value },
  }));
const facts = fc.array(fact, { maxLength: 12 });

/** Facts that may stand beside each other. */
const consistent = facts.map(
  (all) =>
    addFacts(
      [],
      all.map((each, row) => ({ row, fact: each })),
    ).added,
);
const said = (found: readonly ReferenceFact[]) => found.map(({ subject, value }) => [subject, value?.['sector']]);

describe('asking as of a date', () => {
  it('never returns what was not known then', () => {
    fc.assert(
      fc.property(facts, day, day, (all, date, knownOn) => {
        for (const found of asOf(all, date, knownOn)) expect(found.knownFrom <= knownOn).toBe(true);
      }),
    );
  });

  it('is answered the same after facts that became known later were added', () => {
    fc.assert(
      fc.property(facts, facts, day, day, (before, more, date, knownOn) => {
        const later = more.filter(({ knownFrom }) => knownFrom > knownOn);
        expect(asOf([...before, ...later], date, knownOn)).toEqual(asOf(before, date, knownOn));
      }),
    );
  });

  it('is answered with at most one fact of each thing, which covers the date', () => {
    fc.assert(
      fc.property(facts, day, day, (all, date, knownOn) => {
        const found = asOf(all, date, knownOn);
        expect(new Set(found.map(({ subject }) => subject)).size).toBe(found.length);
        for (const { validFrom, validTo } of found)
          expect(validFrom <= date && (validTo === null || date < validTo)).toBe(true);
      }),
    );
  });

  it('does not depend on the order in which consistent facts came', () => {
    fc.assert(
      fc.property(consistent, day, day, fc.infiniteStream(fc.nat()), (all, date, knownOn, chance) => {
        const shuffled = all
          .map((each) => ({ each, at: chance.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each);
        expect(said(asOf(shuffled, date, knownOn))).toEqual(said(asOf(all, date, knownOn)));
      }),
    );
  });

  it('agrees with a timeline that has no overlaps', () => {
    fc.assert(
      fc.property(facts, day, (all, knownOn) => {
        const ofA = all.filter(({ subject }) => subject === 'A');
        const timeline = timelineOf(ofA, knownOn);
        timeline.slice(1).forEach(({ from }, i) => {
          expect(timeline[i]!.to !== null && timeline[i]!.to <= from).toBe(true);
        });
      }),
    );
  });
});

describe('adding facts', () => {
  it('a second time changes nothing', () => {
    fc.assert(
      fc.property(consistent, (all) => {
        const again = addFacts(
          all,
          all.map((each, row) => ({ row, fact: each })),
        );
        expect(again).toEqual({ added: [], unchanged: all.length, faults: [] });
      }),
    );
  });

  it('never changes what was answered as known on an earlier day', () => {
    fc.assert(
      fc.property(consistent, facts, day, (known, more, knownOn) => {
        const incoming = more
          .map((each, row) => ({ row, fact: each }))
          .filter(({ fact: each }) => each.knownFrom > knownOn);
        const { added } = addFacts(known, incoming);
        for (let date = '2020-01-01'; date <= '2020-01-20'; date = addDays(date, 1)) {
          expect(asOf([...known, ...added], date, knownOn)).toEqual(asOf(known, date, knownOn));
        }
      }),
    );
  });
});

describe('what is taken', () => {
  it('always holds afterwards on each day that it covers, as known on the day from which it is', () => {
    fc.assert(
      fc.property(consistent, fact, (known, incoming) => {
        const { faults } = addFacts(known, [{ row: 2, fact: incoming }]);
        fc.pre(faults.length === 0 && incoming.value !== null);
        const { added } = addFacts(known, [{ row: 2, fact: incoming }]);
        const end = incoming.validTo ?? '2020-01-25';
        for (let date = incoming.validFrom; date < end; date = addDays(date, 1)) {
          const held = asOf([...known, ...added], date, incoming.knownFrom);
          expect(said(held)).toContainEqual([incoming.subject, incoming.value!['sector']]);
        }
      }),
    );
  });
});
