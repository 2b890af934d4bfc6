import { defineService } from '@ballast/platform';
import { CarriesHashes } from './application/carries-hashes.js';
import { GetCycles } from './application/get-cycles.js';
import { OnAccountOpened } from './application/on-account-opened.js';
import { OnApprovalRequested } from './application/on-approval-requested.js';
import { OnArmSchedule } from './application/on-arm-schedule.js';
import { OnCompleteDeadline } from './application/on-complete-deadline.js';
import { OnDecideDeadline } from './application/on-decide-deadline.js';
import { OnHistoryImported } from './application/on-history-imported.js';
import { OnImpactAssessed } from './application/on-impact-assessed.js';
import { OnLedgerPosted } from './application/on-ledger-posted.js';
import { OnOpenCycle } from './application/on-open-cycle.js';
import { OnPackAssessed } from './application/on-pack-assessed.js';
import { OnPlanApproved } from './application/on-plan-approved.js';
import { OnPlanDeclined } from './application/on-plan-declined.js';
import { OnPlanProposed } from './application/on-plan-proposed.js';
import { OnPlanRefused } from './application/on-plan-refused.js';
import { OnPlanTrimmed } from './application/on-plan-trimmed.js';
import { OnPlanVetoed } from './application/on-plan-vetoed.js';
import { OnPositionValued } from './application/on-position-valued.js';
import { OnReconciliationCompleted } from './application/on-reconciliation-completed.js';
import { OnScheduleCompleted } from './application/on-schedule-completed.js';
import { OnScheduleDue } from './application/on-schedule-due.js';
import { OnSchedulePlanned } from './application/on-schedule-planned.js';
import { OnSnapshotRefused } from './application/on-snapshot-refused.js';
import { OnSnapshotSealed } from './application/on-snapshot-sealed.js';
import { PostExecute } from './application/post-execute.js';
import { ScheduleStarter } from './application/schedule-starter.js';
import { OrchestratorConfig } from './config.js';
import { BookEntity } from './persistence/entities/book.entity.js';
import { CyclePartEntity } from './persistence/entities/cycle-part.entity.js';
import { CycleMetaEntity } from './persistence/entities/cycle-meta.entity.js';
import { DecisionEntity } from './persistence/entities/decision.entity.js';
import { PackStatusEntity } from './persistence/entities/pack-status.entity.js';
import { HistoryEntity } from './persistence/entities/history.entity.js';
import { ScheduleEntity } from './persistence/entities/schedule.entity.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';
import { PackStatus1763600101000 } from './persistence/migrations/pack-status-1763600101000.js';

/** The orchestrator's wiring: all there is of it, by hand. */
export const orchestrator = defineService({
  name: 'orchestrator',
  config: OrchestratorConfig,
  entities: [
    CycleMetaEntity,
    CyclePartEntity,
    DecisionEntity,
    BookEntity,
    HistoryEntity,
    PackStatusEntity,
    ScheduleEntity,
  ],
  migrations: [Initial1763600100000, PackStatus1763600101000],
  controllers: [
    PostExecute,
    OnOpenCycle,
    OnArmSchedule,
    OnScheduleDue,
    OnDecideDeadline,
    OnCompleteDeadline,
    OnAccountOpened,
    OnHistoryImported,
    OnPackAssessed,
    OnSnapshotSealed,
    OnSnapshotRefused,
    OnPositionValued,
    OnPlanProposed,
    OnPlanDeclined,
    OnImpactAssessed,
    OnApprovalRequested,
    OnPlanApproved,
    OnPlanTrimmed,
    OnPlanVetoed,
    OnPlanRefused,
    OnSchedulePlanned,
    OnScheduleCompleted,
    OnReconciliationCompleted,
    OnLedgerPosted,
    GetCycles,
  ],
  providers: [CarriesHashes],
  listeners: [ScheduleStarter],
  paths: ['/v1/execute', '/api/v1/cycles'],
});
