import { CONFIG, defineService } from '@ballast/platform';
import { AccountHealth } from './adapters/account-health.js';
import { AlpacaVenue } from './adapters/alpaca-venue.js';
import { HaltFileDoor, HaltSignalDoor } from './adapters/halt-doors.js';
import { STREAMS, VENUE, VERDICT_KEYS } from './adapters/ports.js';
import { RiskKeys } from './adapters/risk-keys.js';
import { VenueStream } from './adapters/venue-stream.js';
import { GetChildren } from './application/get-children.js';
import { GetOrders } from './application/get-orders.js';
import { GetParents } from './application/get-parents.js';
import { GetAccounts } from './application/get-accounts.js';
import { GetHalt } from './application/get-halt.js';
import { GetReconciliations } from './application/get-reconciliations.js';
import { PostCancel } from './application/post-cancel.js';
import { PostHalt } from './application/post-halt.js';
import { PostReconcile } from './application/post-reconcile.js';
import { OnActivated } from './application/on-activated.js';
import { OnAccountOpened } from './application/on-account-opened.js';
import { OnAskBenchmarksAnswered } from './application/on-ask-benchmarks-answered.js';
import { OnAskQuotesAnswered } from './application/on-ask-quotes-answered.js';
import { OnAskVenueAnswered } from './application/on-ask-venue-answered.js';
import { OnBenchmarksDue } from './application/on-benchmarks-due.js';
import { OnCancelOrderAnswered } from './application/on-cancel-order-answered.js';
import { OnCancelNow } from './application/on-cancel-now.js';
import { OnCancelRequested } from './application/on-cancel-requested.js';
import { OnCatchUpAnswered } from './application/on-catch-up-answered.js';
import { OnHaltSwitch } from './application/on-halt-switch.js';
import { OnHorizonEnded } from './application/on-horizon-ended.js';
import { OnLookAtMarketAnswered } from './application/on-look-at-market-answered.js';
import { OnLookDue } from './application/on-look-due.js';
import { OnPlaceOrderAnswered } from './application/on-place-order-answered.js';
import { OnPlanApproved } from './application/on-plan-approved.js';
import { OnPlanTrimmed } from './application/on-plan-trimmed.js';
import { OnReconcileAnswered } from './application/on-reconcile-answered.js';
import { OnReconcileNow } from './application/on-reconcile-now.js';
import { OnSlicesDue } from './application/on-slices-due.js';
import { OnStreamOpened } from './application/on-stream-opened.js';
import { OnVenueEvent } from './application/on-venue-event.js';
import { RunAskBenchmarks } from './application/run-ask-benchmarks.js';
import { RunAskQuotes } from './application/run-ask-quotes.js';
import { RunAskVenue } from './application/run-ask-venue.js';
import { RunCancelOrder } from './application/run-cancel-order.js';
import { RunCatchUp } from './application/run-catch-up.js';
import { RunLookAtMarket } from './application/run-look-at-market.js';
import { RunOpenStream } from './application/run-open-stream.js';
import { RunPlaceOrder } from './application/run-place-order.js';
import { RunReconcile } from './application/run-reconcile.js';
import { SliceLateness } from './application/slice-lateness.js';
import { ExecutionConfig } from './config.js';
import { AccountWatchEntity } from './persistence/entities/account-watch.entity.js';
import { ChildOrderEntity } from './persistence/entities/child-order.entity.js';
import { FeeEntity } from './persistence/entities/fee.entity.js';
import { FillEntity } from './persistence/entities/fill.entity.js';
import { HaltEntity } from './persistence/entities/halt.entity.js';
import { OpenBreakEntity } from './persistence/entities/open-break.entity.js';
import { OrderTransitionEntity } from './persistence/entities/order-transition.entity.js';
import { ParentOrderEntity } from './persistence/entities/parent-order.entity.js';
import { ReconciliationEntity } from './persistence/entities/reconciliation.entity.js';
import { SymbolHaltEntity } from './persistence/entities/symbol-halt.entity.js';
import { VenueAccountEntity } from './persistence/entities/venue-account.entity.js';
import { VerdictEntity } from './persistence/entities/verdict.entity.js';
import { AccountWatch1763600104000 } from './persistence/migrations/account-watch-1763600104000.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';
import { OrderStanding1763600101000 } from './persistence/migrations/order-standing-1763600101000.js';
import { OrderTerms1763600102000 } from './persistence/migrations/order-terms-1763600102000.js';
import { TwapSafety1763600103000 } from './persistence/migrations/twap-safety-1763600103000.js';
import { SendingEpoch1763600105000 } from './persistence/migrations/sending-epoch-1763600105000.js';
import { ParentOrderCompletes1763600106001 } from './persistence/migrations/parent-order-completes-1763600106001.js';
import { ParentOrderStatus1763600106000 } from './persistence/migrations/parent-order-status-1763600106000.js';
import { Fees1763600107000 } from './persistence/migrations/fees-1763600107000.js';

