import type { Runner, Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { VENUE, type Venue } from '../adapters/ports.js';
import { CancelOrder } from '../messages.js';
import { fillsOf, findOrder } from './run-ask-venue.js';

type Request = z.infer<typeof CancelOrder.request>;
type Answer = z.infer<typeof CancelOrder.answer>;

/** Asks the venue to cancel an order; where the venue has not named it to us yet, by asking for its name first. */
@Injectable()
export class RunCancelOrder implements Runner<Request, Answer> {
  readonly work = CancelOrder;

  constructor(@Inject(VENUE) private readonly venue: Venue) {}

  async run({ request: { account, clientOrderId, venueOrderId } }: Work<Request>): Promise<Answer> {
    const id = venueOrderId ?? (await findOrder(this.venue, account, clientOrderId))?.venueOrderId;
    if (id === undefined) return { kind: 'not_found' };
    const answer = await this.venue.cancelOrder(account, id);
    if (answer !== 'refused') return { kind: answer };
    const order = await findOrder(this.venue, account, clientOrderId);
    if (!order) return { kind: 'not_found' };
    return { kind: 'refused', order, fills: await fillsOf(this.venue, account, order) };
  }
}
