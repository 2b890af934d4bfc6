import { perform, type Envelope, type LocalType } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import type { News } from '../domain/child-order.js';
import { isOpen, newsOfOrder } from '../domain/venue-news.js';
import { AskVenue, CancelOrder } from '../messages.js';
import { childInHand } from '../persistence/orders-in-hand.js';
import { askNow } from './take-fills.js';
import { settlementAt, takeNews, type ExecutionContext } from './take-news.js';

/** How long to wait before a cancel that could not be asked for is asked for again. */
const CANCEL_AGAIN_MS = 10_000;

type Answered = typeof CancelOrder.answered extends LocalType<infer D> ? D : never;

/** The venue said whether it will cancel an order. That it was cancelled is said by the stream. */
@Controller()
export class OnCancelOrderAnswered {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(CancelOrder.answered)
  async handle(@Payload() { data }: Envelope<Answered>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { request, outcome } = data;
    const order = await childInHand(ctx, request.clientOrderId);
    if (order?.state !== 'pending_cancel') return;
    if (outcome.status !== 'done') {
      ctx.later([perform(CancelOrder, request.clientOrderId, request, addMilliseconds(ctx.now, CANCEL_AGAIN_MS))]);
      ctx.alert({
        code: 'CANCEL_NOT_ANSWERED',
        severity: 'critical',
        message: `${order.symbol}: the venue did not answer a cancel: ${outcome.reason}; the order may still fill`,
        numbers: { clientOrderId: order.clientOrderId },
        nextStep: 'it is asked for again; cancel at the venue by hand where it cannot wait',
      });
      return;
    }
    const { answer } = outcome;
    const { clientOrderId, account } = order;
    if (answer.kind === 'refused') {
      const { status } = answer.order;
      // While an order is being replaced its cancel is refused; the wish outlives that.
      const stays = isOpen(status) && status !== 'pending_replace';
      const told = newsOfOrder(answer.order, answer.fills, order);
      const refused: News[] = stays ? [{ name: 'cancel_refused', reason: 'the venue refused to cancel' }] : [];
      const news = [...refused, ...told.news].map((each) => ({ order, news: each }));
      await takeNews(ctx, { config: this.config, venue: this.venue }, news);
      if (told.missing) askNow(ctx, order);
    } else if (answer.kind === 'requested' || order.venueOrderId !== null) {
      // The stream should tell; where that message is lost, asking does.
      const at = addMilliseconds(ctx.now, settlementAt({ config: this.config, venue: this.venue }).windowMs);
      ctx.later([perform(AskVenue, clientOrderId, { account, clientOrderId }, at)]);
    }
  }
}
