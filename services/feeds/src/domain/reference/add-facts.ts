import { groupBy, isBefore, sameValue, slotOf, type ReferenceFact } from './fact.js';
import { laidOver, versionsOf, type Segment } from './timeline.js';

/** A fact that a file brings, with the row that it stands in; its header is row 1. */
export interface IncomingFact {
  readonly row: number;
  readonly fact: ReferenceFact;
}

/** A row that cannot be taken, and why. */
export interface FaultyRow {
  readonly row: number;
  readonly code: string;
  readonly message: string;
}

/** What facts add to those that are known. */
export interface AddedFacts {
  readonly added: readonly ReferenceFact[];
  /** Facts that say what is known already. */
  readonly unchanged: number;
  /** Facts that cannot stand beside what is known or beside each other; with one of them nothing may be taken. */
  readonly faults: readonly FaultyRow[];
}

/** Words about one thing. Reporting quarterly for fifty years with every date moved once is less; each is laid over all. */
export const WORDS_MAX = 500;

/**
 * Tells what facts add to what is known.
 *
 * What was known on a day is never said otherwise later: a fact that contradicts one of the same `knownFrom` on a day is a
 * fault (`CONTRADICTION`), because neither is the correction of the other. Another fault is to take back what was never
 * said (`RETRACTS_NOTHING`), and to end within a stretch that began on another day (`END_UNCLEAR`), because only the word
 * about the same `validFrom` can be shortened.
 */
export function addFacts(known: readonly ReferenceFact[], incoming: readonly IncomingFact[]): AddedFacts {
  const before = groupBy(known, slotOf);
  const added: ReferenceFact[] = [];
  const faults: FaultyRow[] = [];
  let unchanged = 0;
  for (const [slot, rows] of groupBy(incoming, ({ fact }) => slotOf(fact))) {
    const words = [...(before.get(slot) ?? [])];
    const inOrder = [...rows].sort((a, b) => compare(a.fact.knownFrom, b.fact.knownFrom) || a.row - b.row);
    for (const { row, fact } of inOrder) {
      const fault = faultOf(words, fact);
      if (fault) faults.push({ row, ...fault });
      else if (isKnown(words, fact)) unchanged += 1;
      else {
        words.push(fact);
        added.push(fact);
      }
    }
  }
  return { added, unchanged, faults: faults.sort((a, b) => a.row - b.row) };
}

function faultOf(words: readonly ReferenceFact[], fact: ReferenceFact): Omit<FaultyRow, 'row'> | null {
  if (words.length >= WORDS_MAX) {
    return { code: 'TOO_MANY_WORDS', message: `${nameOf(fact)} would have more than ${WORDS_MAX} facts` };
  }
  const other = words.find((word) => word.knownFrom === fact.knownFrom && contradicts(word, fact));
  if (other) {
    const message = `${nameOf(fact)}: ${shown(fact)} contradicts ${shown(other)} of ${other.source}, both known from ${fact.knownFrom}`;
    return { code: 'CONTRADICTION', message };
  }
  const versions = versionsOf(words, fact.knownFrom);
  const said = versions.find(({ validFrom }) => validFrom === fact.validFrom);
  if (fact.value === null && !said) {
    return { code: 'RETRACTS_NOTHING', message: `${nameOf(fact)}: nothing was said to hold from ${fact.validFrom}` };
  }
  if (said || fact.validTo === null) return null;
  const last = near(versions, fact).find(({ from, to }) => from < fact.validTo! && isBefore(fact.validTo!, to));
  if (!last || last.from >= fact.validFrom || !sameValue(last.fact.value, fact.value)) return null;
  const message = `${nameOf(fact)}: it ends on ${fact.validTo}, but the same holds since ${last.fact.validFrom} and goes on; to end it give that as its first day`;
  return { code: 'END_UNCLEAR', message };
}

/** Two words of one day: they overlap and differ, or they begin together and do not end together. */
function contradicts(a: ReferenceFact, b: ReferenceFact): boolean {
  if (a.validFrom === b.validFrom) return a.validTo !== b.validTo || !sameValue(a.value, b.value);
  if (a.value === null || b.value === null) return false;
  return isBefore(a.validFrom, b.validTo) && isBefore(b.validFrom, a.validTo) && !sameValue(a.value, b.value);
}

/** Whether a source has said the same before, and it still counts on every day that the fact covers. */
function isKnown(words: readonly ReferenceFact[], fact: ReferenceFact): boolean {
  // Two sources may say one thing on one day; only one of them shows in the timeline.
  if (words.some((word) => isSameWord(word, fact))) return true;
  const versions = versionsOf(words, fact.knownFrom);
  const said = versions.find(({ validFrom }) => validFrom === fact.validFrom);
  if (said && (said.validTo !== fact.validTo || !sameValue(said.value, fact.value))) return false;
  if (fact.value === null) return true;
  let reached = fact.validFrom;
  for (const { from, to, fact: held } of near(versions, fact)) {
    if (!isBefore(reached, to)) continue;
    if (from > reached || held.source !== fact.source || !sameValue(held.value, fact.value)) return false;
    if (to === null || (fact.validTo !== null && to >= fact.validTo)) return true;
    reached = to;
  }
  return false;
}

/** What holds on the days that a fact covers and on the day of its end: what lies elsewhere need not be laid out. */
const near = (versions: readonly ReferenceFact[], { validFrom, validTo }: ReferenceFact): Segment[] =>
  laidOver(
    versions.filter((each) => isBefore(validFrom, each.validTo) && (validTo === null || each.validFrom <= validTo)),
  );

/** Of words of one day about one first day, those that contradict are refused before: source and day tell the rest. */
const isSameWord = (a: ReferenceFact, b: ReferenceFact): boolean =>
  a.source === b.source && a.knownFrom === b.knownFrom && a.validFrom === b.validFrom;

const nameOf = ({ kind, subject, scope }: ReferenceFact): string => [kind, subject, scope].filter(Boolean).join(' ');

function shown({ value, validFrom, validTo }: ReferenceFact): string {
  const said = value === null ? 'taken back' : Object.values(value).filter(Boolean).join(', ') || 'member';
  return `"${said}" from ${validFrom}${validTo === null ? '' : ` to ${validTo}`}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
