import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { SnapshotEntity } from '../persistence/entities/snapshot.entity.js';

/** Answers what was sealed for a cycle: pack, marks, regime, quality and staleness. */
@Controller('/api/v1/feeds/snapshots')
export class GetSnapshot {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get('/:cycleId')
  async get(@Param('cycleId', zodPipe(z.uuid())) cycleId: string): Promise<unknown> {
    const found = await this.dataSource.manager.findOneBy(SnapshotEntity, { cycleId });
    if (found) return { cycleId, sealedAt: found.sealedAt, ...found.content };
    throw new Problem({
      status: 404,
      code: 'SNAPSHOT_NOT_FOUND',
      title: 'The cycle has no snapshot',
      detail: `No prices were sealed for cycle ${cycleId}.`,
      nextStep: `See how far the cycle came with "ballast cycle get ${cycleId}".`,
    });
  }
}
