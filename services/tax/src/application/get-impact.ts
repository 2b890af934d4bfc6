import { Relief } from '@ballast/contracts';
import { PACKS, Problem, unpackRows, zodPipe, type PackStore } from '@ballast/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ImpactEntity } from '../persistence/entities/impact.entity.js';

/** Answers what the sells of a cycle's plan would realise. */
@Controller('/api/v1/tax/impacts')
export class GetImpact {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {}

  @Get('/:cycleId')
  async get(@Param('cycleId', zodPipe(z.uuid())) cycleId: string): Promise<unknown> {
    const known = await this.dataSource.manager.findOneBy(ImpactEntity, { cycleId });
    if (known?.impact) {
      const relief = await unpackRows(this.packs, known.impact.relief, Relief);
      return { ...known.impact, relief, tradeDate: known.tradeDate, assessedAt: known.assessedAt };
    }
    throw new Problem({
      status: 404,
      code: 'IMPACT_NOT_FOUND',
      title: 'The cycle has no tax impact',
      detail: `No plan of cycle ${cycleId} was assessed.`,
      nextStep: `See how far the cycle came with "ballast cycle get ${cycleId}".`,
    });
  }
}
