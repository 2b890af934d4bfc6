import { runService } from '@ballast/platform';
import { executionGateway } from './module.js';

await runService(executionGateway);
