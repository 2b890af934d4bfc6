import { Slug } from '@ballast/contracts';
import { AcceptsBody, Door, IdempotencyKey, Problem, zodPipe } from '@ballast/platform';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ReconcileNow } from '../messages.js';
import { ReconciliationEntity } from '../persistence/entities/reconciliation.entity.js';

const ReconcileBody = z.strictObject({ account: Slug });
const ListQuery = z.object({
  account: Slug.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** Asks for a comparison with the venue's books, and shows what comparisons found. */
@Controller('/api/v1/execution')
export class ReconciliationController {
  constructor(
    @Inject(Door) private readonly door: Door,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  @Post('/reconcile')
  @HttpCode(202)
  @AcceptsBody(ReconcileBody)
  ask(
    @Body(zodPipe(ReconcileBody)) body: z.infer<typeof ReconcileBody>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    return this.door.command(ReconcileNow, body.account, body, key);
  }

  /** The newest first. */
  @Get('/reconciliations')
  list(@Query(zodPipe(ListQuery)) { account, limit }: z.infer<typeof ListQuery>): Promise<ReconciliationEntity[]> {
    return this.dataSource.manager.find(ReconciliationEntity, {
      where: account === undefined ? {} : { account },
      order: { at: 'DESC', reconciliationId: 'ASC' },
      take: limit,
    });
  }

  @Get('/reconciliations/:id')
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
