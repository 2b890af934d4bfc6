import type { Envelope } from '@ballast/contracts';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import type { ChildOrder } from '../domain/child-order.js';
import { isEnd } from '../domain/order-machine.js';
import { CancelNow } from '../messages.js';
import { childrenOf } from '../persistence/orders.js';
import { childInHand } from '../persistence/orders-in-hand.js';
import { orderEnded, orderNotFound } from './refusals.js';
import { NAMED_MAX, takeCancel } from './take-cancel.js';
import type { ExecutionContext } from './take-news.js';

/** A person wants one order cancelled: of a parent the slices that have not left are void, and those that work are asked back. */
@Controller()
export class OnCancelNow {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(CancelNow)
  async handle(@Payload() { data }: Envelope<CancelNow>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { orderId, by, reason } = data;
    const orders = await ordersOf(ctx, orderId);
    if (orders.length === 0) return ctx.refuse(orderNotFound(orderId));
    const left = orders.filter(({ state }) => !isEnd(state));
    if (left.length === 0) return ctx.refuse(orderEnded(orderId));
    const after = await takeCancel(ctx, { config: this.config, venue: this.venue }, left, { by, reason });
    const ids = (of: readonly ChildOrder[]): string[] => of.map((order) => order.clientOrderId).slice(0, NAMED_MAX);
    const cancelled = ids(after.filter(({ state }) => isEnd(state)));
    const asked = ids(after.filter(({ state }) => !isEnd(state)));
    const { cycleId, portfolioId } = orders[0]!;
    ctx.audit({
      act: 'cancel.requested',
      actor: by,
      subject: orderId,
      cycleId,
      portfolioId,
      detail: { reason, cancelled, asked, count: left.length },
    });
    ctx.reply({ orderId, cancelled, asked }, 202);
  }
}

async function ordersOf(ctx: ExecutionContext, orderId: string): Promise<ChildOrder[]> {
  const child = await childInHand(ctx, orderId);
  if (child) return [child];
  return /^[0-9a-f]{32}$/.test(orderId) ? [] : childrenOf(ctx.tx, [orderId]);
}
