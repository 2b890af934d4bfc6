export * from './bench.js';
export * from './database.js';
export * from './environment.js';
export * from './deciders.js';
export * from './facts.js';
export { LIFECYCLE_PAGE, lifecyclePage } from './gen/order-lifecycle.js';
export * from './recordings/index.js';
export * from './simulation/index.js';
