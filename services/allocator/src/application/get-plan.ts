import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { PlanEntity } from '../persistence/entities/plan.entity.js';

/** Answers which plan a cycle led to. */
@Controller('/api/v1/plans')
export class GetPlan {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get('/:cycleId')
  async get(@Param('cycleId', zodPipe(z.uuid())) cycleId: string): Promise<unknown> {
    const plan = await this.dataSource.manager.findOneBy(PlanEntity, { cycleId });
    if (plan) return plan.plan;
    throw new Problem({
      status: 404,
      code: 'PLAN_NOT_FOUND',
      title: 'The cycle has no plan',
      detail: `No plan was proposed for cycle ${cycleId}.`,
      nextStep: `See how far the cycle came with "ballast cycle get ${cycleId}".`,
    });
  }
}
