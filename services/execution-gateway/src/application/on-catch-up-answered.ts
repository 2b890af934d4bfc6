import { perform, type Envelope, type LocalType } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import type { ChildOrder, News } from '../domain/child-order.js';
import { AT_VENUE } from '../domain/order-machine.js';
import { standingOf, standsAsListed } from '../domain/venue-news.js';
import { CatchUp, type VenueOrder } from '../messages.js';
import { openChildren } from '../persistence/orders.js';
import { askNow, takeFills } from './take-fills.js';
import { takeNews, type ExecutionContext } from './take-news.js';

/** How long to wait before a venue that is away is asked again. */
const CATCH_UP_AGAIN_MS = 30_000;

type Answered = typeof CatchUp.answered extends LocalType<infer D> ? D : never;

/** What happened at the venue while its stream was not heard. */
@Controller()
export class OnCatchUpAnswered {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(CatchUp.answered)
  async handle(@Payload() { data }: Envelope<Answered>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { request, outcome } = data;
    const { account } = request;
    if (outcome.status !== 'done') {
      ctx.later([perform(CatchUp, account, request, addMilliseconds(ctx.now, CATCH_UP_AGAIN_MS))]);
      ctx.alert({
        code: 'CATCH_UP_FAILED',
        severity: 'warning',
        message: `${account}: what happened while the stream was not heard could not be asked for: ${outcome.reason}`,
        numbers: { account, since: request.since },
        nextStep: `it is asked for again every ${CATCH_UP_AGAIN_MS / 1_000} s; check the venue's address and keys`,
      });
      return;
    }
    const desk = { config: this.config, venue: this.venue };
    const { orders, fills } = outcome.answer;
    await takeFills(ctx, desk, account, fills);
    const open = await openChildren(ctx.tx, account);
    const listed = new Map(orders.map((order) => [order.clientOrderId, order]));
    await takeNews(
      ctx,
      desk,
      open.flatMap((order) => found(order, listed.get(order.clientOrderId))),
    );
    // One that the venue should list and does not has ended without our hearing.
    open
      .filter((order) => AT_VENUE.has(order.state) && !listed.has(order.clientOrderId))
      .forEach((order) => askNow(ctx, order));
  }
}

function found(order: ChildOrder, listed: VenueOrder | undefined): { order: ChildOrder; news: News }[] {
  return listed === undefined || standsAsListed(order, listed) ? [] : [{ order, news: standingOf(listed) }];
}
