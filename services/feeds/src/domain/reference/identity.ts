import type { SessionDate } from '@ballast/contracts';
import type { Listing } from '@ballast/kernel/corporate-actions';
import { groupBy, isBefore, type ReferenceFact } from './fact.js';
import { during, timelineOf, type Segment } from './timeline.js';

/** The listings as they were known on a day, for `symbolMap` of the kernel; of one market, because tickers are. */
export const listingsOf = (facts: readonly ReferenceFact[], knownOn: SessionDate): Listing[] =>
  [...groupBy(facts, ({ subject }) => subject).values()].flatMap((words) =>
    timelineOf(words, knownOn).map(({ from, to, fact }) => ({
      instrumentId: instrumentIdOf(fact),
      symbol: fact.subject,
      from,
      to,
    })),
  );

/** The instrument that a listing names. */
export const instrumentIdOf = ({ value }: ReferenceFact): string => value?.['instrumentId'] ?? '';

/** Whose a fact is: an instrument, a ticker of which no listing is known, or nobody. */
export type Owner = { readonly instrumentId: string } | { readonly symbol: string } | { readonly nobody: true };

/** Tells whose facts under a ticker are, by the listings known on a day. */
export class Identities {
  readonly #bySymbol: ReadonlyMap<string, readonly Listing[]>;

  constructor(listings: readonly Listing[]) {
    const sorted = [...listings].sort((a, b) => (a.from < b.from ? -1 : 1));
    this.#bySymbol = groupBy(sorted, ({ symbol }) => symbol);
  }

  /**
   * Who had a ticker first within a time that begins on `from` and ends before `to`. A fact about a ticker belongs to that
   * company also after it was renamed, and never to the one that has the ticker later. A ticker of which no listing is
   * known stands for itself; one that is known, but was nobody's within that time, for nobody.
   */
  ownerOf(symbol: string, from: SessionDate, to: SessionDate | null): Owner {
    const listings = this.#bySymbol.get(symbol);
    if (!listings) return { symbol };
    const first = listings.find((listing) => isBefore(from, listing.to) && isBefore(listing.from, to));
    return first ? { instrumentId: first.instrumentId } : { nobody: true };
  }

  /** Who has a ticker on a date. */
  ownerOn(symbol: string, date: SessionDate): Owner {
    const listings = this.#bySymbol.get(symbol);
    if (!listings) return { symbol };
    const found = listings.find(({ from, to }) => from <= date && isBefore(date, to));
    return found ? { instrumentId: found.instrumentId } : { nobody: true };
  }
}

/** A fact that held, and the instrument that it is about where that is known. */
export interface OwnedSegment extends Segment {
  readonly instrumentId: string | null;
}

/**
 * What held within some days, as it was known on a day, by instrument: facts that were said under an earlier ticker of a
 * company count for it, facts about an earlier company of a ticker do not.
 * @param facts of one kind and market; all of whatever tickers the companies had.
 */
export function heldByOwner(
  facts: readonly ReferenceFact[],
  identities: Identities,
  days: { readonly from: SessionDate; readonly until: SessionDate; readonly knownOn: SessionDate },
): OwnedSegment[] {
  const owners = new Map<ReferenceFact, Owner>(facts.map((fact) => [fact, ownerOfFact(fact, identities)]));
  const owned = facts.filter((fact) => !('nobody' in owners.get(fact)!));
  const thingOf = (fact: ReferenceFact): string => JSON.stringify([keyOf(owners.get(fact)!), fact.scope]);
  return during(owned, days.from, days.until, days.knownOn, thingOf).map((segment) => {
    const owner = owners.get(segment.fact)!;
    return { ...segment, instrumentId: 'instrumentId' in owner ? owner.instrumentId : null };
  });
}

/** Whose a fact is. A listing is a ticker's, and the master data of an instrument are its own. */
function ownerOfFact(fact: ReferenceFact, identities: Identities): Owner {
  const { kind, subject, validFrom, validTo } = fact;
  if (kind === 'listing') return { symbol: subject };
  if (kind === 'instrument') return { instrumentId: subject };
  return identities.ownerOf(subject, validFrom, validTo);
}

/** An owner as one text. */
export const keyOf = (owner: Owner): string =>
  'instrumentId' in owner ? `i ${owner.instrumentId}` : 'symbol' in owner ? `s ${owner.symbol}` : '';
