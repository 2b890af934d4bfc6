import type { VenueFill, VenuePosition } from '@ballast/execution-gateway';
import { verifyChain, type ChainedEntry } from '@ballast/kernel/ledger';
import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';
import { Violation } from '@ballast/testing';

/** A fill as one of our services has it. */
export interface OwnFill {
  readonly execution_id: string;
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  readonly price: string;
  readonly fees: string;
}

export interface Held {
  readonly symbol: string;
  readonly quantity: string;
}

/** Every execution of the venue is in the books of a service once, as the venue told it, and nothing else is. */
export function fillsAgree(service: string, venue: readonly VenueFill[], own: readonly OwnFill[]): void {
  const theirs = new Map(venue.map((fill) => [fill.executionId, fill]));
  const seen = new Set<string>();
  for (const fill of own) {
    const there = theirs.get(fill.execution_id);
    const wrong = (why: string): Violation =>
      new Violation('fills agree', `${service}, fill ${fill.execution_id} of ${fill.symbol}: ${why}`);
    if (seen.has(fill.execution_id)) throw wrong('it is there twice');
    if (!there) throw wrong('the venue knows nothing of it');
    if (!decimal(there.quantity).equals(fill.quantity) || !decimal(there.price).equals(fill.price)) {
      throw wrong(`${fill.quantity} at ${fill.price}, and ${there.quantity} at ${there.price} at the venue`);
    }
    seen.add(fill.execution_id);
  }
  const missing = venue.find((fill) => !seen.has(fill.executionId));
  if (missing) {
    throw new Violation(
      'fills agree',
      `${service} never heard of ${missing.side} ${missing.quantity} ${missing.symbol}, ${missing.executionId}`,
    );
  }
}

/** What is held, a symbol, is the same for the venue and for a service. */
export function positionsAgree(service: string, venue: readonly VenuePosition[], own: readonly Held[]): void {
  const total = (rows: readonly Held[]): Map<string, Decimal> => {
    const held = new Map<string, Decimal>();
    for (const { symbol, quantity } of rows)
      held.set(symbol, (held.get(symbol) ?? new Decimal(0)).plus(decimal(quantity)));
    return held;
  };
  const [theirs, ours] = [total(venue), total(own)];
  for (const symbol of [...new Set([...theirs.keys(), ...ours.keys()])].sort()) {
    const [there, here] = [theirs.get(symbol) ?? new Decimal(0), ours.get(symbol) ?? new Decimal(0)];
    if (!there.equals(here)) {
      throw new Violation(
        'fills are positions are lots',
        `${symbol}: ${formatDecimal(here)} in ${service}, ${formatDecimal(there)} at the venue`,
      );
    }
  }
}

/** Opening cash and the fills make the portfolio's cash and the venue's, to the cent. */
export function cashAgrees(opening: string, fills: readonly VenueFill[], venue: Decimal, portfolio: string): void {
  const expected = fills.reduce((cash, { side, quantity, price }) => {
    const amount = decimal(quantity).times(decimal(price));
    return side === 'buy' ? cash.minus(amount) : cash.plus(amount);
  }, decimal(opening));
  for (const [who, cash] of [
    ['the venue', venue],
    ['the portfolio', decimal(portfolio)],
  ] as const) {
    if (cash.equals(expected)) continue;
    throw new Violation(
      'cash balances',
      `${who} has ${formatDecimal(cash)}, opening and fills make ${formatDecimal(expected)}`,
    );
  }
}

/** The ledger's chain of hashes holds from its own beginning on, and its head is the commit that the account names. */
export function ledgerHolds(entries: readonly ChainedEntry[], genesis: string, head: string): void {
  const verdict = verifyChain(entries, genesis);
  if (!verdict.ok) throw new Violation('the ledger holds', `it breaks at entry ${verdict.brokenAt + 1}`);
  if (entries.length > 0 && verdict.head !== head) {
    throw new Violation('the ledger holds', `its last entry is ${verdict.head}, the account names ${head}`);
  }
}
