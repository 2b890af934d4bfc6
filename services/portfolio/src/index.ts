export { portfolio } from './module.js';
