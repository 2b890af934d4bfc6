export { signal } from './module.js';
