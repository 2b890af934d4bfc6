import { ReconciliationCompleted } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';
import { reconciliationFault } from '../domain/reconciliation.js';
import { rememberReconciliation } from '../persistence/queries.js';

/** Our books were compared with the venue's: after a cycle, or because somebody asked. */
@Controller()
export class OnReconciliationCompleted {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(ReconciliationCompleted)
  async handle(@Payload() event: ReconciliationCompleted, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId, portfolioId, status, breaks, at } = event.data;
    await rememberReconciliation(ctx.tx, portfolioId, { status, reason: reconciliationFault(status, breaks), at });
    if (cycleId === null) return;
    await advance(ctx, this.packs, { cycleId, take: (cycle) => hear(cycle, { stage: 'reconciled', at: event.time }) });
  }
}
