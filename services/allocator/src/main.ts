import { runService } from '@ballast/platform';
import { allocator } from './module.js';

await runService(allocator);
