import type { DataOf, ReconciliationCompleted, Side } from '@ballast/contracts';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import type { VenueBooks } from '../messages.js';
import { AT_VENUE, isEnd } from './order-machine.js';
import type { OrderState } from './order-table.js';

export type Break = DataOf<typeof ReconciliationCompleted>['breaks'][number];

/** What we believe an account holds. */
export interface OwnBooks {
  /** Opening cash, less what was bought, plus what was sold, less fees. */
  readonly cash: string;
  /** Signed sum of all fills a symbol. */
  readonly positions: readonly { readonly symbol: string; readonly quantity: string }[];
  /** Orders that the venue should hold, and any other that it names. */
  readonly orders: readonly {
    readonly clientOrderId: string;
    readonly state: OrderState;
    readonly side: Side;
    readonly filledQuantity: string;
  }[];
}

/** The most breaks that one fact carries. */
const BREAKS_MAX = 1_000;

/**
 * Compares our books with the venue's: every position, every working order, what they have filled, and the cash within
 * a tolerance in US dollars. Out: the breaks by kind and subject; none means green.
 */
export function compareBooks(ours: OwnBooks, venue: VenueBooks, cashTolerance: string): Break[] {
  return [
    ...positionBreaks(ours, venue),
    ...orderBreaks(ours, venue),
    ...cashBreaks(ours.cash, venue.cash, cashTolerance),
  ].slice(0, BREAKS_MAX);
}

function positionBreaks(ours: OwnBooks, venue: VenueBooks): Break[] {
  const own = new Map(ours.positions.map(({ symbol, quantity }) => [symbol, decimal(quantity)]));
  const theirs = new Map(venue.positions.map(({ symbol, quantity }) => [symbol, decimal(quantity)]));
  const zero = decimal('0');
  return [...new Set([...own.keys(), ...theirs.keys()])].sort().flatMap((subject): Break[] => {
    const [held, told] = [own.get(subject) ?? zero, theirs.get(subject) ?? zero];
    if (held.equals(told)) return [];
    return [{ kind: 'position', subject, ours: formatDecimal(held), venue: formatDecimal(told) }];
  });
}

function orderBreaks(ours: OwnBooks, venue: VenueBooks): Break[] {
  const own = new Map(ours.orders.map((order) => [order.clientOrderId, order]));
  const theirs = new Map(venue.orders.map((order) => [order.clientOrderId, order]));
  return [...new Set([...own.keys(), ...theirs.keys()])].sort().flatMap((subject): Break[] => {
    const [held, told] = [own.get(subject), theirs.get(subject)];
    if (!told) {
      return held && AT_VENUE.has(held.state) ? [{ kind: 'order', subject, ours: held.state, venue: null }] : [];
    }
    if (!held || isEnd(held.state)) {
      return [{ kind: 'order', subject, ours: held?.state ?? null, venue: told.status }];
    }
    if (decimal(held.filledQuantity).equals(told.filledQuantity)) return [];
    return [{ kind: 'fill', subject, ours: held.filledQuantity, venue: told.filledQuantity }];
  });
}

function cashBreaks(ours: string, venue: string, tolerance: string): Break[] {
  const difference = decimal(ours).minus(decimal(venue)).abs();
  return difference.greaterThan(tolerance) ? [{ kind: 'cash', subject: 'USD', ours, venue }] : [];
}
