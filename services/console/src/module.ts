import { defineService } from '@ballast/platform';
import { GetAlerts } from './application/get-alerts.js';
import { GetApprovals } from './application/get-approvals.js';
import { GetAudit } from './application/get-audit.js';
import { OnAccountOpened } from './application/on-account-opened.js';
import { OnAcknowledgeAlert } from './application/on-acknowledge-alert.js';
import { OnAlertRaised } from './application/on-alert-raised.js';
import { OnApprovalRequested } from './application/on-approval-requested.js';
import { OnAuditRecorded } from './application/on-audit-recorded.js';
import { OnCancelOrders } from './application/on-cancel-orders.js';
import { OnCycleAborted } from './application/on-cycle-aborted.js';
import { OnCycleClosed } from './application/on-cycle-closed.js';
import { OnDecideApproval } from './application/on-decide-approval.js';
import { OnFlattenBook } from './application/on-flatten-book.js';
import { OnHaltLifted } from './application/on-halt-lifted.js';
import { OnHaltRaised } from './application/on-halt-raised.js';
import { OnMessageParked } from './application/on-message-parked.js';
import { OnPlaceOrder } from './application/on-place-order.js';
import { OnReportStreamUsage } from './application/on-report-stream-usage.js';
import { PostAcknowledgement } from './application/post-acknowledgement.js';
import { PostApproval } from './application/post-approval.js';
import { PostFlatten } from './application/post-flatten.js';
import { PostOrders } from './application/post-orders.js';
import { PostStreamUsage } from './application/post-stream-usage.js';
import { ConsoleConfig } from './config.js';
import { AlertEntity } from './persistence/entities/alert.entity.js';
import { ApprovalEntity } from './persistence/entities/approval.entity.js';
import { AuditEntryEntity } from './persistence/entities/audit-entry.entity.js';
import { AuditHeadEntity } from './persistence/entities/audit-head.entity.js';
import { BookEntity } from './persistence/entities/book.entity.js';
import { HaltEntity } from './persistence/entities/halt.entity.js';
import { ParkedMessageEntity } from './persistence/entities/parked-message.entity.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';
import { OrdersAtExecution1763600106000 } from './persistence/migrations/orders-at-execution-1763600106000.js';

/** The console's wiring: all there is of it, by hand. */
export const consoleService = defineService({
  name: 'console',
  config: ConsoleConfig,
  entities: [
    AlertEntity,
    ApprovalEntity,
    AuditEntryEntity,
    AuditHeadEntity,
    BookEntity,
    HaltEntity,
    ParkedMessageEntity,
  ],
  migrations: [Initial1763600100000, OrdersAtExecution1763600106000],
  controllers: [
    OnAccountOpened,
    OnAcknowledgeAlert,
    OnAlertRaised,
    OnApprovalRequested,
    OnAuditRecorded,
    OnCancelOrders,
    OnCycleAborted,
    OnCycleClosed,
    OnDecideApproval,
    OnFlattenBook,
    OnHaltLifted,
    OnHaltRaised,
    OnMessageParked,
    OnPlaceOrder,
    OnReportStreamUsage,
    PostAcknowledgement,
    PostApproval,
    PostFlatten,
    PostOrders,
    PostStreamUsage,
    GetAlerts,
    GetApprovals,
    GetAudit,
  ],
  paths: ['/api/v1/audit', '/api/v1/alerts', '/api/v1/orders', '/api/v1/flatten', '/api/v1/approvals'],
});
