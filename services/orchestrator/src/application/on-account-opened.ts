import { AccountOpened } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberAccount } from '../persistence/queries.js';

/** A book was opened: from now on it can have cycles. */
@Controller()
export class OnAccountOpened {
  @On(AccountOpened)
  async handle(@Payload() event: AccountOpened, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    await rememberAccount(ctx.tx, event.data.portfolioId, event.data);
  }
}
