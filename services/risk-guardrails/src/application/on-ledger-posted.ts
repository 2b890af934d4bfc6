import { LedgerPosted } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberLedger, settleCycle } from '../persistence/queries.js';

/** A cycle's fills are in the ledger: from now on its positions count, and what was let through does not count twice. */
@Controller()
export class OnLedgerPosted {
  @On(LedgerPosted)
  async handle(@Payload() event: LedgerPosted, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    await rememberLedger(ctx.tx, event.data);
    if (event.data.cycleId !== null) await settleCycle(ctx.tx, event.data.cycleId);
  }
}
