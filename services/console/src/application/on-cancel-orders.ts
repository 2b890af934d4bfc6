import { CancelRequested, fact, type Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { bookNotFound } from '../domain/order-request.js';
import { CancelOrders } from '../messages.js';
import { BookEntity } from '../persistence/entities/book.entity.js';

/** A person wants all orders of a book cancelled; a single one is cancelled where it is worked. */
@Controller()
export class OnCancelOrders {
  @On(CancelOrders)
  async handle(@Payload() event: Envelope<CancelOrders>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { book: portfolioId, by, reason } = event.data;
    if (!(await ctx.tx.findOneBy(BookEntity, { portfolioId }))) return ctx.refuse(bookNotFound(portfolioId));
    const requestId = event.id;
    ctx.emit([fact(CancelRequested, { requestId, portfolioId, clientOrderId: null, by, reason })]);
    ctx.audit({
      act: 'cancel.requested',
      actor: by,
      subject: portfolioId,
      portfolioId,
      detail: { requestId, all: true, reason },
    });
    ctx.reply({ requestId }, 202);
  }
}
