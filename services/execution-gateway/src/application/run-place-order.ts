import { CONFIG, type Runner, type Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { STREAMS, VENUE, type Streams, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { PlaceOrder, type PlaceAnswer, type PlaceRequest } from '../messages.js';

/** How long an order waits when the account's stream could not be had. */
const STREAM_RETRY_MS = 5_000;

/**
 * Sends one order, once. Nothing is sent before the account's stream is authorised, because what the venue
 * tells there is never told again. What is thrown here is an unknown outcome, and is asked for.
 */
@Injectable()
export class RunPlaceOrder implements Runner<PlaceRequest, PlaceAnswer> {
  readonly work = PlaceOrder;

  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
    @Inject(STREAMS) private readonly streams: Streams,
  ) {}

  async run({ request }: Work<PlaceRequest>): Promise<PlaceAnswer> {
    const deadlineMs = this.config.EXECUTION_VENUE_DEADLINE_MS;
    if (!(await this.streams.ready(request.account, deadlineMs))) {
      const reason = "the account's stream is not open";
      return { kind: 'deferred', retryAfterMs: STREAM_RETRY_MS, reason, unsent: true };
    }
    return this.venue.placeOrder(request, { deadlineMs });
  }
}
