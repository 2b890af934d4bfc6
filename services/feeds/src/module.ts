import { BUS, CLOCK, CONFIG, defineService, LOGGER, type Bus, type Clock, type Log } from '@ballast/platform';
import { calendarSources } from './adapters/calendar-sources.js';
import { FactSources } from './adapters/fact-sources.js';
import { Circuits } from './adapters/http/circuits.js';
import { LiveFeed } from './adapters/live/live-feed.js';
import { liveSource } from './adapters/live/live-source.js';
import { LIVE_SOURCE, TICK_SINK } from './adapters/live/ports.js';
import { TickStream } from './adapters/live/tick-stream.js';
import { LocalFiles } from './adapters/local-files.js';
import { LocalTables } from './adapters/local-tables.js';
import { FACT_SOURCE, LIVE_VIEW, TABLE_FILES, TEXT_FILES } from './adapters/ports.js';
import { PublishedFacts } from './adapters/published-facts.js';
import { Publishers } from './adapters/publishers.js';
import { readRights } from './adapters/rights-file.js';
import { SecFacts } from './adapters/sec/sec-facts.js';
import { historyVendors } from './adapters/vendors/history-vendors.js';
import { referenceVendors } from './adapters/vendors/reference-vendors.js';
import { VendorFacts } from './adapters/vendors/vendor-facts.js';
import { CalendarStarter } from './application/calendar-starter.js';
import { CollectionStarter } from './application/collection-starter.js';
import { FileContent } from './application/file-content.js';
import { GetBars } from './application/get-bars.js';
import { GetCalendar } from './application/get-calendar.js';
import { GetChannels } from './application/get-channels.js';
import { GetCollection } from './application/get-collection.js';
import { GetCollections } from './application/get-collections.js';
import { GetCoverage } from './application/get-coverage.js';
import { GetExport } from './application/get-export.js';
import { GetFacts } from './application/get-facts.js';
import { GetHistory } from './application/get-history.js';
import { GetImport } from './application/get-import.js';
import { GetInstrument } from './application/get-instrument.js';
import { GetPackHealth } from './application/get-pack-health.js';
import { GetPack } from './application/get-pack.js';
import { GetQuality } from './application/get-quality.js';
import { GetReferenceImport } from './application/get-reference-import.js';
import { GetReference } from './application/get-reference.js';
import { GetRestatement } from './application/get-restatement.js';
import { GetRights } from './application/get-rights.js';
import { GetSessions } from './application/get-sessions.js';
import { GetSnapshot } from './application/get-snapshot.js';
import { HistoryMetrics } from './application/history-metrics.js';
import { ImportProgress } from './application/import-progress.js';
import { OnArmCalendar } from './application/on-arm-calendar.js';
import { OnArmCollections } from './application/on-arm-collections.js';
import { OnBringFacts } from './application/on-bring-facts.js';
import { OnCalendarDue } from './application/on-calendar-due.js';
import { OnChannelsObserved } from './application/on-channels-observed.js';
import { OnCollectionDue } from './application/on-collection-due.js';
import { OnCycleOpened } from './application/on-cycle-opened.js';
import { OnExportDecided } from './application/on-export-decided.js';
import { OnFactsCollected } from './application/on-facts-collected.js';
import { OnImportAnswered } from './application/on-import-answered.js';
import { OnImportReferenceAnswered } from './application/on-import-reference-answered.js';
import { OnRefreshCalendarAnswered } from './application/on-refresh-calendar-answered.js';
import { OnRefreshNow } from './application/on-refresh-now.js';
import { OnRightsLoaded } from './application/on-rights-loaded.js';
import { OnSourceChecked } from './application/on-source-checked.js';
import { OnStartCollection } from './application/on-start-collection.js';
import { OnStartImport } from './application/on-start-import.js';
import { OnStartReferenceImport } from './application/on-start-reference-import.js';
import { OnSubmitText } from './application/on-submit-text.js';
import { PostCalendarRefresh } from './application/post-calendar-refresh.js';
import { PostCollection } from './application/post-collection.js';
import { PostFacts } from './application/post-facts.js';
import { PostImport } from './application/post-import.js';
import { PostReferenceCollection } from './application/post-reference-collection.js';
import { PostReference } from './application/post-reference.js';
import { PostText } from './application/post-text.js';
import { RightsStarter } from './application/rights-starter.js';
import { RunCheckSource } from './application/run-check-source.js';
import { RunCollectFacts } from './application/run-collect-facts.js';
import { RunImportHistory } from './application/run-import-history.js';
import { RunImportReference } from './application/run-import-reference.js';
import { RunRefreshCalendar } from './application/run-refresh-calendar.js';
import { VendorContent } from './application/vendor-content.js';
import { VendorReference } from './application/vendor-reference.js';
import { FeedsConfig } from './config.js';
import { RightsRegistry } from './domain/rights.js';
import { BarMonthEntity } from './persistence/entities/bar-month.entity.js';
import { CalendarDayEntity } from './persistence/entities/calendar-day.entity.js';
import { CalendarWatchEntity } from './persistence/entities/calendar-watch.entity.js';
import { ChannelEntity } from './persistence/entities/channel.entity.js';
import { CollectionWatchEntity } from './persistence/entities/collection-watch.entity.js';
import { CollectionEntity } from './persistence/entities/collection.entity.js';
import { CorporateActionEntity } from './persistence/entities/corporate-action.entity.js';
import { FetchedGroupEntity } from './persistence/entities/fetched-group.entity.js';
import { HistoryImportEntity } from './persistence/entities/history-import.entity.js';
import { LiveFeedEntity } from './persistence/entities/live-feed.entity.js';
import { MarketFactEntity } from './persistence/entities/market-fact.entity.js';
import { PolicyTextEntity } from './persistence/entities/policy-text.entity.js';
import { ReferenceFactEntity } from './persistence/entities/reference-fact.entity.js';
import { ReferenceImportEntity } from './persistence/entities/reference-import.entity.js';
import { RestatedMonthEntity } from './persistence/entities/restated-month.entity.js';
import { SectorEntity } from './persistence/entities/sector.entity.js';
import { SnapshotEntity } from './persistence/entities/snapshot.entity.js';
import { SourceQualityEntity } from './persistence/entities/source-quality.entity.js';
import { SourceEntity } from './persistence/entities/source.entity.js';
import { StagedActionEntity } from './persistence/entities/staged-action.entity.js';
import { StagedMonthEntity } from './persistence/entities/staged-month.entity.js';
import { StagedReferenceFactEntity } from './persistence/entities/staged-reference-fact.entity.js';
import { StagedSectorEntity } from './persistence/entities/staged-sector.entity.js';
import { SymbolQualityEntity } from './persistence/entities/symbol-quality.entity.js';
import { CollectionWatch1763600106000 } from './persistence/migrations/collection-watch-1763600106000.js';
import { History1763600101000 } from './persistence/migrations/history-1763600101000.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';
import { LiveChannels1763600104000 } from './persistence/migrations/live-channels-1763600104000.js';
import { MarketFacts1763600102000 } from './persistence/migrations/market-facts-1763600102000.js';
import { Reference1763600103000 } from './persistence/migrations/reference-1763600103000.js';

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
    CorporateActionEntity,
    StagedActionEntity,
    RestatedMonthEntity,
    FetchedGroupEntity,
    SourceQualityEntity,
    SymbolQualityEntity,
    CollectionEntity,
    CollectionWatchEntity,
    MarketFactEntity,
    ReferenceImportEntity,
    ReferenceFactEntity,
    StagedReferenceFactEntity,
    CalendarDayEntity,
    CalendarWatchEntity,
    ChannelEntity,
    LiveFeedEntity,
  ],
  migrations: [
    Initial1763600100000,
    History1763600101000,
    MarketFacts1763600102000,
    Reference1763600103000,
    LiveChannels1763600104000,
    CollectionWatch1763600106000,
  ],
  controllers: [
    OnCycleOpened,
    OnStartImport,
    OnImportAnswered,
    OnSourceChecked,
    OnSubmitText,
    OnStartCollection,
    OnFactsCollected,
    OnArmCollections,
    OnCollectionDue,
    OnBringFacts,
    OnChannelsObserved,
    PostImport,
    PostText,
    PostCollection,
    PostFacts,
    GetImport,
    GetRestatement,
    GetHistory,
    GetCoverage,
    GetQuality,
    GetBars,
    GetSessions,
    GetSnapshot,
    GetPack,
    GetPackHealth,
    GetCollections,
    GetCollection,
    GetFacts,
    OnStartReferenceImport,
    OnImportReferenceAnswered,
    OnRightsLoaded,
    OnExportDecided,
    OnArmCalendar,
    OnCalendarDue,
    OnRefreshNow,
    OnRefreshCalendarAnswered,
    PostReference,
    PostReferenceCollection,
    PostCalendarRefresh,
    GetReferenceImport,
    GetReference,
    GetInstrument,
    GetRights,
    GetExport,
    GetCalendar,
    GetChannels,
  ],
  providers: [
    ImportProgress,
    FileContent,
    VendorContent,
    VendorReference,
    HistoryMetrics,
    { provide: TEXT_FILES, useClass: LocalFiles },
    { provide: TABLE_FILES, useClass: LocalTables },
    PublishedFacts,
    VendorFacts,
    SecFacts,
    { provide: FACT_SOURCE, useClass: FactSources },
    Circuits,
    Publishers,
    historyVendors,
    referenceVendors,
    {
      provide: RightsRegistry,
      useFactory: (config: FeedsConfig) => readRights(config.FEEDS_RIGHTS_FILE),
      inject: [CONFIG],
    },
    { provide: LIVE_VIEW, useExisting: LiveFeed },
    {
      provide: LIVE_SOURCE,
      useFactory: (config: FeedsConfig, clock: Clock) => liveSource(config, clock),
      inject: [CONFIG, CLOCK],
    },
    {
      provide: TICK_SINK,
      useFactory: (bus: Bus, logger: Log) => new TickStream(bus, logger),
      inject: [BUS, LOGGER],
    },
    calendarSources,
  ],
  runners: [RunImportHistory, RunCheckSource, RunCollectFacts, RunImportReference, RunRefreshCalendar],
  listeners: [RightsStarter, CalendarStarter, CollectionStarter, LiveFeed],
  paths: ['/api/v1/feeds', '/api/v1/packs', '/health/pack'],
});
