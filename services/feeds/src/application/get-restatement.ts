import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { describeRestatement, type SymbolRestatement } from '../domain/restatement.js';
import { HistoryImportEntity } from '../persistence/entities/history-import.entity.js';
import { SourceQualityEntity } from '../persistence/entities/source-quality.entity.js';
import { worstSymbols } from '../persistence/quality-queries.js';
import { loadRestated } from '../persistence/restatement-queries.js';

/** Symbols of a source that are looked through for flips: all of the largest one. */
const SYMBOLS_MAX = 20_000;

interface Flip {
  readonly symbol: string;
  readonly rows: number;
}

/** Answers what an import changed of the past, symbol by symbol. */
@Controller('/api/v1/feeds/imports')
export class GetRestatement {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get('/:importId/restatement')
  async get(@Param('importId', zodPipe(z.uuid())) importId: string): Promise<unknown> {
    const { manager } = this.dataSource;
    const found = await manager.findOneBy(HistoryImportEntity, { importId });
    if (found?.outcome?.kind !== 'staged') throw notImported(importId, found?.status);
    const symbols = describeRestatement(await loadRestated(manager, importId));
    const { source, finishedAt, outcome } = found;
    return {
      ...{ importId, source, finishedAt, from: outcome.from, to: outcome.to },
      ...{ added: outcome.added, restated: outcome.restated, unchanged: outcome.unchanged },
      kinds: countByKind(symbols),
      /** Spellings that were one symbol all along. */
      respelled: outcome.report.respelled,
      flips: await this.#flips(source),
      symbols,
    };
  }

  /** Symbols whose prices change between adjusted and not, within the history as it is now. */
  async #flips(source: string): Promise<Flip[]> {
    const { manager } = this.dataSource;
    const checked = await manager.findOneBy(SourceQualityEntity, { source });
    if (checked === null) return [];
    return (await worstSymbols(manager, checked.importId, SYMBOLS_MAX)).flatMap(({ symbol, findings }) => {
      const rows = findings['ADJUSTMENT_FLIP'] ?? 0;
      return rows > 0 ? [{ symbol, rows }] : [];
    });
  }
}

function countByKind(symbols: readonly SymbolRestatement[]): Record<SymbolRestatement['kind'], number> {
  const count = (kind: SymbolRestatement['kind']) => symbols.filter((each) => each.kind === kind).length;
  return { rebased: count('rebased'), moved: count('moved'), corrected: count('corrected') };
}

const notImported = (importId: string, status: string | undefined): Problem =>
  new Problem({
    status: 404,
    code: status === undefined ? 'IMPORT_NOT_FOUND' : 'IMPORT_CHANGED_NOTHING',
    title: 'The import restated nothing',
    detail:
      status === undefined
        ? `No import has the id ${importId}.`
        : `Import ${importId} is ${status}: it changed nothing of the history.`,
    nextStep: 'Use the importId of an import that ended with "imported".',
  });
