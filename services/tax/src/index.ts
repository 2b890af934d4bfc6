export { tax } from './module.js';
