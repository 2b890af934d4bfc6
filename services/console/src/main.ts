import { runService } from '@ballast/platform';
import { consoleService } from './module.js';

await runService(consoleService);
