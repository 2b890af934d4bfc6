import { decimal, formatDecimal, sum, type Decimal } from '@ballast/kernel/money';
import type { VenueFill, VenueOrder, VenueStatus, VenueUpdate } from '../messages.js';
import { isByAmount } from './amount.js';
import type { ChildOrder, News } from './child-order.js';
import { isEnd, NOT_AT_VENUE } from './order-machine.js';

/** News about an order, and whether the venue has to be asked because something of it was missed. */
export interface Told {
  readonly news: readonly News[];
  readonly missing: boolean;
}

/**
 * What a message of the stream says of an order. Where the venue counts more fills than we have heard of, a message
 * was lost: an end is then not taken before its fills have been asked for.
 */
export function newsOfUpdate(order: ChildOrder, update: VenueUpdate): Told {
  const { event, word, at } = update;
  // What a fill means for an amount of money is only known with the order: both are asked for together.
  if (event === 'fill' && isByAmount(order)) return { news: [], missing: true };
  const { venueOrderId, filledQuantity } = update.order;
  const counted = decimal(order.filledQuantity).plus(update.fill ? decimal(update.fill.quantity) : 0);
  const missing = decimal(filledQuantity).greaterThan(counted);
  switch (event) {
    case 'acknowledged':
      return { news: [{ name: update.order.status === 'held' ? 'held' : event, venueOrderId, at }], missing };
    case 'held':
    case 'replace_pending':
    case 'replace_refused':
      return { news: [{ name: event, venueOrderId, at }], missing };
    case 'fill':
      return { news: update.fill ? [{ name: 'fill', fill: update.fill }] : [], missing };
    case 'cancel_refused':
      // While an order is being replaced its cancel is refused; the wish outlives that.
      if (update.order.status === 'pending_replace') {
        return { news: [{ name: 'replace_pending', venueOrderId, at }], missing };
      }
      return { news: [{ name: 'cancel_refused', reason: `the venue says "${word}"` }], missing };
    default:
      return { news: missing ? [] : [ended(event, word, venueOrderId)], missing };
  }
}

/**
 * What an order that was asked for says, with all its fills. Fills come first, so that an end is the last word; an
 * end whose fills the venue does not list yet is not taken, and has to be asked for again.
 */
export function newsOfOrder(order: VenueOrder, fills: readonly VenueFill[], own: Pick<ChildOrder, 'terms'>): Told {
  const booked = sum(fills.map((fill) => decimal(fill.quantity)));
  if (isByAmount(own)) return newsOfAmount(order, fills, booked);
  const missing = booked.lessThan(order.filledQuantity);
  const { venueOrderId, status } = order;
  const filled = fills.map((fill): News => ({ name: 'fill', fill }));
  const over = !missing && isUnfilledEnd(status);
  const last: News = over ? ended(status, status, venueOrderId) : standingOf(order);
  return { news: [...filled, last], missing };
}

/** The same of an order for an amount of money, which is for as many shares as it has filled once the venue calls it filled. */
function newsOfAmount(order: VenueOrder, fills: readonly VenueFill[], booked: Decimal): Told {
  const { venueOrderId, status, filledQuantity } = order;
  // Fills that came between the two answers would be taken without what they mean.
  if (!booked.equals(filledQuantity)) return { news: [standingOf(order)], missing: true };
  const ordered = status === 'filled' ? { ordered: filledQuantity } : {};
  const filled = fills.map((fill): News => ({ name: 'fill', fill, ...ordered }));
  if (isOpen(status)) return { news: [...filled, standingOf(order)], missing: false };
  // Filled by fills that were all booked before, it has ended all the same; where the last one is new, this comes late.
  const name = status === 'filled' ? 'cancelled' : status;
  return { news: [...filled, ended(name, status, venueOrderId)], missing: false };
}

/** Whether the venue still has an order open that stands so. */
export const isOpen = (status: VenueStatus): status is 'working' | 'held' | 'pending_replace' =>
  status === 'working' || status === 'held' || status === 'pending_replace';

type UnfilledEnd = 'cancelled' | 'replaced' | 'expired' | 'rejected';

const isUnfilledEnd = (status: VenueStatus): status is UnfilledEnd => !isOpen(status) && status !== 'filled';

/** How an order that the venue shows stands; one that it calls ended is only known to be there. */
export function standingOf({ venueOrderId, status, updatedAt }: VenueOrder): News {
  const name = status === 'held' ? status : status === 'pending_replace' ? 'replace_pending' : 'found_at_venue';
  return { name, venueOrderId, ...(updatedAt === undefined ? {} : { at: updatedAt }) };
}

/** Whether an order that the venue lists among its open ones stands as we know it. */
export function standsAsListed(order: Pick<ChildOrder, 'state' | 'venueOrderId'>, { status }: VenueOrder): boolean {
  if (order.venueOrderId === null || order.state === 'unknown') return false;
  if (order.state === 'pending_cancel') return status !== 'pending_replace';
  const waits = (at: string): string => (at === 'held' || at === 'pending_replace' ? at : 'working');
  return waits(order.state) === waits(status);
}

function ended(name: UnfilledEnd, word: string, venueOrderId: string): News {
  // One spelling, whether the stream said it or the venue was asked.
  const code = `VENUE_${word === 'canceled' ? 'CANCELLED' : word.toUpperCase()}`;
  return { name, code, reason: `the venue says "${word}"`, venueOrderId };
}

/** Whether an answer about an order says nothing that is not known: it has ended, with just these fills. */
export const isOldNews = (order: ChildOrder, found: VenueOrder): boolean =>
  isEnd(order.state) && order.code !== NOT_AT_VENUE && decimal(order.filledQuantity).equals(found.filledQuantity);

/** A fill of nobody's order, in words. */
export const describeFill = ({ side, quantity, symbol, price }: VenueFill): string =>
  `${side} ${formatDecimal(decimal(quantity))} ${symbol} at ${price}`;
