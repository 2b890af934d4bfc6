export { judgePlan } from './judge-plan.js';
export { TRADE_CHECKS } from './checks.js';
export type { Check, Outcome, TradeContext } from './check.js';
export { largestPassing, reducibleQuantity, worstExposure } from './exposure.js';
export type { Holding, Room } from './exposure.js';
export type { BucketLevel, Facts, SentOrder, Source, TradingDay } from './facts.js';
export type { GuardrailLimits, TokenBucket } from './limits.js';
export type {
  CheckName,
  CheckResult,
  FindingCode,
  HeldPosition,
  Input,
  Mode,
  PlanInput,
  PlanJudgement,
  PlannedTrade,
  ReasonCode,
  Severity,
  Side,
  Trim,
  Unit,
  WorkingOrder,
} from './types.js';
