import { Controller, Get, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HaltEntity } from '../persistence/entities/halt.entity.js';

/** Answers which accounts are halted, since when, by whom and why. */
@Controller('/api/v1/halt')
export class GetHalt {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get()
  async list(): Promise<unknown> {
    return { items: await this.dataSource.manager.find(HaltEntity, { order: { account: 'ASC' } }), next: null };
  }
}
