import { perform, type Envelope, type LocalType } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { isOldNews, newsOfOrder } from '../domain/venue-news.js';
import { AskVenue } from '../messages.js';
import { childBy } from '../persistence/orders.js';
import { takeNews, type ExecutionContext } from './take-news.js';

/** How long to wait before a venue that is away is asked again. */
const ASK_AGAIN_MS = 60_000;

type Answered = typeof AskVenue.answered extends LocalType<infer D> ? D : never;

/** The venue said where an order stands. */
@Controller()
export class OnAskVenueAnswered {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(AskVenue.answered)
  async handle(@Payload() { data }: Envelope<Answered>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { request, outcome } = data;
    const order = await childBy(ctx.tx, request.clientOrderId);
    if (!order) return;
    const again = (afterMs: number): void =>
      ctx.later([perform(AskVenue, request.clientOrderId, request, addMilliseconds(ctx.now, afterMs))]);
    if (outcome.status !== 'done') {
      again(ASK_AGAIN_MS);
      ctx.alert({
        code: 'VENUE_UNREACHABLE',
        severity: 'warning',
        message: `${order.symbol}: the venue could not be asked for an order that is ${order.state}: ${outcome.reason}`,
        numbers: { clientOrderId: order.clientOrderId, state: order.state },
        nextStep: `nothing is lost; it is asked again every ${ASK_AGAIN_MS / 1_000} s. Check the venue's address and keys`,
      });
      return;
    }
    const { order: found, fills } = outcome.answer;
    if (found && isOldNews(order, found)) return;
    const told = found
      ? newsOfOrder(found, fills)
      : { news: [{ name: 'not_at_venue' as const, reason: 'the venue does not know the order' }], missing: false };
    await takeNews(
      ctx,
      { config: this.config, venue: this.venue },
      told.news.map((news) => ({ order, news })),
    );
    if (told.missing) again(this.config.EXECUTION_SETTLE_WINDOW_MS);
  }
}
