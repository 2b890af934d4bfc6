import { runService } from '@ballast/platform';
import { policyAnalyst } from './module.js';

await runService(policyAnalyst);
