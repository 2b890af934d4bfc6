import { Slug } from '@ballast/contracts';
import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ReconciliationEntity } from '../persistence/entities/reconciliation.entity.js';

const ListQuery = z.object({
  account: Slug.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** Answers what comparisons with the venue's books found. */
@Controller('/api/v1/execution/reconciliations')
export class GetReconciliations {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** The newest first. */
  @Get()
  async list(@Query(zodPipe(ListQuery)) { account, limit }: z.infer<typeof ListQuery>): Promise<unknown> {
    const items = await this.dataSource.manager.find(ReconciliationEntity, {
      where: account === undefined ? {} : { account },
      order: { at: 'DESC', reconciliationId: 'ASC' },
      take: limit,
    });
    return { items, next: null };
  }

  @Get('/:id')
  async get(@Param('id', zodPipe(z.uuid())) reconciliationId: string): Promise<ReconciliationEntity> {
    const found = await this.dataSource.manager.findOneBy(ReconciliationEntity, { reconciliationId });
    if (found) return found;
    throw new Problem({
      status: 404,
      code: 'RECONCILIATION_NOT_FOUND',
      title: 'No such reconciliation',
      detail: `No reconciliation ${reconciliationId} was completed here.`,
      nextStep: 'It may still be under way; list what was completed with GET /api/v1/execution/reconciliations.',
    });
  }
}
