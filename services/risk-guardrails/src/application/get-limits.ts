import { CONFIG } from '@ballast/platform';
import { Controller, Get, Inject } from '@nestjs/common';
import type { RiskConfig } from '../config.js';
import { limitsOf, ruleBookOf } from './rule-book-of.js';

/** Answers which limits are in force, and under which version verdicts name them. */
@Controller('/api/v1/risk/limits')
export class GetLimits {
  constructor(@Inject(CONFIG) private readonly config: RiskConfig) {}

  @Get()
  get(): unknown {
    return {
      ...{ limitsVersion: ruleBookOf(this.config).version, limits: limitsOf(this.config) },
      approvalNotionalUsdMin: this.config.RISK_APPROVAL_NOTIONAL_USD_MIN ?? null,
      marksAgeHoursMax: this.config.RISK_MARKS_AGE_HOURS_MAX,
    };
  }
}
