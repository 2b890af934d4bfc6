import { z } from 'zod';
import { Trade } from './allocator.js';
import { event, type EventOf } from './define.js';
import { CycleRef } from './orchestrator.js';
import { Instant, NonNegativeDecimal, Quantity, rowsOf, Sha256, Slug, TickerSymbol } from './values.js';

/** One check with what it compared; numbers are text because some are money and some are ratios. */
export const Check = z.object({
  code: z.string(),
  symbol: TickerSymbol.nullable(),
  status: z.enum(['passed', 'failed', 'not_evaluated']),
  severity: z.enum(['CRITICAL', 'WARNING', 'INFO']),
  message: z.string(),
  observed: z.string().nullable(),
  limit: z.string().nullable(),
  unit: z.string(),
  ruleVersion: z.string(),
});
export type Check = z.infer<typeof Check>;

/** A trade made smaller so that it passes (reason code `position_scaled`), or dropped (`to` is 0). */
export const Trim = z.object({
  symbol: TickerSymbol,
  code: z.string(),
  from: Quantity,
  to: Quantity,
  observed: z.string().nullable(),
  limit: z.string().nullable(),
});
export type Trim = z.infer<typeof Trim>;

const Judged = {
  ...CycleRef,
  account: Slug,
  /** A plan of the allocator, one order that a person asked for, or the closing of all that a halted book holds. */
  origin: z.enum(['plan', 'manual', 'flatten']),
  planHash: Sha256,
  limitsVersion: z.string(),
  /** Every check that did not pass and one summary row a code for those that did. */
  checks: rowsOf(Check),
  trims: rowsOf(Trim),
  judgedAt: Instant,
};

/** What may be done under a permit: trade while the account is not halted, or close positions under exactly one halt. */
export const Purpose = z.enum(['trade', 'flatten']);
export type Purpose = z.infer<typeof Purpose>;

/** What the signature stands for; execution rebuilds it and verifies the Ed25519 signature over its canonical JSON. */
export const Permit = z.object({
  planHash: Sha256,
  approvedHash: Sha256,
  account: Slug,
  limitsVersion: z.string(),
  expiresAt: Instant,
  haltEpoch: z.int().min(0),
  purpose: Purpose,
});
export type Permit = z.infer<typeof Permit>;

const Signed = {
  ...Judged,
  /** Hash over cycle, account and the list of trades as it may be executed. */
  approvedHash: Sha256,
  trades: rowsOf(Trade),
  expiresAt: Instant,
  haltEpoch: z.int().min(0),
  purpose: Purpose,
  keyId: z.string(),
  signature: z.string(),
};

/** The plan may be executed as proposed. */
export const PlanApproved = event('risk.plan.approved', 1, 'portfolioId', z.object(Signed));
export type PlanApproved = EventOf<typeof PlanApproved>;

/** The plan may be executed as trimmed: `trades` is the list that was signed. */
export const PlanTrimmed = event('risk.plan.trimmed', 1, 'portfolioId', z.object(Signed));
export type PlanTrimmed = EventOf<typeof PlanTrimmed>;

/** Nothing of the plan may be executed. */
export const PlanVetoed = event(
  'risk.plan.vetoed',
  1,
  'portfolioId',
  z.object({ ...Judged, codes: z.array(z.string()).min(1) }),
);
export type PlanVetoed = EventOf<typeof PlanVetoed>;

/** A rule asks a person before the plan may be executed. */
export const ApprovalRequested = event(
  'risk.approval.requested',
  1,
  'portfolioId',
  z.object({
    ...CycleRef,
    account: Slug,
    planHash: Sha256,
    approvedHash: Sha256,
    notional: NonNegativeDecimal,
    reasons: z.array(z.string()).min(1),
    expiresAt: Instant,
  }),
);
export type ApprovalRequested = EventOf<typeof ApprovalRequested>;
