import { runService } from '@ballast/platform';
import { tax } from './module.js';

await runService(tax);
