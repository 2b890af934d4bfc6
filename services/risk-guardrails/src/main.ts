import { runService } from '@ballast/platform';
import { riskGuardrails } from './module.js';

await runService(riskGuardrails);
