import type { Runner, Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { VENUE, type Venue } from '../adapters/ports.js';
import { Reconcile, type ReconcileRequest, type VenueBooks } from '../messages.js';

/** Fetches what the venue holds for an account. */
@Injectable()
export class RunReconcile implements Runner<ReconcileRequest, VenueBooks> {
  readonly work = Reconcile;

  constructor(@Inject(VENUE) private readonly venue: Venue) {}

  /** Open orders come first and fills after them, so that whatever fills in between is in one of them. */
  async run({ request: { account, since, feesSince } }: Work<ReconcileRequest>): Promise<VenueBooks> {
    const orders = await this.venue.openOrders(account);
    const [fills, fees, positions, facts] = await Promise.all([
      since === null ? [] : this.venue.fillsSince(account, since),
      feesSince === undefined ? undefined : this.venue.feesSince(account, feesSince),
      this.venue.positions(account),
      this.venue.account(account),
    ]);
    return { positions, orders, account: facts, fills, ...(fees === undefined ? {} : { fees }) };
  }
}
