import { defineService } from '@ballast/platform';
import { LocalFiles } from './adapters/local-files.js';
import { FACT_SOURCE, TEXT_FILES } from './adapters/ports.js';
import { PublishedFacts } from './adapters/published-facts.js';
import { GetBars } from './application/get-bars.js';
import { GetCollection } from './application/get-collection.js';
import { GetCoverage } from './application/get-coverage.js';
import { GetFacts } from './application/get-facts.js';
import { GetHistory } from './application/get-history.js';
import { GetImport } from './application/get-import.js';
import { GetPackHealth } from './application/get-pack-health.js';
import { GetPack } from './application/get-pack.js';
import { GetSessions } from './application/get-sessions.js';
import { GetSnapshot } from './application/get-snapshot.js';
import { ImportProgress } from './application/import-progress.js';
import { OnBringFacts } from './application/on-bring-facts.js';
import { OnCycleOpened } from './application/on-cycle-opened.js';
import { OnFactsCollected } from './application/on-facts-collected.js';
import { OnImportAnswered } from './application/on-import-answered.js';
import { OnStartCollection } from './application/on-start-collection.js';
import { OnStartImport } from './application/on-start-import.js';
import { OnSubmitText } from './application/on-submit-text.js';
import { PostCollection } from './application/post-collection.js';
import { PostFacts } from './application/post-facts.js';
import { PostImport } from './application/post-import.js';
import { PostText } from './application/post-text.js';
import { RunCollectFacts } from './application/run-collect-facts.js';
import { RunImportHistory } from './application/run-import-history.js';
import { FeedsConfig } from './config.js';
import { BarMonthEntity } from './persistence/entities/bar-month.entity.js';
import { CollectionEntity } from './persistence/entities/collection.entity.js';
import { HistoryImportEntity } from './persistence/entities/history-import.entity.js';
import { MarketFactEntity } from './persistence/entities/market-fact.entity.js';
import { PolicyTextEntity } from './persistence/entities/policy-text.entity.js';
import { SectorEntity } from './persistence/entities/sector.entity.js';
import { SnapshotEntity } from './persistence/entities/snapshot.entity.js';
import { SourceEntity } from './persistence/entities/source.entity.js';
import { StagedMonthEntity } from './persistence/entities/staged-month.entity.js';
import { StagedSectorEntity } from './persistence/entities/staged-sector.entity.js';
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
    CollectionEntity,
    MarketFactEntity,
  ],
  migrations: [Initial1763600100000, MarketFacts1763600102000],
  controllers: [
    OnCycleOpened,
    OnStartImport,
    OnImportAnswered,
    OnSubmitText,
    OnStartCollection,
    OnFactsCollected,
    OnBringFacts,
    PostImport,
    PostText,
    PostCollection,
    PostFacts,
    GetImport,
    GetHistory,
    GetCoverage,
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
    { provide: TEXT_FILES, useClass: LocalFiles },
    { provide: FACT_SOURCE, useClass: PublishedFacts },
  ],
  runners: [RunImportHistory, RunCollectFacts],
  paths: ['/api/v1/feeds', '/api/v1/packs', '/health/pack'],
});
