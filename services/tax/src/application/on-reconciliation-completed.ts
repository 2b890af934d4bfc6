import { ReconciliationCompleted } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { shortSales } from '../persistence/queries.js';

/** A cycle's orders are settled with the venue: every sale should have found its lots by now. */
@Controller()
export class OnReconciliationCompleted {
  @On(ReconciliationCompleted)
  async handle(@Payload() event: ReconciliationCompleted, @Ctx() ctx: InboxContext<'tax'>): Promise<void> {
    const { account, portfolioId, cycleId } = event.data;
    if (cycleId === null) return;
    const short = await shortSales(ctx.tx, account);
    ctx.audit({ act: 'lots.checked', subject: account, cycleId, portfolioId, detail: { short: short.length } });
    if (short.length === 0) return;
    const some = short
      .slice(0, 10)
      .map(({ executionId, quantity, symbol }) => `${quantity} ${symbol} (${executionId})`);
    ctx.alert({
      code: 'LOTS_SHORT',
      severity: 'critical',
      message: `${short.length} sales of ${account} have no lots to relieve: ${some.join(', ')}`,
      numbers: { account, sales: String(short.length) },
      nextStep:
        'find the missing buys at the venue; when their fills are heard, these sales are worked out by themselves',
    });
  }
}
