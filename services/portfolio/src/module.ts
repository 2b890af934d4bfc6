import { defineService } from '@ballast/platform';
import { GetBook } from './application/get-book.js';
import { GetLedger } from './application/get-ledger.js';
import { GetPositions } from './application/get-positions.js';
import { OnBookOpening } from './application/on-book-opening.js';
import { OnFeeCharged } from './application/on-fee-charged.js';
import { OnOrderCancelled } from './application/on-order-cancelled.js';
import { OnOrderExpired } from './application/on-order-expired.js';
import { OnOrderFilled } from './application/on-order-filled.js';
import { OnOrderRejected } from './application/on-order-rejected.js';
import { OnOrderSubmitted } from './application/on-order-submitted.js';
import { OnReconciliationCompleted } from './application/on-reconciliation-completed.js';
import { OnSnapshotSealed } from './application/on-snapshot-sealed.js';
import { PostBook } from './application/post-book.js';
import { PortfolioConfig } from './config.js';
import { AccountEntity } from './persistence/entities/account.entity.js';
import { AwaitedReconciliationEntity } from './persistence/entities/awaited-reconciliation.entity.js';
import { FeeEntity } from './persistence/entities/fee.entity.js';
import { FillEntity } from './persistence/entities/fill.entity.js';
import { LedgerEntryEntity } from './persistence/entities/ledger-entry.entity.js';
import { PositionEntity } from './persistence/entities/position.entity.js';
import { SnapshotEntity } from './persistence/entities/snapshot.entity.js';
import { WorkingOrderEntity } from './persistence/entities/working-order.entity.js';
import { Fees1763600107000 } from './persistence/migrations/fees-1763600107000.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';

/** The portfolio's wiring: all there is of it, by hand. */
export const portfolio = defineService({
  name: 'portfolio',
  config: PortfolioConfig,
  entities: [
    AccountEntity,
    AwaitedReconciliationEntity,
    PositionEntity,
    FillEntity,
    FeeEntity,
    LedgerEntryEntity,
    SnapshotEntity,
    WorkingOrderEntity,
  ],
  migrations: [Initial1763600100000, Fees1763600107000],
  controllers: [
    PostBook,
    OnBookOpening,
    OnOrderSubmitted,
    OnOrderFilled,
    OnOrderCancelled,
    OnOrderRejected,
    OnOrderExpired,
    OnFeeCharged,
    OnReconciliationCompleted,
    OnSnapshotSealed,
    GetBook,
    GetPositions,
    GetLedger,
  ],
  paths: ['/api/v1/books', '/api/v1/positions', '/api/v1/ledger'],
});
