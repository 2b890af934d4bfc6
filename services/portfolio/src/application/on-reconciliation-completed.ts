import { ReconciliationCompleted } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { awaitFills, countFills, findAccount } from '../persistence/queries.js';
import { alertUnknownBook } from './alert-unknown-book.js';
import { commitLedger } from './commit-ledger.js';

/**
 * A cycle's orders are settled with the venue: its fills are committed, once all that
 * execution counted are here. Fills travel by order and may come after their reconciliation.
 */
@Controller()
export class OnReconciliationCompleted {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(ReconciliationCompleted)
  async handle(@Payload() event: ReconciliationCompleted, @Ctx() ctx: InboxContext<'portfolio'>): Promise<void> {
    const { portfolioId, cycleId, fills, status } = event.data;
    if (cycleId === null) return;
    const account = await findAccount(ctx.tx, portfolioId);
    if (!account) return alertUnknownBook(ctx, portfolioId, 'its reconciliation');
    if ((await countFills(ctx.tx, portfolioId)) < fills)
      await awaitFills(ctx.tx, { portfolioId, cycleId, fills, status });
    else await commitLedger(ctx, this.packs, account, { cycleId, status });
  }
}
