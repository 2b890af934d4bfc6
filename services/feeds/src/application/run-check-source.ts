import type { Runner, Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { checkSymbols, summarise, type SymbolQuality } from '../domain/source-quality.js';
import { CheckSource, type CheckAnswer, type CheckRequest } from '../messages.js';
import { explanationsOfSymbols, barsOfSymbols, symbolsOf } from '../persistence/history-queries.js';
import { keepQuality } from '../persistence/quality-queries.js';
import { SourceEntity } from '../persistence/entities/source.entity.js';

/** Symbols that are checked at once: ten years of so many are some tens of megabytes. */
const GROUP = 200;

/** Checks every symbol of a source over its whole history, and keeps what it found of each. */
@Injectable()
export class RunCheckSource implements Runner<CheckRequest, CheckAnswer> {
  readonly work = CheckSource;

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

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
    return summarise(all);
  }
}
