import { LedgerPosted } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';
import { rememberLedger } from '../persistence/queries.js';

/** The fills of a cycle, or cash, are in the ledger. */
@Controller()
export class OnLedgerPosted {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(LedgerPosted)
  async handle(@Payload() event: LedgerPosted, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId, portfolioId, ledgerCommitHash, toSequence } = event.data;
    const ledger = { hash: ledgerCommitHash, sequence: toSequence };
    await rememberLedger(ctx.tx, portfolioId, ledger);
    if (cycleId === null) return;
    await advance(ctx, this.packs, {
      cycleId,
      take: (cycle) => hear(cycle, { stage: 'posted', at: event.time, ledger }),
    });
  }
}
