import { defineService } from '@ballast/platform';
import { LocalFiles } from './adapters/local-files.js';
import { LocalTables } from './adapters/local-tables.js';
import { FACT_SOURCE, TABLE_FILES, TEXT_FILES } from './adapters/ports.js';
import { historyVendors } from './adapters/vendors/history-vendors.js';
import { FileContent } from './application/file-content.js';
import { PublishedFacts } from './adapters/published-facts.js';
import { GetBars } from './application/get-bars.js';
import { GetCollection } from './application/get-collection.js';
import { GetCoverage } from './application/get-coverage.js';
import { GetFacts } from './application/get-facts.js';
import { GetHistory } from './application/get-history.js';
import { GetImport } from './application/get-import.js';
import { GetPackHealth } from './application/get-pack-health.js';
import { GetPack } from './application/get-pack.js';
import { GetQuality } from './application/get-quality.js';
import { GetRestatement } from './application/get-restatement.js';
import { GetSessions } from './application/get-sessions.js';
import { GetSnapshot } from './application/get-snapshot.js';
import { HistoryMetrics } from './application/history-metrics.js';
import { ImportProgress } from './application/import-progress.js';
import { OnBringFacts } from './application/on-bring-facts.js';
import { OnCycleOpened } from './application/on-cycle-opened.js';
import { OnFactsCollected } from './application/on-facts-collected.js';
import { OnImportAnswered } from './application/on-import-answered.js';
import { OnSourceChecked } from './application/on-source-checked.js';
import { OnStartCollection } from './application/on-start-collection.js';
import { OnStartImport } from './application/on-start-import.js';
import { OnSubmitText } from './application/on-submit-text.js';
import { PostCollection } from './application/post-collection.js';
import { PostFacts } from './application/post-facts.js';
import { PostImport } from './application/post-import.js';
import { PostText } from './application/post-text.js';
import { RunCheckSource } from './application/run-check-source.js';
import { RunCollectFacts } from './application/run-collect-facts.js';
import { RunImportHistory } from './application/run-import-history.js';
import { VendorContent } from './application/vendor-content.js';
import { FeedsConfig } from './config.js';
import { BarMonthEntity } from './persistence/entities/bar-month.entity.js';
import { CorporateActionEntity } from './persistence/entities/corporate-action.entity.js';
import { FetchedGroupEntity } from './persistence/entities/fetched-group.entity.js';
import { CollectionEntity } from './persistence/entities/collection.entity.js';
import { HistoryImportEntity } from './persistence/entities/history-import.entity.js';
import { MarketFactEntity } from './persistence/entities/market-fact.entity.js';
import { PolicyTextEntity } from './persistence/entities/policy-text.entity.js';
import { RestatedMonthEntity } from './persistence/entities/restated-month.entity.js';
import { SectorEntity } from './persistence/entities/sector.entity.js';
import { SnapshotEntity } from './persistence/entities/snapshot.entity.js';
import { SourceQualityEntity } from './persistence/entities/source-quality.entity.js';
import { SourceEntity } from './persistence/entities/source.entity.js';
import { StagedActionEntity } from './persistence/entities/staged-action.entity.js';
import { StagedMonthEntity } from './persistence/entities/staged-month.entity.js';
import { StagedSectorEntity } from './persistence/entities/staged-sector.entity.js';
import { SymbolQualityEntity } from './persistence/entities/symbol-quality.entity.js';
import { History1763600101000 } from './persistence/migrations/history-1763600101000.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';
import { MarketFacts1763600102000 } from './persistence/migrations/market-facts-1763600102000.js';

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
    MarketFactEntity,
  ],
  migrations: [Initial1763600100000, History1763600101000, MarketFacts1763600102000],
  controllers: [
    OnCycleOpened,
    OnStartImport,
    OnImportAnswered,
    OnSourceChecked,
    OnSubmitText,
    OnStartCollection,
    OnFactsCollected,
    OnBringFacts,
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
    GetCollection,
    GetFacts,
  ],
  providers: [
    ImportProgress,
    FileContent,
    VendorContent,
    HistoryMetrics,
    { provide: TEXT_FILES, useClass: LocalFiles },
    { provide: TABLE_FILES, useClass: LocalTables },
    { provide: FACT_SOURCE, useClass: PublishedFacts },
    historyVendors,
  ],
  runners: [RunImportHistory, RunCheckSource, RunCollectFacts],
  paths: ['/api/v1/feeds', '/api/v1/packs', '/health/pack'],
});
