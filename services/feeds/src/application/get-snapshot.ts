import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { RightsRegistry } from '../domain/rights.js';
import { SnapshotEntity } from '../persistence/entities/snapshot.entity.js';
import { attributionsOfHistory } from './provenance.js';

/** Answers what was sealed for a cycle: pack, marks, regime, quality and staleness. */
@Controller('/api/v1/feeds/snapshots')
export class GetSnapshot {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(RightsRegistry) private readonly rights: RightsRegistry,
  ) {}

  @Get('/:cycleId')
  async get(@Param('cycleId', zodPipe(z.uuid())) cycleId: string): Promise<unknown> {
    const { manager } = this.dataSource;
    const found = await manager.findOneBy(SnapshotEntity, { cycleId });
    if (found) {
      const attributions = await attributionsOfHistory(manager, this.rights, found.content.source.name);
      return { cycleId, sealedAt: found.sealedAt, ...found.content, attributions };
    }
    throw new Problem({
      status: 404,
      code: 'SNAPSHOT_NOT_FOUND',
      title: 'The cycle has no snapshot',
      detail: `No prices were sealed for cycle ${cycleId}.`,
      nextStep: `See how far the cycle came with "ballast cycle get ${cycleId}".`,
    });
  }
}
