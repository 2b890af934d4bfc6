export { policyAnalyst } from './module.js';
