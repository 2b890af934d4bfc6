import { CONFIG } from '@ballast/platform';
import { Controller, Get, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FeedsConfig } from '../config.js';
import { SourceEntity } from '../persistence/entities/source.entity.js';
import { currentSource } from '../persistence/queries.js';

const SOURCES_MAX = 200;

/** Answers which histories there are, and which one cycles read. */
@Controller('/api/v1/feeds/history')
export class GetHistory {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: FeedsConfig,
  ) {}

  @Get()
  async get(): Promise<unknown> {
    const { manager } = this.dataSource;
    const current = await currentSource(manager, this.config.FEEDS_SOURCE);
    const sources = await manager.find(SourceEntity, { order: { turn: 'DESC' }, take: SOURCES_MAX });
    return {
      current: current?.source ?? null,
      sources: sources.map(
        ({ source, synthetic, priceBasis, symbols, rows, fromDate, toDate, importId, selectedAt }) => ({
          source,
          synthetic,
          priceBasis,
          symbols,
          rows,
          from: fromDate,
          to: toDate,
          importId,
          selectedAt,
        }),
      ),
    };
  }
}
