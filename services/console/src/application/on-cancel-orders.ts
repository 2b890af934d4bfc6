import { CancelRequested, fact, type Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { cancelFault } from '../domain/order-request.js';
import { CancelOrders } from '../messages.js';
import { BookEntity } from '../persistence/entities/book.entity.js';
import { findOrder } from '../persistence/order-queries.js';

/** A person wants one order, or all of a book, cancelled. */
@Controller()
export class OnCancelOrders {
  @On(CancelOrders)
  async handle(@Payload() event: Envelope<CancelOrders>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { book: portfolioId, by, reason } = event.data;
    const clientOrderId = event.data.clientOrderId ?? null;
    const book = await ctx.tx.findOneBy(BookEntity, { portfolioId });
    const order = clientOrderId === null ? null : await findOrder(ctx.tx, clientOrderId);
    const refusal = cancelFault(portfolioId, book, clientOrderId, order);
    if (refusal) return ctx.refuse(refusal);
    const requestId = event.id;
    ctx.emit([fact(CancelRequested, { requestId, portfolioId, clientOrderId, by, reason })]);
    ctx.audit({
      act: 'cancel.requested',
      actor: by,
      subject: clientOrderId ?? portfolioId,
      portfolioId,
      detail: { requestId, all: clientOrderId === null, reason },
    });
    ctx.reply({ requestId }, 202);
  }
}