/** The execution gateway's wiring: all there is of it, by hand. */
export const executionGateway = defineService({
  name: 'execution-gateway',
  config: ExecutionConfig,
  entities: [
    VenueAccountEntity,
    HaltEntity,
    VerdictEntity,
    ParentOrderEntity,
    ChildOrderEntity,
    FillEntity,
    FeeEntity,
    OrderTransitionEntity,
    ReconciliationEntity,
    AccountWatchEntity,
    OpenBreakEntity,
    SymbolHaltEntity,
  ],
  migrations: [
    Initial1763600100000,
    OrderStanding1763600101000,
    OrderTerms1763600102000,
    TwapSafety1763600103000,
    AccountWatch1763600104000,
    SendingEpoch1763600105000,
    ParentOrderStatus1763600106000,
    ParentOrderCompletes1763600106001,
    Fees1763600107000,
  ],
  controllers: [
    OnPlanApproved,
    OnPlanTrimmed,
    OnAccountOpened,
    OnCancelRequested,
    OnActivated,
    OnLookDue,
    OnSlicesDue,
    OnLookAtMarketAnswered,
    OnHorizonEnded,
    OnBenchmarksDue,
    OnAskBenchmarksAnswered,
    OnVenueEvent,
    OnStreamOpened,
    OnPlaceOrderAnswered,
    OnAskVenueAnswered,
    OnAskQuotesAnswered,
    OnCancelOrderAnswered,
    OnCatchUpAnswered,
    OnReconcileAnswered,
    OnReconcileNow,
    OnHaltSwitch,
    OnCancelNow,
    GetAccounts,
    GetOrders,
    GetChildren,
    GetParents,
    GetHalt,
    PostHalt,
    PostCancel,
    GetReconciliations,
    PostReconcile,
  ],
  providers: [
    SliceLateness,
    { provide: STREAMS, useExisting: VenueStream },
    { provide: VENUE, useFactory: (config: ExecutionConfig) => new AlpacaVenue(config), inject: [CONFIG] },
    {
      provide: VERDICT_KEYS,
      useFactory: (config: ExecutionConfig) => RiskKeys.read(config.EXECUTION_RISK_PUBLIC_KEY_FILE),
      inject: [CONFIG],
    },
  ],
  runners: [
    RunPlaceOrder,
    RunAskVenue,
    RunCancelOrder,
    RunAskQuotes,
    RunLookAtMarket,
    RunAskBenchmarks,
    RunOpenStream,
    RunCatchUp,
    RunReconcile,
  ],
  listeners: [VenueStream, AccountHealth, HaltSignalDoor, HaltFileDoor],
  paths: ['/api/v1/execution', '/api/v1/halt', 'GET /api/v1/orders', 'POST /api/v1/orders/:id/cancel'],
});
