import { SessionDate } from '@ballast/contracts';
import { CONFIG, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { FeedsConfig } from '../config.js';
import { upTo } from '../domain/bar-month.js';
import { checkSymbol } from '../domain/source-quality.js';
import { SourceQualityEntity } from '../persistence/entities/source-quality.entity.js';
import { explanationsOfSymbols, barsOfSymbols } from '../persistence/history-queries.js';
import { worstSymbols } from '../persistence/quality-queries.js';
import { currentSource } from '../persistence/queries.js';
import { noHistory } from './no-history.js';
import { SymbolList } from './symbol-list.js';

/** Symbols whose faults are listed one by one in an answer. */
const DETAILED_MAX = 50;

const QualityQuery = z.strictObject({
  source: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
const FindingsQuery = z.strictObject({
  source: z.string().optional(),
  symbols: SymbolList(DETAILED_MAX),
  asOf: SessionDate.optional(),
});

/** Answers how far the history of each symbol can be trusted, and why not further. */
@Controller('/api/v1/feeds/quality')
export class GetQuality {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: FeedsConfig,
  ) {}

  /** What the last check of a source found: its totals, and the symbols with the lowest scores. */
  @Get()
  async get(@Query(zodPipe(QualityQuery)) { source, limit }: z.infer<typeof QualityQuery>): Promise<unknown> {
    const known = await this.#source(source);
    const { manager } = this.dataSource;
    const checked = await manager.findOneBy(SourceQualityEntity, { source: known.source });
    const items = checked === null ? [] : await worstSymbols(manager, checked.importId, limit);
    return {
      source: known.source,
      // An import that was not checked yet is not a good one: nothing is known of it.
      current: checked?.importId === known.importId,
      checkedAt: checked?.checkedAt ?? null,
      totals: checked?.totals ?? null,
      items,
    };
  }

  /** Every fault of some symbols with its date, as of a date: no bar and no action after it is looked at. */
  @Get('/findings')
  async findings(
    @Query(zodPipe(FindingsQuery)) { source, symbols, asOf }: z.infer<typeof FindingsQuery>,
  ): Promise<unknown> {
    const known = await this.#source(source);
    const { manager } = this.dataSource;
    const until = asOf === undefined || asOf > known.toDate ? known.toDate : asOf;
    const explanationsOf = await explanationsOfSymbols(manager, known.source, symbols);
    const bySymbol = new Map(
      (await barsOfSymbols(manager, known.source, symbols)).map((bars) => [bars.symbol, upTo(bars, until)]),
    );
    return {
      source: known.source,
      asOf: until,
      items: symbols.map((symbol) => {
        const bars = bySymbol.get(symbol) ?? { symbol, dates: [], values: new Float64Array() };
        const actions = (explanationsOf.get(symbol) ?? []).filter(({ date }) => date <= until);
        return { symbol, rows: bars.dates.length, ...checkSymbol(bars, actions, known.priceBasis, until) };
      }),
    };
  }

  async #source(asked: string | undefined) {
    const known = await currentSource(this.dataSource.manager, asked ?? this.config.FEEDS_SOURCE);
    if (!known) throw noHistory(asked);
    return known;
  }
}
