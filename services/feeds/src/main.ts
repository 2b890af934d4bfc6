import { runService } from '@ballast/platform';
import { feeds } from './module.js';

await runService(feeds);
