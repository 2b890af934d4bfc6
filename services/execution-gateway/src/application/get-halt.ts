import { Controller, Get, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HaltEntity } from '../persistence/entities/halt.entity.js';
import { SymbolHaltEntity } from '../persistence/entities/symbol-halt.entity.js';

/** Answers which accounts and which of their symbols are halted, since when, by whom and why. */
@Controller('/api/v1/halt')
export class GetHalt {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get()
  async list(): Promise<unknown> {
    return { items: await this.dataSource.manager.find(HaltEntity, { order: { account: 'ASC' } }), next: null };
  }

  /** Symbols that are halted, and those that were. */
  @Get('symbols')
  async symbols(): Promise<unknown> {
    const items = await this.dataSource.manager.find(SymbolHaltEntity, { order: { account: 'ASC', symbol: 'ASC' } });
    return { items, next: null };
  }
}
