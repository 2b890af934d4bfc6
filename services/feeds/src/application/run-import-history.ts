import { hashOf } from '@ballast/contracts';
import { CONFIG, type Runner, type Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { TEXT_FILES, type TextFiles } from '../adapters/ports.js';
import type { FeedsConfig } from '../config.js';
import { monthsOf } from '../domain/bar-month.js';
import { BarCollector, UnusableFile, type Collected, type ImportReport } from '../domain/collect-bars.js';
import { ImportRefused } from '../domain/import-refused.js';
import { mergeHistory } from '../domain/merge-history.js';
import { BarsReader } from '../domain/read-bars.js';
import { SectorsReader, type SymbolSector } from '../domain/read-sectors.js';
import { collectSynthetic } from '../domain/synthetic-bars.js';
import { ImportHistory, type ImportAnswer, type ImportInput, type ImportRequest } from '../messages.js';
import { clearStaged, loadMonths, stageMonths, stageSectors } from '../persistence/bar-queries.js';
import { importOfContent } from '../persistence/queries.js';
import { ImportProgress } from './import-progress.js';

interface Content extends Collected {
  readonly sectors: readonly SymbolSector[];
}

/** Reads an import, checks it, and stages what it changes; the history itself is not touched here. */
@Injectable()
export class RunImportHistory implements Runner<ImportRequest, ImportAnswer> {
  readonly work = ImportHistory;

  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(TEXT_FILES) private readonly files: TextFiles,
    @Inject(ImportProgress) private readonly progress: ImportProgress,
  ) {}

  async run({ request }: Work<ImportRequest>): Promise<ImportAnswer> {
    const { importId } = request;
    try {
      // An earlier try may have ended in the middle.
      await clearStaged(this.dataSource.manager, importId);
      return await this.#stage(request);
    } catch (error) {
      if (!(error instanceof ImportRefused)) throw error;
      const { code, message, nextStep } = error;
      const report = error instanceof UnusableFile ? error.report : null;
      return { kind: 'refused', code, reason: message, nextStep, report: report && shown(report) };
    } finally {
      this.progress.forget(importId);
    }
  }

  async #stage({ importId, source, replace, input }: ImportRequest): Promise<ImportAnswer> {
    const { manager } = this.dataSource;
    const contentHash = await this.#contentHash(importId, input);
    const known = await importOfContent(manager, source, contentHash);
    if (known) return { kind: 'known', contentHash, importId: known };
    const { bars, report, from, to, sectors } = await this.#read(importId, input);
    const before = await loadMonths(manager, source, from, to);
    const merged = mergeHistory(before, bars.flatMap(monthsOf));
    if (merged.restated.count > 0 && !replace) {
      throw new ImportRefused(
        'HISTORY_RESTATED',
        `${merged.restated.count} bars that ${source} has would change, the first are ${merged.restated.first.join(', ')}`,
        'Import into another source with "name", or say "replace": true where the new values are the right ones.',
      );
    }
    await stageMonths(manager, importId, merged.changed);
    await stageSectors(manager, importId, sectors);
    const unchanged = report.accepted - merged.added - merged.restated.count;
    return {
      kind: 'staged',
      contentHash,
      report: shown(report),
      from,
      to,
      added: merged.added,
      restated: merged.restated.count,
      unchanged,
    };
  }

  /** Names the content of an import, so that the same is known again whatever its file is called. */
  async #contentHash(importId: string, input: ImportInput): Promise<string> {
    if (input.kind === 'synthetic') return hashOf(input);
    const bars = await this.files.fingerprint(input.path);
    this.progress.set(importId, { bytesRead: 0, bytes: bars.bytes, rows: 0 });
    const sectors = input.sectorsPath === null ? null : (await this.files.fingerprint(input.sectorsPath)).sha256;
    return hashOf({ bars: bars.sha256, sectors });
  }

  async #read(importId: string, input: ImportInput): Promise<Content> {
    const collector = new BarCollector(this.config.FEEDS_IMPORT_ROWS_MAX);
    let sectors: readonly SymbolSector[] = [];
    if (input.kind === 'synthetic') sectors = collectSynthetic(input, collector);
    else {
      // The small file first: where it is wrong, nobody waits for the large one.
      if (input.sectorsPath !== null) sectors = await this.#readSectors(input.sectorsPath);
      await this.#readBars(importId, input.path, collector);
    }
    return { ...collector.finish(Number(this.config.FEEDS_REFUSED_FRACTION_MAX)), sectors };
  }

  async #readSectors(path: string): Promise<SymbolSector[]> {
    const reader = new SectorsReader();
    for await (const { text } of this.files.read(path)) reader.read(text);
    return reader.end();
  }

  async #readBars(importId: string, path: string, collector: BarCollector): Promise<void> {
    const reader = new BarsReader(collector);
    const bytes = this.progress.get(importId)?.bytes ?? 0;
    for await (const { text, bytesRead } of this.files.read(path)) {
      reader.read(text);
      this.progress.set(importId, { bytesRead, bytes, rows: collector.rows });
    }
    reader.end();
  }
}

const shown = (report: ImportReport) => ({
  ...report,
  refusedByCode: { ...report.refusedByCode },
  firstRefused: [...report.firstRefused],
});
