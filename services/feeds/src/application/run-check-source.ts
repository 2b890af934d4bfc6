import { CONFIG, type Runner, type Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FeedsConfig } from '../config.js';
import { panelOf, type BarPanel } from '../domain/bar-month.js';
import { reconcileSources } from '../domain/reconcile-sources.js';
import { sessionsUpTo } from '../domain/sessions.js';
import { checkSymbols, summarise, type SymbolQuality } from '../domain/source-quality.js';
import { CheckSource, type CheckAnswer, type CheckRequest } from '../messages.js';
import { explanationsOfSymbols, barsOfSymbols, symbolsOf } from '../persistence/history-queries.js';
import { loadMonths } from '../persistence/bar-queries.js';
import { keepQuality } from '../persistence/quality-queries.js';
import { SourceEntity } from '../persistence/entities/source.entity.js';

/** Symbols that are checked at once: ten years of so many are some tens of megabytes. */
const GROUP = 200;
/** What was long agreed is not compared again; a month is long enough to tell one source from another. */
const RECONCILED_SESSIONS = 20;

/** Checks every symbol of a source over its whole history, and keeps what it found of each. */
@Injectable()
export class RunCheckSource implements Runner<CheckRequest, CheckAnswer> {
  readonly work = CheckSource;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: FeedsConfig,
  ) {}

  async run({ request: { source, importId } }: Work<CheckRequest>): Promise<CheckAnswer> {
    const { manager } = this.dataSource;
    const { priceBasis, toDate } = await manager.findOneByOrFail(SourceEntity, { source });
    const symbols = await symbolsOf(manager, source);
    const all: SymbolQuality[] = [];
    for (let at = 0; at < symbols.length; at += GROUP) {
      const group = symbols.slice(at, at + GROUP);
      const bars = await barsOfSymbols(manager, source, group);
      const explanationsOf = await explanationsOfSymbols(manager, source, group);
      const checked = checkSymbols(bars, explanationsOf, priceBasis, toDate);
      await keepQuality(manager, importId, checked);
      all.push(...checked);
    }
    return { ...summarise(all), reconciliation: await this.#reconcile(source, toDate) };
  }

  async #reconcile(source: string, to: string): Promise<CheckAnswer['reconciliation']> {
    const { FEEDS_RECONCILE_SOURCE: against, FEEDS_RECONCILE_FRACTION_MAX: fractionMax } = this.config;
    if (against === undefined || against === source) return null;
    const dates = sessionsUpTo(to, RECONCILED_SESSIONS);
    const [own, other] = [await this.#panel(source, dates), await this.#panel(against, dates)];
    const { first, ...found } = reconcileSources(own, other, Number(fractionMax));
    return { against, ...found, first: [...first] };
  }

  async #panel(source: string, dates: readonly string[]): Promise<BarPanel> {
    const months = await loadMonths(this.dataSource.manager, source, dates[0]!, dates.at(-1)!);
    return panelOf([...new Set(months.map(({ symbol }) => symbol))].sort(), dates, months);
  }
}
