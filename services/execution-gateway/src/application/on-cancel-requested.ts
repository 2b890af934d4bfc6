import { CancelRequested } from '@ballast/contracts';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, type Venue } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import type { ChildOrder } from '../domain/child-order.js';
import { accountsOfPortfolio } from '../persistence/accounts.js';
import { openChildren } from '../persistence/orders.js';
import { childInHand } from '../persistence/orders-in-hand.js';
import { NAMED_MAX, takeCancel } from './take-cancel.js';
import type { ExecutionContext } from './take-news.js';

/** A person wants one order, or all of a portfolio, cancelled. */
@Controller()
export class OnCancelRequested {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(CancelRequested)
  async handle(@Payload() { data }: CancelRequested, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { portfolioId, clientOrderId, by, reason, requestId } = data;
    const orders = await this.#orders(ctx, portfolioId, clientOrderId);
    await takeCancel(ctx, { config: this.config, venue: this.venue }, orders, { by, reason });
    ctx.audit({
      act: 'cancel.requested',
      actor: by,
      subject: clientOrderId ?? portfolioId,
      portfolioId,
      detail: {
        requestId,
        reason,
        orders: orders.map((order) => order.clientOrderId).slice(0, NAMED_MAX),
        count: orders.length,
      },
    });
  }

  async #orders(ctx: ExecutionContext, portfolioId: string, clientOrderId: string | null): Promise<ChildOrder[]> {
    if (clientOrderId !== null) {
      const order = await childInHand(ctx, clientOrderId);
      return order?.portfolioId === portfolioId ? [order] : [];
    }
    const orders: ChildOrder[] = [];
    for (const { account } of await accountsOfPortfolio(ctx.tx, portfolioId)) {
      orders.push(...(await openChildren(ctx.tx, account)));
    }
    return orders;
  }
}
