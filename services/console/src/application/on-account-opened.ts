import { AccountOpened } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BookEntity } from '../persistence/entities/book.entity.js';

/** A book was opened: orders can be asked for it. */
@Controller()
export class OnAccountOpened {
  @On(AccountOpened)
  async handle(@Payload() event: AccountOpened, @Ctx() ctx: InboxContext<'console'>): Promise<void> {
    const { portfolioId, account } = event.data;
    await ctx.tx.upsert(BookEntity, { portfolioId, account }, ['portfolioId']);
  }
}
