import { hashOf, sha256 } from '@ballast/contracts';
import { CONFIG, type Runner, type Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FeedsConfig } from '../config.js';
import { encodeBars, monthsOf } from '../domain/bar-month.js';
import { BarCollector, UnusableFile, type ImportReport } from '../domain/collect-bars.js';
import { rangeOf, type Content } from '../domain/content.js';
import { ImportRefused } from '../domain/import-refused.js';
import { mergeHistory } from '../domain/merge-history.js';
import { collectSynthetic } from '../domain/synthetic-bars.js';
import { ImportHistory, type ImportAnswer, type ImportInput, type ImportRequest, type Report } from '../messages.js';
import { stageActions } from '../persistence/action-queries.js';
import { forgetImport, loadMonths, stageMonths, stageSectors } from '../persistence/bar-queries.js';
import { importOfContent } from '../persistence/queries.js';
import { stageRestated } from '../persistence/restatement-queries.js';
import { FileContent } from './file-content.js';
import { ImportProgress } from './import-progress.js';
import { VendorContent } from './vendor-content.js';

/** Reads an import, checks it, and stages what it changes; the history itself is not touched here. */
@Injectable()
export class RunImportHistory implements Runner<ImportRequest, ImportAnswer> {
  readonly work = ImportHistory;

  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(FileContent) private readonly files: FileContent,
    @Inject(VendorContent) private readonly vendors: VendorContent,
    @Inject(ImportProgress) private readonly progress: ImportProgress,
  ) {}

  async run({ request }: Work<ImportRequest>): Promise<ImportAnswer> {
    const { importId } = request;
    try {
      // An earlier try may have ended in the middle.
      await forgetImport(this.dataSource.manager, importId);
      return await this.#read(request);
    } catch (error) {
      if (!(error instanceof ImportRefused)) throw error;
      const { code, message, nextStep } = error;
      const report = error instanceof UnusableFile ? error.report : null;
      return { kind: 'refused', code, reason: message, nextStep, report: report && shown(report) };
    } finally {
      this.progress.forget(importId);
    }
  }

  async #read(request: ImportRequest): Promise<ImportAnswer> {
    const { importId, source, input } = request;
    switch (input.kind) {
      case 'synthetic':
        return this.#unlessKnown(source, hashOf(input), (hash) => this.#stage(request, hash, this.#synthetic(input)));
      case 'file':
        return this.#unlessKnown(source, await this.files.hashOf(importId, input), async (hash) =>
          this.#stage(request, hash, await this.files.read(importId, input)),
        );
      case 'vendor': {
        const content = await this.vendors.read(importId, input);
        return this.#unlessKnown(source, hashOfBars(content), (hash) => this.#stage(request, hash, content));
      }
    }
  }

  async #unlessKnown(
    source: string,
    contentHash: string,
    stage: (contentHash: string) => Promise<ImportAnswer>,
  ): Promise<ImportAnswer> {
    const known = await importOfContent(this.dataSource.manager, source, contentHash);
    return known ? { kind: 'known', contentHash, importId: known } : stage(contentHash);
  }

  async #stage(request: ImportRequest, contentHash: string, content: Content): Promise<ImportAnswer> {
    const { manager } = this.dataSource;
    const { importId, source } = request;
    const { report, sectors, actions } = content;
    const range = rangeOf(content);
    if (range === null) {
      throw new ImportRefused('NOTHING_TO_IMPORT', 'there is no bar and no action in it', 'Give a file that has some.');
    }
    const before = await loadMonths(manager, source, range.from, range.to);
    const merged = mergeHistory(before, content.bars.flatMap(monthsOf));
    const { count: restated, first, months } = merged.restated;
    if (restated > 0 && !request.replace) {
      throw new ImportRefused(
        'HISTORY_RESTATED',
        `${restated} bars that ${source} has would change, the first are ${first.join(', ')}`,
        'Import into another history with "name" (--name), or say "replace" (--replace) where the new values are the right ones; what was known before is kept and can be compared.',
      );
    }
    await stageMonths(manager, importId, merged.changed);
    await stageRestated(manager, importId, months);
    await stageSectors(manager, importId, sectors);
    await stageActions(manager, importId, actions);
    const { added } = merged;
    const unchanged = report.accepted - added - restated;
    const counts = { added, restated, unchanged, actions: actions.length };
    return { kind: 'staged', contentHash, report: shown(report), ...range, ...counts };
  }

  #synthetic(input: Extract<ImportInput, { kind: 'synthetic' }>): Content {
    const collector = new BarCollector(this.config.FEEDS_IMPORT_ROWS_MAX);
    const sectors = collectSynthetic(input, collector);
    return { ...collector.finish(Number(this.config.FEEDS_REFUSED_FRACTION_MAX)), sectors, actions: [] };
  }
}

/** What a vendor gave has no file whose bytes could name it. */
const hashOfBars = ({ bars, actions }: Content): string =>
  hashOf({
    bars: bars.map(({ symbol, dates, values }) => ({ symbol, dates, values: sha256(encodeBars(values)) })),
    actions,
  });

const shown = (report: ImportReport): Report => ({
  ...report,
  refusedByCode: { ...report.refusedByCode },
  firstRefused: [...report.firstRefused],
  respelled: [...report.respelled],
});
