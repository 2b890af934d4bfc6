import { defineService } from '@ballast/platform';
import { GetOpinions } from './application/get-opinions.js';
import { OnTextReceived } from './application/on-text-received.js';
import { PolicyAnalystConfig } from './config.js';
import { OpinionEntity } from './persistence/entities/opinion.entity.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';

/** The policy analyst's wiring: all there is of it, by hand. */
export const policyAnalyst = defineService({
  name: 'policy-analyst',
  config: PolicyAnalystConfig,
  entities: [OpinionEntity],
  migrations: [Initial1763600100000],
  controllers: [OnTextReceived, GetOpinions],
  paths: ['/api/v1/opinions'],
});
