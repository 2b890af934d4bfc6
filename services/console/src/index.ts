export { consoleService } from './module.js';
