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
    const order = await this.venue.orderByClientId(account, clientOrderId);
    return { order, fills: order ? await fillsOf(this.venue, account, order) : [] };
  }
}

/** All fills of an order, oldest first. */
export async function fillsOf(venue: Venue, account: string, order: VenueOrder): Promise<VenueFill[]> {
  if (/^0(\.0*)?$/.test(order.filledQuantity)) return [];
  const fills = await venue.fillsSince(account, order.submittedAt);
  return fills.filter((fill) => fill.venueOrderId === order.venueOrderId);
}
