import { CONFIG, defineService } from '@ballast/platform';
import { FileSigner } from './adapters/file-signer.js';
import { SIGNER } from './adapters/ports.js';
import { GetExplanation } from './application/get-explanation.js';
import { GetLimits } from './application/get-limits.js';
import { GetVerdict } from './application/get-verdict.js';
import { OnApprovalDeclined } from './application/on-approval-declined.js';
import { OnApprovalGranted } from './application/on-approval-granted.js';
import { OnCycleAborted } from './application/on-cycle-aborted.js';
import { OnCycleOpened } from './application/on-cycle-opened.js';
import { OnFlattenRequested } from './application/on-flatten-requested.js';
import { OnHaltLifted } from './application/on-halt-lifted.js';
import { OnHaltRaised } from './application/on-halt-raised.js';
import { OnLedgerPosted } from './application/on-ledger-posted.js';
import { OnOrderRequested } from './application/on-order-requested.js';
import { OnPlanProposed } from './application/on-plan-proposed.js';
import { OnPlanRefused } from './application/on-plan-refused.js';
import { OnPositionValued } from './application/on-position-valued.js';
import { OnSnapshotSealed } from './application/on-snapshot-sealed.js';
import { PostCheck } from './application/post-check.js';
import { VerdictMaker } from './application/verdict-maker.js';
import { RiskConfig } from './config.js';
import { HaltEntity } from './persistence/entities/halt.entity.js';
import { PostedLedgerEntity } from './persistence/entities/posted-ledger.entity.js';
import { ReviewEntity } from './persistence/entities/review.entity.js';
import { VerdictEntity } from './persistence/entities/verdict.entity.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';

/** The wiring of the guardrails: all there is of it, by hand. */
export const riskGuardrails = defineService({
  name: 'risk-guardrails',
  config: RiskConfig,
  entities: [ReviewEntity, VerdictEntity, HaltEntity, PostedLedgerEntity],
  migrations: [Initial1763600100000],
  controllers: [
    OnCycleOpened,
    OnSnapshotSealed,
    OnPositionValued,
    OnPlanProposed,
    OnCycleAborted,
    OnOrderRequested,
    OnFlattenRequested,
    OnApprovalGranted,
    OnApprovalDeclined,
    OnHaltRaised,
    OnHaltLifted,
    OnLedgerPosted,
    OnPlanRefused,
    GetVerdict,
    GetLimits,
    GetExplanation,
    PostCheck,
  ],
  providers: [
    {
      provide: SIGNER,
      useFactory: (config: RiskConfig) => FileSigner.read(config.RISK_SIGNING_KEY_FILE),
      inject: [CONFIG],
    },
    VerdictMaker,
  ],
  paths: ['/api/v1/verdicts', '/api/v1/risk', '/api/guardrails'],
});
