import type { Runner, Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { VENUE, type Venue } from '../adapters/ports.js';
import { AskVenue, type VenueFill, type VenueOrder } from '../messages.js';

type Request = z.infer<typeof AskVenue.request>;
type Answer = z.infer<typeof AskVenue.answer>;

/** Asks the venue for an order by our name for it, and for its fills where it has some. */
@Injectable()
export class RunAskVenue implements Runner<Request, Answer> {
  readonly work = AskVenue;

  constructor(@Inject(VENUE) private readonly venue: Venue) {}

  async run({ request: { account, clientOrderId } }: Work<Request>): Promise<Answer> {
    const order = await findOrder(this.venue, account, clientOrderId);
    return { order, fills: order ? await fillsOf(this.venue, account, order) : [] };
  }
}

/** An order by our name for it; at a venue that cannot be asked for it so, among its open ones. */
export async function findOrder(venue: Venue, account: string, clientOrderId: string): Promise<VenueOrder | null> {
  if (venue.guarantees.lookupByClientId) return venue.orderByClientId(account, clientOrderId);
  return (await venue.openOrders(account)).find((order) => order.clientOrderId === clientOrderId) ?? null;
}

/** All fills of an order, oldest first. */
export async function fillsOf(venue: Venue, account: string, order: VenueOrder): Promise<VenueFill[]> {
  if (/^0(\.0*)?$/.test(order.filledQuantity)) return [];
  const fills = await venue.fillsSince(account, order.submittedAt);
  return fills.filter((fill) => fill.venueOrderId === order.venueOrderId);
}
