import type { Break, Side } from '@ballast/contracts';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import type { VenueBooks } from '../messages.js';
import { AT_VENUE, isEnd } from './order-machine.js';
import type { OrderState } from './order-table.js';

/** What we believe an account holds. */
export interface OwnBooks {
  /** Opening cash, less what was bought, plus what was sold, less fees, those that were booked later included. */
  readonly cash: string;
  /** Signed sum of all fills a symbol. */
  readonly positions: readonly { readonly symbol: string; readonly quantity: string }[];
  /** Orders that the venue should hold, and any other that it names. */
  readonly orders: readonly {
    readonly clientOrderId: string;
    readonly symbol: string;
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
    ...cashBreaks(ours.cash, venue.account.cash, cashTolerance),
  ].slice(0, BREAKS_MAX);
}

/** What of a break counts when it is compared with another. */
type Difference = Pick<Break, 'kind' | 'subject' | 'ours' | 'venue'>;

/** How far apart the two sides of a break are, as text; it stays the same while nothing but ours goes on in an account. */
export function differenceOf({ kind, ours, venue }: Difference): string {
  if (kind === 'order') return `${ours ?? 'none'} ${venue ?? 'none'}`;
  return formatDecimal(decimal(ours ?? '0').minus(decimal(venue ?? '0')));
}

/** Whether two breaks are of the same thing by the same amount. */
export const isSameBreak = (a: Difference, b: Difference): boolean =>
  a.kind === b.kind && a.subject === b.subject && differenceOf(a) === differenceOf(b);

/**
 * What to make of what two rounds found one after another. A break that was there in the round before by the same amount is
 * believed; one that is new or has moved may be a trade that was on its way between the two books, and is looked at again.
 */
export function settleBreaks(before: readonly Break[], now: readonly Break[]): 'green' | 'broken' | 'moving' {
  if (now.length === 0) return 'green';
  return now.every((each) => before.some((known) => isSameBreak(known, each))) ? 'broken' : 'moving';
}

function positionBreaks(ours: OwnBooks, venue: VenueBooks): Break[] {
  const own = new Map(ours.positions.map(({ symbol, quantity }) => [symbol, decimal(quantity)]));
  const theirs = new Map(venue.positions.map(({ symbol, quantity }) => [symbol, decimal(quantity)]));
  const zero = decimal('0');
  return [...new Set([...own.keys(), ...theirs.keys()])].sort().flatMap((subject): Break[] => {
    const [held, told] = [own.get(subject) ?? zero, theirs.get(subject) ?? zero];
    if (held.equals(told)) return [];
    return [{ kind: 'position', subject, ours: formatDecimal(held), venue: formatDecimal(told), symbol: subject }];
  });
}

function orderBreaks(ours: OwnBooks, venue: VenueBooks): Break[] {
  const own = new Map(ours.orders.map((order) => [order.clientOrderId, order]));
  const theirs = new Map(venue.orders.map((order) => [order.clientOrderId, order]));
  return [...new Set([...own.keys(), ...theirs.keys()])].sort().flatMap((subject): Break[] => {
    const [held, told] = [own.get(subject), theirs.get(subject)];
    if (!told) {
      if (!held || !AT_VENUE.has(held.state)) return [];
      return [{ kind: 'order', subject, ours: held.state, venue: null, symbol: held.symbol }];
    }
    const { symbol } = told;
    if (!held || isEnd(held.state)) {
      return [{ kind: 'order', subject, ours: held?.state ?? null, venue: told.status, symbol }];
    }
    if (decimal(held.filledQuantity).equals(told.filledQuantity)) return [];
    return [{ kind: 'fill', subject, ours: held.filledQuantity, venue: told.filledQuantity, symbol }];
  });
}

function cashBreaks(ours: string, venue: string, tolerance: string): Break[] {
  const difference = decimal(ours).minus(decimal(venue)).abs();
  return difference.greaterThan(tolerance) ? [{ kind: 'cash', subject: 'USD', ours, venue }] : [];
}
