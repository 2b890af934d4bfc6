import { Check, Trade, Trim, type DataOf, type PlanApproved } from '@ballast/contracts';
import { PACKS, Problem, unpackRows, zodPipe, type PackStore } from '@ballast/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { VerdictEntity } from '../persistence/entities/verdict.entity.js';
import { findReview } from '../persistence/queries.js';

/** Answers what the guardrails said of a cycle's plan or of a person's order, with every number compared. */
@Controller('/api/v1/verdicts')
export class GetVerdict {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {}

  @Get('/:cycleId')
  async get(@Param('cycleId', zodPipe(z.uuid())) cycleId: string): Promise<unknown> {
    const tx = this.dataSource.manager;
    const known = await tx.findOneBy(VerdictEntity, { cycleId });
    if (!known) return this.#open(tx, cycleId);
    const { outcome, verdict } = known;
    const trades = (verdict as Partial<DataOf<typeof PlanApproved>>).trades;
    return {
      verdict: outcome,
      ...verdict,
      checks: await unpackRows(this.packs, verdict.checks, Check),
      trims: await unpackRows(this.packs, verdict.trims, Trim),
      ...(trades ? { trades: await unpackRows(this.packs, trades, Trade) } : {}),
    };
  }

  /** What there is to say while a person is asked. */
  async #open(tx: EntityManager, cycleId: string): Promise<unknown> {
    const review = await findReview(tx, cycleId);
    if (review?.status !== 'asked') {
      throw new Problem({
        status: 404,
        code: 'VERDICT_NOT_FOUND',
        title: 'There is no verdict',
        detail: `No plan of cycle ${cycleId} was judged, and no order of that id.`,
        nextStep: `See how far the cycle came with "ballast cycle get ${cycleId}".`,
      });
    }
    const { portfolioId, origin, expiresAt, plan, proposal } = review;
    return {
      ...{ verdict: 'approval_requested', cycleId, portfolioId, origin, planHash: plan!.planHash, expiresAt },
      approvedHash: proposal!.approvedHash,
      trims: await unpackRows(this.packs, proposal!.trims, Trim),
      trades: await unpackRows(this.packs, proposal!.trades, Trade),
    };
  }
}
