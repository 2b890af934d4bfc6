import { runService } from '@ballast/platform';
import { portfolio } from './module.js';

await runService(portfolio);
