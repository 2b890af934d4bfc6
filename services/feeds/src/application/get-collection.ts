import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { CollectionEntity } from '../persistence/entities/collection.entity.js';

/** Answers whether something was fetched, and what it came to. */
@Controller('/api/v1/feeds/collections')
export class GetCollection {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get('/:collectionId')
  async get(@Param('collectionId', zodPipe(z.uuid())) collectionId: string): Promise<CollectionEntity> {
    const found = await this.dataSource.manager.findOneBy(CollectionEntity, { collectionId });
    if (found) return found;
    throw new Problem({
      status: 404,
      code: 'COLLECTION_NOT_FOUND',
      title: 'There is no such collection',
      detail: `No collection has the id ${collectionId}.`,
      nextStep: 'Use the collectionId that POST /api/v1/feeds/collections answered with.',
    });
  }
}
