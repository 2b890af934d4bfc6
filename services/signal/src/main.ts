import { runService } from '@ballast/platform';
import { signal } from './module.js';

await runService(signal);
