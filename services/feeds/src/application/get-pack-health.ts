import { CLOCK, CONFIG, PACKS, Public, type Clock, type PackStore } from '@ballast/platform';
import { Controller, Get, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FeedsConfig } from '../config.js';
import { packHealth, type PackHealth } from '../domain/pack-health.js';
import { ImportProgress } from './import-progress.js';
import { loadPackState } from './pack-state.js';

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
    const { config, packs, progress } = this;
    const fractionOf = (importId: string) => progress.fraction(importId);
    return packHealth(await loadPackState(this.dataSource.manager, { config, packs, fractionOf }, this.clock.now()));
  }
}
