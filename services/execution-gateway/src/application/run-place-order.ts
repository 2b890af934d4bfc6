import { CONFIG, messageOf, Superseded, type Runner, type Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { STREAMS, VENUE, type Streams, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { PlaceOrder, type PlaceAnswer, type PlaceRequest } from '../messages.js';

/** How long an order waits when the account's stream could not be had. */
const STREAM_RETRY_MS = 5_000;
/** How long it waits when the database did not say in time that this instance is still the active one. */
const LEASE_RETRY_MS = 2_000;

/**
 * Sends one order, once. Nothing is sent before the account's stream is authorised, because what the venue
 * tells there is never told again; nor by an instance that does not know itself to be the active one now, however
 * long it was stopped before (docs/adr/0018). What is thrown here is an unknown outcome, and is asked for.
 */
@Injectable()
export class RunPlaceOrder implements Runner<PlaceRequest, PlaceAnswer> {
  readonly work = PlaceOrder;

  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
    @Inject(STREAMS) private readonly streams: Streams,
  ) {}

  async run({ request, confirm }: Work<PlaceRequest>): Promise<PlaceAnswer> {
    const deadlineMs = this.config.EXECUTION_VENUE_DEADLINE_MS;
    if (!(await this.streams.ready(request.account, deadlineMs))) {
      const reason = "the account's stream is not open";
      return { kind: 'deferred', retryAfterMs: STREAM_RETRY_MS, reason, unsent: true };
    }
    try {
      await confirm();
    } catch (error) {
      if (error instanceof Superseded) throw error;
      const reason = `whether this instance is still the active one could not be learned: ${messageOf(error)}`;
      return { kind: 'deferred', retryAfterMs: LEASE_RETRY_MS, reason, unsent: true };
    }
    return this.venue.placeOrder(request, { deadlineMs });
  }
}
