import type { Envelope, LocalType } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import type { News } from '../domain/child-order.js';
import { isOpen } from '../domain/venue-news.js';
import { PlaceOrder, type PlaceAnswer } from '../messages.js';
import { childInHand } from '../persistence/orders-in-hand.js';
import { askNow } from './take-fills.js';
import { takeNews, type ExecutionContext } from './take-news.js';

type Answered = typeof PlaceOrder.answered extends LocalType<infer D> ? D : never;

/** The call that sent an order came to its end, with an answer or without. */
@Controller()
export class OnPlaceOrderAnswered {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(PlaceOrder.answered)
  async handle(@Payload() { data }: Envelope<Answered>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { request, outcome } = data;
    const order = await childInHand(ctx, request.clientOrderId);
    if (!order) return;
    const news: News[] =
      outcome.status === 'done'
        ? newsOfAnswer(outcome.answer, ctx.now)
        : [{ name: 'no_answer', reason: outcome.reason }];
    await takeNews(
      ctx,
      { config: this.config, venue: this.venue },
      news.map((each) => ({ order, news: each })),
    );
    // An order that has ended already has fills, or a reason, that only asking brings.
    const ended = outcome.status === 'done' && outcome.answer.kind === 'acknowledged' && !isOpen(outcome.answer.status);
    if (ended) askNow(ctx, order);
  }
}

function newsOfAnswer(answer: PlaceAnswer, now: string): News[] {
  switch (answer.kind) {
    case 'acknowledged':
      return [{ name: answer.status === 'held' ? 'held' : 'acknowledged', venueOrderId: answer.venueOrderId }];
    case 'rejected':
      return [{ name: 'rejected', code: answer.code, reason: answer.message }];
    case 'deferred':
      return [
        {
          name: 'deferred',
          reason: answer.reason,
          retryAt: addMilliseconds(now, answer.retryAfterMs),
          unsent: answer.unsent === true,
        },
      ];
  }
}
