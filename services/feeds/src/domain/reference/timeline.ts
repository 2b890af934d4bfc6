import type { SessionDate } from '@ballast/contracts';
import { earlierEnd, groupBy, isBefore, slotOf, type ReferenceFact } from './fact.js';

/** A stretch of days on which one fact held: from `from`, before `to`; null = it goes on. */
export interface Segment {
  readonly from: SessionDate;
  readonly to: SessionDate | null;
  readonly fact: ReferenceFact;
}

/**
 * What held when, as it was known on a day, of facts about one thing: no two stretches overlap, in order.
 *
 * Of the words about one `validFrom` the last one known counts, and a word that takes back leaves nothing. Of what is left
 * the later known holds on every day that it covers.
 */
export const timelineOf = (facts: readonly ReferenceFact[], knownOn: SessionDate): Segment[] =>
  laidOver(versionsOf(facts, knownOn));

/** The stretches that are left where facts are laid over each other in their order. */
export function laidOver(versions: readonly ReferenceFact[]): Segment[] {
  let painted: Segment[] = [];
  for (const fact of versions) {
    if (fact.value === null) continue;
    const { validFrom: from, validTo: to } = fact;
    painted = [...painted.flatMap((segment) => without(segment, from, to)), { from, to, fact }];
  }
  return painted.sort((a, b) => compareText(a.from, b.from));
}

/** The last word known on a day about each `validFrom`, in the order in which they became known. */
export function versionsOf(facts: readonly ReferenceFact[], knownOn: SessionDate): ReferenceFact[] {
  const latest = new Map<SessionDate, ReferenceFact>();
  for (const fact of facts) {
    if (fact.knownFrom > knownOn) continue;
    const before = latest.get(fact.validFrom);
    if (!before || inOrder(before, fact) < 0) latest.set(fact.validFrom, fact);
  }
  return [...latest.values()].sort(inOrder);
}

/**
 * The stretches that touch the days from one to another, both included, as known on a day: of each thing, in the order of
 * the things.
 */
export function during(
  facts: readonly ReferenceFact[],
  from: SessionDate,
  until: SessionDate,
  knownOn: SessionDate,
  thingOf: (fact: ReferenceFact) => string = slotOf,
): Segment[] {
  const things = [...groupBy(facts, thingOf)].sort(([a], [b]) => compareText(a, b));
  return things.flatMap(([, group]) =>
    timelineOf(group, knownOn).filter((segment) => segment.from <= until && isBefore(from, segment.to)),
  );
}

/** What held on a date as it was known on `knownOn`: at most one fact of each thing, in the order of the things. */
export const asOf = (facts: readonly ReferenceFact[], date: SessionDate, knownOn: SessionDate): ReferenceFact[] =>
  during(facts, date, date, knownOn).map(({ fact }) => fact);

/** What is left of a stretch where another one is laid over it. */
function without(segment: Segment, from: SessionDate, to: SessionDate | null): Segment[] {
  const { fact } = segment;
  if (!isBefore(segment.from, to) || !isBefore(from, segment.to)) return [segment];
  return [
    ...(segment.from < from ? [{ from: segment.from, to: earlierEnd(segment.to, from), fact }] : []),
    ...(to !== null && isBefore(to, segment.to) ? [{ from: to, to: segment.to, fact }] : []),
  ];
}

/** Known first, then valid first; two sources that say the same on one day are told apart by name. */
const inOrder = (a: ReferenceFact, b: ReferenceFact): number =>
  compareText(a.knownFrom, b.knownFrom) || compareText(a.validFrom, b.validFrom) || compareText(b.source, a.source);

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
