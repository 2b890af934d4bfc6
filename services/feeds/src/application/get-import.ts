import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { parkedAnswer } from '../persistence/queries.js';
import { HistoryImportEntity } from '../persistence/entities/history-import.entity.js';
import { ImportProgress } from './import-progress.js';

/** Answers how far an import has come, or how it ended. */
@Controller('/api/v1/feeds/imports')
export class GetImport {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(ImportProgress) private readonly progress: ImportProgress,
  ) {}

  @Get('/:importId')
  async get(@Param('importId', zodPipe(z.uuid())) importId: string): Promise<unknown> {
    const found = await this.dataSource.manager.findOneBy(HistoryImportEntity, { importId });
    if (found) {
      const running = found.status === 'running';
      return {
        ...found,
        progress: running ? this.progress.get(importId) : null,
        parked: running ? await parkedAnswer(this.dataSource.manager, importId) : null,
      };
    }
    throw new Problem({
      status: 404,
      code: 'IMPORT_NOT_FOUND',
      title: 'There is no such import',
      detail: `No import has the id ${importId}.`,
      nextStep: 'Use the importId that POST /api/v1/feeds/imports answered with.',
    });
  }
}
