import { runService } from '@ballast/platform';
import { orchestrator } from './module.js';

await runService(orchestrator);
