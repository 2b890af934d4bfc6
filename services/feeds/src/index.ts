export { feeds } from './module.js';
