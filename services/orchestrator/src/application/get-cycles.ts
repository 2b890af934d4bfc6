import { Slug } from '@ballast/contracts';
import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { durationOf, healthOf, stagesOf, type Health } from '../domain/view.js';
import type { CycleMetaEntity } from '../persistence/entities/cycle-meta.entity.js';
import { findWholeCycle, listCycles, listDecisions } from '../persistence/read-models.js';

const limit = (max: number, usual: number) => z.coerce.number().int().min(1).max(max).default(usual);

const CyclesQuery = z.strictObject({
  book: Slug.optional(),
  status: z.enum(['opened', 'sealed', 'planned', 'judged', 'executing', 'closed', 'aborted']).optional(),
  after: z.uuid().optional(),
  limit: limit(200, 20),
});

const HealthQuery = z.strictObject({ book: Slug.optional(), limit: limit(200, 20) });

const DecisionsQuery = z.strictObject({
  action: z.enum(['BUY', 'SELL', 'HOLD', 'REJECT']).optional(),
  after: z.string().max(24).optional(),
  limit: limit(10_000, 1_000),
});

/** Answers which cycles there were, how far each came, and what it decided. */
@Controller('/api/v1/cycles')
export class GetCycles {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get()
  async list(@Query(zodPipe(CyclesQuery)) query: z.infer<typeof CyclesQuery>): Promise<unknown> {
    const { items, next } = await listCycles(this.dataSource, query);
    return { items: items.map(summaryOf), next };
  }

  @Get('/health')
  async health(@Query(zodPipe(HealthQuery)) query: z.infer<typeof HealthQuery>): Promise<Health> {
    return healthOf((await listCycles(this.dataSource, query)).items);
  }

  @Get('/:cycleId')
  async get(@Param('cycleId', zodPipe(z.uuid())) cycleId: string): Promise<unknown> {
    const cycle = await this.#find(cycleId);
    const { decideBy, completeBy, stages: _, ...rest } = cycle;
    return {
      ...rest,
      deadlines: { decideBy, completeBy },
      stages: stagesOf(cycle),
      durationMs: durationOf(cycle),
    };
  }

  @Get('/:cycleId/decisions')
  async decisions(
    @Param('cycleId', zodPipe(z.uuid())) cycleId: string,
    @Query(zodPipe(DecisionsQuery)) query: z.infer<typeof DecisionsQuery>,
  ): Promise<unknown> {
    await this.#find(cycleId);
    const { items, next } = await listDecisions(this.dataSource, cycleId, query);
    return { items: items.map(({ cycleId: _, ...decision }) => decision), next };
  }

  async #find(cycleId: string): Promise<CycleMetaEntity> {
    const cycle = await findWholeCycle(this.dataSource, cycleId);
    if (cycle) return cycle;
    throw new Problem({
      status: 404,
      code: 'CYCLE_NOT_FOUND',
      title: 'There is no such cycle',
      detail: `No cycle ${cycleId} was opened here.`,
      nextStep: 'List the cycles with "ballast cycle list".',
    });
  }
}

/** What a list shows of a cycle. */
function summaryOf(cycle: CycleMetaEntity) {
  const { cycleId, portfolioId, asOf, patternId, trigger, status, outcome, code, decisions, openedAt, endedAt } = cycle;
  const { pricingPackId, planHash, approvedHash, ledgerCommitHash } = cycle;
  return {
    ...{ cycleId, portfolioId, asOf, patternId, trigger, status, outcome, code, decisions, openedAt, endedAt },
    durationMs: durationOf(cycle),
    ...{ pricingPackId, planHash, approvedHash, ledgerCommitHash },
  };
}
