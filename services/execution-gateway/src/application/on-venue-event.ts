import type { Envelope } from '@ballast/contracts';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { effectsOfForeign } from '../domain/order-machine.js';
import { newsOfUpdate } from '../domain/venue-news.js';
import { VenueEvent } from '../messages.js';
import { childInHand } from '../persistence/orders-in-hand.js';
import { askNow, foreignFill } from './take-fills.js';
import { takeNews, type ExecutionContext } from './take-news.js';

/** The venue's stream told something about an order. */
@Controller()
export class OnVenueEvent {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(VenueEvent)
  async handle(@Payload() { data }: Envelope<VenueEvent>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { account, update } = data;
    const order = await childInHand(ctx, update.order.clientOrderId);
    if (!order || order.account !== account) {
      if (update.fill && effectsOfForeign(update.event).has('halt')) await foreignFill(ctx, account, update.fill);
      return;
    }
    const { news, missing } = newsOfUpdate(order, update);
    await takeNews(
      ctx,
      { config: this.config, venue: this.venue },
      news.map((each) => ({ order, news: each })),
    );
    if (missing) askNow(ctx, order);
  }
}
