export { orchestrator } from './module.js';
