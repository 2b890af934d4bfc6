import { CONFIG } from '@ballast/platform';
import { Controller, Get, Inject } from '@nestjs/common';
import type { RiskConfig } from '../config.js';
import { explain } from '../domain/limits.js';
import { limitsOf, ruleBookOf } from './rule-book-of.js';

/** Answers in words what each check compares, against what, and where the numbers come from. */
@Controller('/api/guardrails/explain')
export class GetExplanation {
  constructor(@Inject(CONFIG) private readonly config: RiskConfig) {}

  @Get()
  get(): unknown {
    return { limitsVersion: ruleBookOf(this.config).version, checks: explain(limitsOf(this.config)) };
  }
}
