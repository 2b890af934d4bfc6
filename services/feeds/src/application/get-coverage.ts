import { sessionsBetween } from '@ballast/kernel/calendar';
import { CONFIG, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { FeedsConfig } from '../config.js';
import { coverageOf, type Coverage } from '../domain/coverage.js';
import { loadDays } from '../persistence/bar-queries.js';
import { currentSource } from '../persistence/queries.js';
import { noHistory } from './no-history.js';
import { SymbolList } from './symbol-list.js';

const CoverageQuery = z.strictObject({
  source: z.string().optional(),
  /** Only these, separated by commas. */
  symbols: SymbolList(1_000).optional(),
  /** The symbol of the last row of the page before. */
  after: z.string().default(''),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
});

/** Answers how much history there is of each symbol, and which sessions it lacks. */
@Controller('/api/v1/feeds/coverage')
export class GetCoverage {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: FeedsConfig,
  ) {}

  @Get()
  async get(
    @Query(zodPipe(CoverageQuery)) { source: asked, symbols, after, limit }: z.infer<typeof CoverageQuery>,
  ): Promise<{ source: string; items: Coverage[]; next: string | null }> {
    const { manager } = this.dataSource;
    const known = await currentSource(manager, asked ?? this.config.FEEDS_SOURCE);
    if (!known) throw noHistory(asked);
    const sessions = sessionsBetween(known.fromDate, known.toDate).map(({ date }) => date);
    const rows = await loadDays(manager, known.source, after, limit + 1, symbols ?? null);
    const items = rows.slice(0, limit).map(({ symbol, months }) => coverageOf(symbol, months, sessions));
    return { source: known.source, items, next: rows.length > limit ? items.at(-1)!.symbol : null };
  }
}
