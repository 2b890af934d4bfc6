import { Slug } from '@ballast/contracts';
import { integer } from '@ballast/platform';
import { z } from 'zod';

/** What an operator can set; every variable has a sane default. */
export const OrchestratorConfig = z.object({
  ORCHESTRATOR_PORTFOLIO: Slug.meta({ id: undefined, expects: 'a short name of small letters, digits, - and _' })
    .default('main')
    .describe('the portfolio of a cycle that names none, and of the schedule'),
  ORCHESTRATOR_SCHEDULE: z
    .enum(['off', 'daily'])
    .default('off')
    .describe('daily opens a cycle 15 minutes after each session has closed'),
  ORCHESTRATOR_DECIDE_SECONDS_MAX: integer({ min: 10, max: 86_400 })
    .default(600)
    .describe('how long a cycle may take from its opening to the verdict; then it is aborted'),
  ORCHESTRATOR_EXECUTE_WAIT_SECONDS_MAX: integer({ min: 1, max: 300 })
    .default(20)
    .describe('how long POST /v1/execute waits for the prices of its cycle before it answers without them'),
});

export type OrchestratorConfig = z.infer<typeof OrchestratorConfig>;
