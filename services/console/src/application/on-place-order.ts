import { fact, OrderRequested, parentOrderIdOf, type Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { bookNotFound, orderFault } from '../domain/order-request.js';
import { PlaceOrder } from '../messages.js';
import { BookEntity } from '../persistence/entities/book.entity.js';
import { HaltEntity } from '../persistence/entities/halt.entity.js';

/** A person wants one order: it is asked for, and risk judges it like a plan of one trade. */
@Controller()
export class OnPlaceOrder {
  @On(PlaceOrder)
  async handle(@Payload() event: Envelope<PlaceOrder>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { book: portfolioId, by, reason, ...wish } = event.data;
    const order = { ...wish, quantity: wish.quantity ?? null, notional: wish.notional ?? null };
    const book = await ctx.tx.findOneBy(BookEntity, { portfolioId });
    if (!book) return ctx.refuse(bookNotFound(portfolioId));
    const { account } = book;
    const refusal = orderFault(account, await ctx.tx.findOneBy(HaltEntity, { account }));
    if (refusal) return ctx.refuse(refusal);
    // The id of a command follows from its Idempotency-Key, so the request has the same name however often it is sent.
    const requestId = event.id;
    ctx.emit([fact(OrderRequested, { requestId, portfolioId, ...order, by, reason })]);
    ctx.audit({ act: 'order.requested', actor: by, subject: requestId, portfolioId, detail: { ...order, reason } });
    const orderId = parentOrderIdOf({ cycleId: requestId, account, symbol: order.symbol, side: order.side });
    const follow = { verdict: `/api/v1/verdicts/${requestId}`, order: `/api/v1/orders/${orderId}` };
    ctx.reply({ requestId, orderId, follow }, 202);
  }
}
