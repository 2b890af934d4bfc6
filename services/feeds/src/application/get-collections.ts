import { millisecondsBetween } from '@ballast/kernel/calendar';
import { CLOCK, Metrics, type Clock } from '@ballast/platform';
import { Controller, Get, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { STALE_AFTER_MS, type DailyWhat } from '../domain/facts/daily.js';
import { CollectionWatchEntity, type CollectionFailure } from '../persistence/entities/collection-watch.entity.js';

/** How something stands that is collected every day. `never` is no kind of fresh. */
interface Standing {
  readonly what: DailyWhat;
  readonly subject: string | null;
  readonly state: 'fresh' | 'stale' | 'never';
  readonly collectedAt: string | null;
  /** Null where it was never collected. */
  readonly ageSeconds: number | null;
  readonly dueAt: string;
  /** Why nothing was taken the last time; null where something was. */
  readonly failure: CollectionFailure | null;
}

/** Answers how what is collected every day stands, and tells the metrics. */
@Controller('/api/v1/feeds/collections')
export class GetCollections {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Metrics) metrics: Metrics,
  ) {
    metrics.gauge(
      'ballast_feeds_collection_age_seconds',
      'Age of the last success of what is collected every day, of its oldest name; +Inf where there never was one.',
      ['what'],
      async (gauge) => {
        gauge.reset();
        const oldest = new Map<DailyWhat, number>();
        for (const { what, ageSeconds } of await this.#standings()) {
          oldest.set(what, Math.max(oldest.get(what) ?? 0, ageSeconds ?? Infinity));
        }
        for (const [what, ageSeconds] of oldest) gauge.set({ what }, ageSeconds);
      },
    );
  }

  @Get()
  async list(): Promise<{ healthy: boolean; items: Standing[]; next: null }> {
    const items = await this.#standings();
    return { healthy: items.every(({ state }) => state === 'fresh'), items, next: null };
  }

  async #standings(): Promise<Standing[]> {
    const watched = await this.dataSource.manager.find(CollectionWatchEntity, {
      order: { what: 'asc', subject: 'asc' },
    });
    const now = this.clock.now();
    return watched.map(({ what, subject, collectedAt, dueAt, failure }) => {
      const ageMs = collectedAt === null ? null : millisecondsBetween(collectedAt, now);
      return {
        ...{ what, subject: subject === '' ? null : subject },
        state: ageMs === null ? 'never' : ageMs > STALE_AFTER_MS ? 'stale' : 'fresh',
        ...{ collectedAt, ageSeconds: ageMs === null ? null : ageMs / 1_000, dueAt, failure },
      };
    });
  }
}
