import { CONFIG, defineService } from '@ballast/platform';
import { calendarSources } from './adapters/calendar-sources.js';
import { LocalFiles } from './adapters/local-files.js';
import { CALENDAR_SOURCES, TEXT_FILES } from './adapters/ports.js';
import { readRights } from './adapters/rights-file.js';
import { CalendarStarter } from './application/calendar-starter.js';
import { GetBars } from './application/get-bars.js';
import { GetCalendar } from './application/get-calendar.js';
import { GetCoverage } from './application/get-coverage.js';
import { GetExport } from './application/get-export.js';
import { GetHistory } from './application/get-history.js';
import { GetImport } from './application/get-import.js';
import { GetInstrument } from './application/get-instrument.js';
import { GetPackHealth } from './application/get-pack-health.js';
import { GetPack } from './application/get-pack.js';
import { GetReferenceImport } from './application/get-reference-import.js';
import { GetReference } from './application/get-reference.js';
import { GetRights } from './application/get-rights.js';
import { GetSessions } from './application/get-sessions.js';
import { GetSnapshot } from './application/get-snapshot.js';
import { ImportProgress } from './application/import-progress.js';
import { OnArmCalendar } from './application/on-arm-calendar.js';
import { OnCalendarDue } from './application/on-calendar-due.js';
import { OnCycleOpened } from './application/on-cycle-opened.js';
import { OnExportDecided } from './application/on-export-decided.js';
import { OnImportAnswered } from './application/on-import-answered.js';
import { OnImportReferenceAnswered } from './application/on-import-reference-answered.js';
import { OnRefreshCalendarAnswered } from './application/on-refresh-calendar-answered.js';
import { OnRefreshNow } from './application/on-refresh-now.js';
import { OnRightsLoaded } from './application/on-rights-loaded.js';
import { OnStartImport } from './application/on-start-import.js';
import { OnStartReferenceImport } from './application/on-start-reference-import.js';
import { OnSubmitText } from './application/on-submit-text.js';
import { PostCalendarRefresh } from './application/post-calendar-refresh.js';
import { PostImport } from './application/post-import.js';
import { PostReference } from './application/post-reference.js';
import { PostText } from './application/post-text.js';
import { RightsStarter } from './application/rights-starter.js';
import { RunImportHistory } from './application/run-import-history.js';
import { RunImportReference } from './application/run-import-reference.js';
import { RunRefreshCalendar } from './application/run-refresh-calendar.js';
import { FeedsConfig } from './config.js';
import { RightsRegistry } from './domain/rights.js';
import { BarMonthEntity } from './persistence/entities/bar-month.entity.js';
import { CalendarDayEntity } from './persistence/entities/calendar-day.entity.js';
import { CalendarWatchEntity } from './persistence/entities/calendar-watch.entity.js';
import { HistoryImportEntity } from './persistence/entities/history-import.entity.js';
import { PolicyTextEntity } from './persistence/entities/policy-text.entity.js';
import { ReferenceFactEntity } from './persistence/entities/reference-fact.entity.js';
import { ReferenceImportEntity } from './persistence/entities/reference-import.entity.js';
import { SectorEntity } from './persistence/entities/sector.entity.js';
import { SnapshotEntity } from './persistence/entities/snapshot.entity.js';
import { SourceEntity } from './persistence/entities/source.entity.js';
import { StagedMonthEntity } from './persistence/entities/staged-month.entity.js';
import { StagedReferenceFactEntity } from './persistence/entities/staged-reference-fact.entity.js';
import { StagedSectorEntity } from './persistence/entities/staged-sector.entity.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';
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
    ReferenceImportEntity,
    ReferenceFactEntity,
    StagedReferenceFactEntity,
    CalendarDayEntity,
    CalendarWatchEntity,
  ],
  migrations: [Initial1763600100000, Reference1763600103000],
  controllers: [
    OnCycleOpened,
    OnStartImport,
    OnImportAnswered,
    OnSubmitText,
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
    OnStartReferenceImport,
    OnImportReferenceAnswered,
    OnRightsLoaded,
    OnExportDecided,
    OnArmCalendar,
    OnCalendarDue,
    OnRefreshNow,
    OnRefreshCalendarAnswered,
    PostReference,
    PostCalendarRefresh,
    GetReferenceImport,
    GetReference,
    GetInstrument,
    GetRights,
    GetExport,
    GetCalendar,
  ],
  providers: [
    ImportProgress,
    { provide: TEXT_FILES, useClass: LocalFiles },
    {
      provide: RightsRegistry,
      useFactory: (config: FeedsConfig) => readRights(config.FEEDS_RIGHTS_FILE),
      inject: [CONFIG],
    },
    { provide: CALENDAR_SOURCES, useFactory: calendarSources, inject: [CONFIG] },
  ],
  runners: [RunImportHistory, RunImportReference, RunRefreshCalendar],
  listeners: [RightsStarter, CalendarStarter],
  paths: ['/api/v1/feeds', '/api/v1/packs', '/health/pack'],
});
