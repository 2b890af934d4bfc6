import type { GuardrailLimits } from '@ballast/kernel/guardrails';
import type { RiskConfig } from '../config.js';
import { ruleBook, type Limits } from '../domain/limits.js';

/** The limits that an operator has set. */
export const limitsOf = (config: RiskConfig): Limits => ({
  notionalPerNameMax: config.RISK_LIMIT_NOTIONAL_PER_NAME,
  sectorGrossMax: config.RISK_LIMIT_SECTOR_GROSS,
  advFractionMax: config.RISK_LIMIT_ADV_FRACTION,
});

export const ruleBookOf = (config: RiskConfig): GuardrailLimits => ruleBook(limitsOf(config));
