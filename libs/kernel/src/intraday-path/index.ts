export { intradayPath } from './path.js';
export type { PathInput } from './path.js';
export { quoteAt } from './quote.js';
export type { Quote } from './quote.js';
