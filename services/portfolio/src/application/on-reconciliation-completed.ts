import { ReconciliationCompleted } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { awaitFills, countHeard, findAccount } from '../persistence/queries.js';
import { alertUnknownBook } from './alert-unknown-book.js';
import { commitLedger } from './commit-ledger.js';

/**
 * A cycle's orders are settled with the venue: its fills and fees are committed, once all that
 * execution counted are here. Fills travel by order and may come after their reconciliation.
 */
@Controller()
export class OnReconciliationCompleted {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(ReconciliationCompleted)
  async handle(@Payload() event: ReconciliationCompleted, @Ctx() ctx: InboxContext<'portfolio'>): Promise<void> {
    const { portfolioId, cycleId, fills, fees = 0, status } = event.data;
    if (cycleId === null) return;
    const account = await findAccount(ctx.tx, portfolioId);
    if (!account) return alertUnknownBook(ctx, portfolioId, 'its reconciliation');
    const heard = await countHeard(ctx.tx, portfolioId);
    if (heard.fills < fills || heard.fees < fees)
      await awaitFills(ctx.tx, { portfolioId, cycleId, fills, fees, status });
    else await commitLedger(ctx, this.packs, account, { cycleId, status });
  }
}
