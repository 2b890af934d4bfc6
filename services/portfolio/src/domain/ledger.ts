import { hashOf, type Side } from '@ballast/contracts';
import { ledgerEntryHash } from '@ballast/kernel/ledger';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import { compareText } from '@ballast/kernel/ordering';
import { inBookedOrder, type Fee } from './fee.js';
import { inVenueOrder, type Fill } from './fill.js';
import { applyFills, cashChange, NOTHING, type AppliedFill, type Holding } from './position.js';

/**
 * What a ledger holds. Only ids, the venue's words and what follows from them: nothing
 * of when we heard of it, so that the same trading gives the same hashes.
 */
export type LedgerEntry =
  | { readonly kind: 'deposit'; readonly account: string; readonly at: string; readonly cashChange: string }
  | {
      readonly kind: 'fill';
      readonly account: string;
      readonly at: string;
      readonly venue: string;
      readonly executionId: string;
      readonly clientOrderId: string;
      readonly parentOrderId: string;
      readonly cycleId: string;
      readonly symbol: string;
      readonly side: Side;
      readonly quantity: string;
      readonly price: string;
      readonly fees: string;
      readonly cashChange: string;
      readonly realised: string;
    }
  | {
      readonly kind: 'fee';
      readonly account: string;
      readonly at: string;
      readonly venue: string;
      readonly activityId: string;
      readonly code: string | null;
      readonly date: string;
      readonly description: string;
      readonly cashChange: string;
    };

/** Where a ledger ends: the sequence and hash of its last entry. */
export interface LedgerHead {
  readonly sequence: number;
  readonly hash: string;
}

export interface ChainedEntry {
  readonly sequence: number;
  readonly previousHash: string;
  readonly entry: LedgerEntry;
  readonly hash: string;
}

/** The hash before the first entry; ledgers of two books never share one. */
export const genesisHash = (portfolioId: string): string => hashOf({ ledger: portfolioId });

/** Puts entries behind a head, each holding the hash of the one before. */
export function chain(
  head: LedgerHead,
  entries: readonly LedgerEntry[],
): { entries: ChainedEntry[]; head: LedgerHead } {
  const chained: ChainedEntry[] = [];
  let { sequence, hash } = head;
  for (const entry of entries) {
    const previousHash = hash;
    sequence += 1;
    hash = ledgerEntryHash(previousHash, entry);
    chained.push({ sequence, previousHash, entry, hash });
  }
  return { entries: chained, head: { sequence, hash } };
}

/** The entry that opens a book. */
export const depositEntry = (account: string, cash: string, openedAt: string): LedgerEntry => ({
  kind: 'deposit',
  account,
  at: openedAt,
  cashChange: formatDecimal(decimal(cash)),
});

/** A commit: the links to add, the fills and fees that they stand for, and what the ledger then has of each symbol traded. */
export interface Commit {
  readonly entries: readonly ChainedEntry[];
  readonly head: LedgerHead;
  readonly fills: readonly Fill[];
  readonly fees: readonly Fee[];
  readonly holdings: ReadonlyMap<string, Holding>;
}

/**
 * Commits fills and fees to a ledger in order of (venue time, execution or activity id), fills first. The order in which
 * they are given, which is the order in which they were heard, makes no difference.
 */
export function commitFills(
  head: LedgerHead,
  account: string,
  posted: ReadonlyMap<string, Holding>,
  fills: readonly Fill[],
  fees: readonly Fee[] = [],
): Commit {
  const bySymbol = new Map<string, Fill[]>();
  for (const fill of fills) {
    const known = bySymbol.get(fill.symbol);
    if (known) known.push(fill);
    else bySymbol.set(fill.symbol, [fill]);
  }
  const holdings = new Map<string, Holding>();
  const applied = new Map<Fill, AppliedFill>();
  for (const symbol of [...bySymbol.keys()].sort()) {
    const result = applyFills(symbol, posted.get(symbol) ?? NOTHING, bySymbol.get(symbol)!);
    holdings.set(symbol, result.holding);
    for (const each of result.applied) applied.set(each.fill, each);
  }
  const ordered = inVenueOrder(fills);
  const charged = inBookedOrder(fees);
  const entries = [
    ...ordered.map((fill) => fillEntry(account, applied.get(fill)!)),
    ...charged.map((fee) => feeEntry(account, fee)),
  ];
  // A stable sort: of one moment fills stay before fees, and each kind in its order.
  entries.sort((a, b) => compareText(a.at, b.at));
  return { ...chain(head, entries), fills: ordered, fees: charged, holdings };
}

function feeEntry(account: string, { venue, activityId, code, amount, date, description, bookedAt }: Fee): LedgerEntry {
  return {
    kind: 'fee',
    ...{ account, at: bookedAt, venue, activityId, code, date, description },
    cashChange: formatDecimal(decimal(amount).negated()),
  };
}

function fillEntry(account: string, { fill, realised }: AppliedFill): LedgerEntry {
  const { venue, executionId, clientOrderId, parentOrderId, cycleId, symbol, side } = fill;
  const { filledAt: at, quantity, price, fees } = fill;
  return {
    kind: 'fill',
    ...{ account, at, venue, executionId, clientOrderId, parentOrderId, cycleId, symbol, side },
    quantity: formatDecimal(decimal(quantity)),
    price: formatDecimal(decimal(price)),
    fees: formatDecimal(decimal(fees)),
    cashChange: formatDecimal(cashChange(fill)),
    realised: formatDecimal(realised),
  };
}
