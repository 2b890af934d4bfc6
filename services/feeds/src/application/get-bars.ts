import { SessionDate } from '@ballast/contracts';
import { CONFIG, Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { FeedsConfig } from '../config.js';
import { panelOf } from '../domain/bar-month.js';
import { RightsRegistry } from '../domain/rights.js';
import { decimalOf } from '../domain/snapshot.js';
import { loadMonths } from '../persistence/bar-queries.js';
import { currentSource } from '../persistence/queries.js';
import { attributionsOfHistory } from './provenance.js';

/**
 * Answers with the bars of one session for whoever plays the world: the simulated venue trades inside them. The session
 * may lie after the date that a cycle decides about, so that nothing that decides may ask here.
 */
@Controller('/api/v1/feeds/bars')
export class GetBars {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(RightsRegistry) private readonly rights: RightsRegistry,
  ) {}

  @Get()
  async get(@Query(zodPipe(z.object({ date: SessionDate }))) { date }: { date: string }): Promise<unknown> {
    const { manager } = this.dataSource;
    const source = await currentSource(manager, this.config.FEEDS_SOURCE);
    const months = source ? await loadMonths(manager, source.source, date, date) : [];
    const panel = panelOf(months.map(({ symbol }) => symbol).sort(), [date], months);
    const bars = panel.symbols.flatMap((symbol, s) => {
      if (Number.isNaN(panel.close[s])) return [];
      const volume = Number.isNaN(panel.volume[s]) ? null : decimalOf(panel.volume[s]!);
      const [open, high, low] = [decimalOf(panel.open[s]!), decimalOf(panel.high[s]!), decimalOf(panel.low[s]!)];
      return [{ symbol, open, high, low, close: decimalOf(panel.close[s]!), volume }];
    });
    if (source && bars.length > 0) {
      const attributions = await attributionsOfHistory(manager, this.rights, source.source);
      return { date, source: source.source, synthetic: source.synthetic, attributions, bars };
    }
    throw new Problem({
      status: 404,
      code: 'NO_BARS',
      title: 'There are no bars of that date',
      detail: source
        ? `The source ${source.source} has no bar on ${date}; it reaches from ${source.fromDate} to ${source.toDate}.`
        : 'No history was imported yet.',
      nextStep: source
        ? 'Ask for a session of the exchange within that time.'
        : 'Import a file or make a synthetic market.',
    });
  }
}
