import { hashOf } from '@ballast/contracts';
import { CONFIG } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { TABLE_FILES, TEXT_FILES, type TableFiles, type TextFiles } from '../adapters/ports.js';
import type { FeedsConfig } from '../config.js';
import type { SymbolAction } from '../domain/actions.js';
import { BarCollector } from '../domain/collect-bars.js';
import { NO_ROWS, type Content } from '../domain/content.js';
import { ActionsReader } from '../domain/read-actions.js';
import { BarsReader } from '../domain/read-bars.js';
import { SectorsReader, type SymbolSector } from '../domain/read-sectors.js';
import type { ImportInput } from '../messages.js';
import { ImportProgress } from './import-progress.js';

type FileInput = Extract<ImportInput, { kind: 'file' }>;

/** Reads what an import from files brings. */
@Injectable()
export class FileContent {
  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(TEXT_FILES) private readonly files: TextFiles,
    @Inject(TABLE_FILES) private readonly tables: TableFiles,
    @Inject(ImportProgress) private readonly progress: ImportProgress,
  ) {}

  /** Names the content of the files, so that the same is known again whatever they are called. */
  async hashOf(importId: string, { path, sectorsPath, actionsPath }: FileInput): Promise<string> {
    const nameOf = async (each: string | null) => (each === null ? null : this.files.fingerprint(each));
    const bars = await nameOf(path);
    this.progress.set(importId, { unit: 'bytes', done: 0, total: bars?.bytes ?? 0, rows: 0 });
    const [sectors, actions] = [await nameOf(sectorsPath), await nameOf(actionsPath)];
    return hashOf({ bars: bars?.sha256 ?? null, sectors: sectors?.sha256 ?? null, actions: actions?.sha256 ?? null });
  }

  /** @throws ImportRefused where a file cannot be read or too little of it can be used. */
  async read(importId: string, { path, sectorsPath, actionsPath }: FileInput): Promise<Content> {
    // The small files first: where they are wrong, nobody waits for the large one.
    const sectors = sectorsPath === null ? [] : await this.#readSmall<SymbolSector[]>(sectorsPath, new SectorsReader());
    const actions = actionsPath === null ? [] : await this.#readSmall<SymbolAction[]>(actionsPath, new ActionsReader());
    const { bars, report } = path === null ? { bars: [], report: NO_ROWS } : await this.#readBars(importId, path);
    return { bars, report, sectors, actions };
  }

  async #readSmall<T>(path: string, reader: { read(piece: string): void; end(): T }): Promise<T> {
    for await (const { text } of this.files.read(path)) reader.read(text);
    return reader.end();
  }

  async #readBars(importId: string, path: string): Promise<Pick<Content, 'bars' | 'report'>> {
    const collector = new BarCollector(this.config.FEEDS_IMPORT_ROWS_MAX);
    const total = this.progress.get(importId)?.total ?? 0;
    const tell = (done: number) => this.progress.set(importId, { unit: 'bytes', done, total, rows: collector.rows });
    const format = await this.tables.formatOf(path);
    if (format === null) await this.#readText(path, collector, tell);
    else {
      for await (const { bars, done } of this.tables.bars(path, format)) {
        for (const bar of bars) collector.add(collector.rows + 1, bar);
        tell(Math.floor(done * total));
      }
    }
    return collector.finish(Number(this.config.FEEDS_REFUSED_FRACTION_MAX));
  }

  async #readText(path: string, collector: BarCollector, tell: (bytes: number) => void): Promise<void> {
    const reader = new BarsReader(collector);
    for await (const { text, bytesRead } of this.files.read(path)) {
      reader.read(text);
      tell(bytesRead);
    }
    reader.end();
  }
}
