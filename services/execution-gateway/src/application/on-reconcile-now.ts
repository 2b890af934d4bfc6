import { uuid5, type Envelope } from '@ballast/contracts';
import { On } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { askBooks } from '../domain/watch.js';
import { ReconcileNow } from '../messages.js';
import { accountBy } from '../persistence/accounts.js';
import { accountUnknown } from './refusals.js';
import type { ExecutionContext } from './take-news.js';

/** A person asks for a comparison with the venue's books. */
@Controller()
export class OnReconcileNow {
  @On(ReconcileNow)
  async handle(@Payload() event: Envelope<{ account: string }>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { account } = event.data;
    const known = await accountBy(ctx.tx, account);
    if (!known) return ctx.refuse(accountUnknown(account));
    const reconciliationId = uuid5('reconciliation', account, event.id);
    const { portfolioId } = known;
    ctx.later([askBooks({ reconciliationId, account, portfolioId, cycleId: null, purpose: 'person' }, ctx.now)]);
    ctx.audit({ act: 'reconciliation.asked', subject: account, portfolioId, detail: { reconciliationId } });
    ctx.reply({ reconciliationId, account }, 202);
  }
}
