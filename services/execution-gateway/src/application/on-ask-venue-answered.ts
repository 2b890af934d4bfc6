import { perform, type Envelope, type LocalType } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import type { ChildOrder, News } from '../domain/child-order.js';
import { isEnd } from '../domain/order-machine.js';
import { isOldNews, newsOfOrder } from '../domain/venue-news.js';
import { AskVenue } from '../messages.js';
import { childInHand } from '../persistence/orders-in-hand.js';
import { settlementAt, takeNews, type ExecutionContext } from './take-news.js';

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
    const order = await childInHand(ctx, request.clientOrderId);
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
    const desk = { config: this.config, venue: this.venue };
    const { concludes, windowMs } = settlementAt(desk);
    const told = found ? newsOfOrder(found, fills, order) : { news: [absence(concludes)], missing: false };
    await takeNews(
      ctx,
      desk,
      told.news.map((news) => ({ order, news })),
    );
    if (told.missing) again(windowMs);
    if (!found && !concludes && !isEnd(order.state)) tellUnproven(ctx, order);
  }
}

const absence = (concludes: boolean): News =>
  concludes
    ? { name: 'not_at_venue', reason: 'the venue does not know the order' }
    : { name: 'not_shown', reason: 'the venue does not list the order, and cannot be asked for it by our name' };

function tellUnproven(ctx: ExecutionContext, { symbol, clientOrderId, state }: ChildOrder): void {
  ctx.alert({
    code: 'ORDER_UNPROVEN',
    severity: 'critical',
    message: `${symbol}: an order that is ${state} is not among the venue's open ones, which does not say whether it has ended or never was`,
    numbers: { clientOrderId, state },
    nextStep: 'look it up at the venue by hand; nothing is sent again, and its fills are still heard',
  });
}
