import { CONFIG, Metrics } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FeedsConfig } from '../config.js';
import { SourceQualityEntity } from '../persistence/entities/source-quality.entity.js';
import { worstSymbols } from '../persistence/quality-queries.js';
import { currentSource } from '../persistence/queries.js';

/** Scores that are shown one by one, the lowest first: a time series a symbol of a large universe is too many. */
const SYMBOLS_MAX = 500;

/**
 * Says how good the history is that cycles read, whenever somebody asks. What was never checked shows nothing, so that an
 * alert on absence fires, and no number that could be taken for a good one.
 */
@Injectable()
export class HistoryMetrics {
  constructor(
    @Inject(Metrics) metrics: Metrics,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: FeedsConfig,
  ) {
    const total = (name: string, help: string, of: (checked: SourceQualityEntity) => number): void => {
      metrics.gauge(name, help, ['source'], async (gauge) => {
        gauge.reset();
        const checked = await this.#checked();
        if (checked) gauge.set({ source: checked.source }, of(checked));
      });
    };
    total('ballast_avg_quality_score', 'Mean quality score of the symbols, 0 to 1.', ({ totals }) => totals.average);
    total(
      'ballast_data_missing_days_total',
      'Sessions without a bar, over all symbols.',
      ({ totals }) => totals.missingSessions,
    );
    total('ballast_price_history_rows_total', 'Daily bars of the history.', ({ totals }) => totals.rows);
    metrics.gauge('ballast_quality_score', 'Quality score, lowest first, 0 to 1.', ['symbol'], async (gauge) => {
      gauge.reset();
      const checked = await this.#checked();
      if (checked === null) return;
      const worst = await worstSymbols(this.dataSource.manager, checked.importId, SYMBOLS_MAX);
      for (const { symbol, score } of worst) gauge.set({ symbol }, score);
    });
  }

  async #checked(): Promise<SourceQualityEntity | null> {
    const { manager } = this.dataSource;
    const current = await currentSource(manager, this.config.FEEDS_SOURCE);
    return current && manager.findOneBy(SourceQualityEntity, { source: current.source });
  }
}
