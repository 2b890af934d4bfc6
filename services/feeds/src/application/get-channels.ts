import { CLOCK, CONFIG, type Clock } from '@ballast/platform';
import { Controller, Get, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LIVE_VIEW, type LiveView } from '../adapters/ports.js';
import type { FeedsConfig } from '../config.js';
import { rowKey } from '../domain/live/decide-channels.js';
import { channelsOf, lastFeed } from '../persistence/channel-queries.js';

/** Answers how the live source and each of its channels were judged, and how old their last ticks are now. */
@Controller('/api/v1/feeds/channels')
export class GetChannels {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LIVE_VIEW) private readonly live: LiveView,
  ) {}

  @Get()
  async get(): Promise<unknown> {
    const mode = this.config.FEEDS_LIVE;
    const last = await lastFeed(this.dataSource.manager);
    if (!last) return { mode, healthy: false, reason: 'nothing was ever heard of a live source', channels: [] };
    const { source, simulated, connection, counts, observedAt } = last.judged;
    const sight = this.live.sight();
    const now = sight?.source === source ? new Map(sight.channels.map((each) => [rowKey(each), each])) : null;
    const rows = await channelsOf(this.dataSource.manager, source);
    const channels = rows.map((row) => {
      const seen = now?.get(rowKey(row));
      const { symbol, channel, state, since, boundMs, received, gaps, lastReceivedAt, lastVenueAt, lastTick } = row;
      return {
        ...{ symbol, channel, state, healthy: state === 'live' || state === 'out_of_session', since },
        ...{ boundSeconds: boundMs === null ? null : boundMs / 1_000, gapCount: seen?.gaps ?? gaps },
        receiveAgeSeconds: seen?.receiveAgeSeconds ?? null,
        venueAgeSeconds: seen?.venueAgeSeconds ?? null,
        ...{ received: seen?.received ?? received, lastReceivedAt, lastVenueAt, lastTick, judgedAt: row.observedAt },
      };
    });
    const line = sight?.connection ?? connection;
    const unwell = channels.filter(({ healthy }) => !healthy).length;
    return {
      ...{ mode, source, simulated, listening: now !== null, connection: line, observedAt },
      healthy: now !== null && line.state === 'open' && channels.length > 0 && unwell === 0,
      ...{ counts: sight?.counts ?? counts, losses: sight?.losses ?? [], unwell, channels },
      ...{ toldAt: last.toldAt, at: this.clock.now() },
    };
  }
}
