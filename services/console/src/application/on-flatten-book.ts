import { fact, FlattenRequested, type Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { flattenFault } from '../domain/order-request.js';
import { FlattenBook } from '../messages.js';
import { BookEntity } from '../persistence/entities/book.entity.js';
import { HaltEntity } from '../persistence/entities/halt.entity.js';

/** A person wants everything closed that a halted book holds: it is asked for under the halt that was heard last. */
@Controller()
export class OnFlattenBook {
  @On(FlattenBook)
  async handle(@Payload() event: Envelope<FlattenBook>, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { book: portfolioId, by, reason } = event.data;
    const book = await ctx.tx.findOneBy(BookEntity, { portfolioId });
    const halt = book && (await ctx.tx.findOneBy(HaltEntity, { account: book.account }));
    const refusal = flattenFault(portfolioId, book, halt);
    if (refusal) return ctx.refuse(refusal);
    const requestId = event.id;
    const haltEpoch = halt!.epoch;
    ctx.emit([fact(FlattenRequested, { requestId, portfolioId, haltEpoch, by, reason })]);
    ctx.audit({ act: 'flatten.requested', actor: by, subject: requestId, portfolioId, detail: { haltEpoch, reason } });
    ctx.reply({ requestId }, 202);
  }
}
