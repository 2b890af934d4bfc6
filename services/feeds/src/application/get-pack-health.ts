import { CLOCK, CONFIG, PACKS, Public, type Clock, type PackStore } from '@ballast/platform';
import { Controller, Get, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FeedsConfig } from '../config.js';
import { packHealth, type PackHealth, type PackState } from '../domain/pack-health.js';
import { currentSource, lastImport, lastSnapshot, runningImport } from '../persistence/queries.js';
import { ImportProgress } from './import-progress.js';

/** Answers whether prices can be relied on now. */
@Controller('/health/pack')
@Public()
export class GetPackHealth {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(ImportProgress) private readonly progress: ImportProgress,
  ) {}

  @Get()
  async get(): Promise<PackHealth> {
    const { manager } = this.dataSource;
    const source = await currentSource(manager, this.config.FEEDS_SOURCE);
    return packHealth({
      now: this.clock.now(),
      running: await this.#running(),
      lastRefusal: await this.#lastRefusal(),
      source: source && { name: source.source, to: source.toDate },
      snapshot: await this.#snapshot(),
      staleSessionsMax: this.config.FEEDS_STALE_SESSIONS_MAX,
    });
  }

  async #running(): Promise<PackState['running']> {
    const running = await runningImport(this.dataSource.manager);
    if (!running) return null;
    const { source, requestedAt: startedAt, importId } = running;
    return { source, startedAt, fraction: this.progress.fraction(importId) };
  }

  async #lastRefusal(): Promise<PackState['lastRefusal']> {
    const last = await lastImport(this.dataSource.manager);
    return last?.status === 'refused' ? { code: last.code!, reason: last.reason! } : null;
  }

  async #snapshot(): Promise<PackState['snapshot']> {
    const last = await lastSnapshot(this.dataSource.manager);
    if (!last) return null;
    const { pricingPackId, asOf, packId } = last;
    return { pricingPackId, asOf, packThere: await this.packs.has(packId) };
  }
}
