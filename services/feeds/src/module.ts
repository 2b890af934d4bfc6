import { BUS, CLOCK, CONFIG, defineService, LOGGER, type Bus, type Clock } from '@ballast/platform';
import type { Logger } from 'pino';
import { LiveFeed } from './adapters/live/live-feed.js';
import { liveSource } from './adapters/live/live-source.js';
import { LIVE_SOURCE, TICK_SINK } from './adapters/live/ports.js';
import { TickStream } from './adapters/live/tick-stream.js';
import { LocalFiles } from './adapters/local-files.js';
import { LIVE_VIEW, TEXT_FILES } from './adapters/ports.js';
import { GetBars } from './application/get-bars.js';
import { GetChannels } from './application/get-channels.js';
import { GetCoverage } from './application/get-coverage.js';
import { GetHistory } from './application/get-history.js';
import { GetImport } from './application/get-import.js';
import { GetPackHealth } from './application/get-pack-health.js';
import { GetPack } from './application/get-pack.js';
import { GetSessions } from './application/get-sessions.js';
import { GetSnapshot } from './application/get-snapshot.js';
import { ImportProgress } from './application/import-progress.js';
import { OnChannelsObserved } from './application/on-channels-observed.js';
import { OnCycleOpened } from './application/on-cycle-opened.js';
import { OnImportAnswered } from './application/on-import-answered.js';
import { OnStartImport } from './application/on-start-import.js';
import { OnSubmitText } from './application/on-submit-text.js';
import { PostImport } from './application/post-import.js';
import { PostText } from './application/post-text.js';
import { RunImportHistory } from './application/run-import-history.js';
import { FeedsConfig } from './config.js';
import { BarMonthEntity } from './persistence/entities/bar-month.entity.js';
import { ChannelEntity } from './persistence/entities/channel.entity.js';
import { HistoryImportEntity } from './persistence/entities/history-import.entity.js';
import { LiveFeedEntity } from './persistence/entities/live-feed.entity.js';
import { PolicyTextEntity } from './persistence/entities/policy-text.entity.js';
import { SectorEntity } from './persistence/entities/sector.entity.js';
import { SnapshotEntity } from './persistence/entities/snapshot.entity.js';
import { SourceEntity } from './persistence/entities/source.entity.js';
import { StagedMonthEntity } from './persistence/entities/staged-month.entity.js';
import { StagedSectorEntity } from './persistence/entities/staged-sector.entity.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';
import { LiveChannels1763600104000 } from './persistence/migrations/live-channels-1763600104000.js';

/** The wiring of feeds: all there is of it, by hand. */
export const feeds = defineService({
  name: 'feeds',
  config: FeedsConfig,
  entities: [
    HistoryImportEntity,
    SourceEntity,
    BarMonthEntity,
    StagedMonthEntity,
    SectorEntity,
    StagedSectorEntity,
    SnapshotEntity,
    PolicyTextEntity,
    ChannelEntity,
    LiveFeedEntity,
  ],
  migrations: [Initial1763600100000, LiveChannels1763600104000],
  controllers: [
    OnCycleOpened,
    OnStartImport,
    OnImportAnswered,
    OnSubmitText,
    OnChannelsObserved,
    PostImport,
    PostText,
    GetImport,
    GetHistory,
    GetCoverage,
    GetBars,
    GetSessions,
    GetSnapshot,
    GetPack,
    GetPackHealth,
    GetChannels,
  ],
  providers: [
    ImportProgress,
    { provide: TEXT_FILES, useClass: LocalFiles },
    { provide: LIVE_VIEW, useExisting: LiveFeed },
    {
      provide: LIVE_SOURCE,
      useFactory: (config: FeedsConfig, clock: Clock) => liveSource(config, clock),
      inject: [CONFIG, CLOCK],
    },
    {
      provide: TICK_SINK,
      useFactory: (bus: Bus, logger: Logger) => new TickStream(bus, logger),
      inject: [BUS, LOGGER],
    },
  ],
  runners: [RunImportHistory],
  listeners: [LiveFeed],
  paths: ['/api/v1/feeds', '/api/v1/packs', '/health/pack'],
});
