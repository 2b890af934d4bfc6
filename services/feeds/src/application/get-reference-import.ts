import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ReferenceImportEntity } from '../persistence/entities/reference-import.entity.js';

/** Answers how an import of reference facts ended, or that it is under way. */
@Controller('/api/v1/feeds/reference/imports')
export class GetReferenceImport {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get('/:importId')
  async get(@Param('importId', zodPipe(z.uuid())) importId: string): Promise<unknown> {
    const found = await this.dataSource.manager.findOneBy(ReferenceImportEntity, { importId });
    if (found) return found;
    throw new Problem({
      status: 404,
      code: 'IMPORT_NOT_FOUND',
      title: 'There is no such import',
      detail: `No import of reference facts has the id ${importId}.`,
      nextStep: 'Use the importId that POST /api/v1/feeds/reference answered with.',
    });
  }
}
