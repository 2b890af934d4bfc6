import { PositionValued } from '@ballast/contracts';
import { On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { hear } from '../domain/cycle.js';
import { advance } from './advance.js';
import { rememberLedger } from '../persistence/queries.js';

/** What the portfolio holds is known, and where its ledger stands. */
@Controller()
export class OnPositionValued {
  constructor(@Inject(PACKS) private readonly packs: PackStore) {}

  @On(PositionValued)
  async handle(@Payload() event: PositionValued, @Ctx() ctx: InboxContext<'orchestrator'>): Promise<void> {
    const { cycleId, portfolioId, positions, unpriced, ledgerCommitHash, ledgerSequence } = event.data;
    const ledger = { hash: ledgerCommitHash, sequence: ledgerSequence };
    await rememberLedger(ctx.tx, portfolioId, ledger);
    await advance(ctx, this.packs, {
      cycleId,
      take: (cycle) => hear(cycle, { stage: 'valued', at: event.time, ledger }),
      part: { name: 'valuation', data: { positions, unpriced } },
    });
  }
}
