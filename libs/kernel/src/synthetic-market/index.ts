export { syntheticMarket } from './market.js';
export { SECTORS } from './types.js';
export type { SyntheticBar, SyntheticMarket, SyntheticMarketInput, SyntheticSplit } from './types.js';
