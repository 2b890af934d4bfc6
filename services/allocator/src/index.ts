export { allocator } from './module.js';
