import type { Runner, Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { VENUE, type Venue } from '../adapters/ports.js';
import { Reconcile, type ReconcileRequest, type VenueBooks } from '../messages.js';

/** Fetches what the venue holds for an account. */
@Injectable()
export class RunReconcile implements Runner<ReconcileRequest, VenueBooks> {
  readonly work = Reconcile;

  constructor(@Inject(VENUE) private readonly venue: Venue) {}

  async run({ request: { account } }: Work<ReconcileRequest>): Promise<VenueBooks> {
    const [positions, orders, { cash }] = await Promise.all([
      this.venue.positions(account),
      this.venue.openOrders(account),
      this.venue.account(account),
    ]);
    return { positions, orders, cash };
  }
}
