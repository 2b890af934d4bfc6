export { judgePlan } from './judge-plan.js';
export { halt, liquidity, notionalPerName, runCheck, sectorExposure, TRADE_CHECKS } from './checks.js';
export type { Check, Finding, TradeContext } from './checks.js';
export { largestPassing, reducibleQuantity, worstExposure } from './exposure.js';
export type { Holding, Room } from './exposure.js';
export type {
  CheckName,
  CheckResult,
  FindingCode,
  GuardrailLimits,
  HeldPosition,
  Mode,
  PlanInput,
  PlanJudgement,
  PlannedTrade,
  ReasonCode,
  Side,
  Trim,
  WorkingOrder,
} from './types.js';
