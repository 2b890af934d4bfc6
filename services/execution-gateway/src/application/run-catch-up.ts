import type { Runner, Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { VENUE, type Venue } from '../adapters/ports.js';
import { CatchUp } from '../messages.js';

type Request = z.infer<typeof CatchUp.request>;
type Answer = z.infer<typeof CatchUp.answer>;

/** Fetches the open orders and then the fills, so that whatever fills in between is in one of them. */
@Injectable()
export class RunCatchUp implements Runner<Request, Answer> {
  readonly work = CatchUp;

  constructor(@Inject(VENUE) private readonly venue: Venue) {}

  async run({ request: { account, since } }: Work<Request>): Promise<Answer> {
    const orders = await this.venue.openOrders(account);
    return { orders, fills: await this.venue.fillsSince(account, since) };
  }
}
