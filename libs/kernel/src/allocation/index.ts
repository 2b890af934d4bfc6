export { correlation } from './correlation.js';
export type { Correlation } from './correlation.js';
export { rankAggregation } from './rank-aggregation.js';
export type { RankAggregation } from './rank-aggregation.js';
export { targetsToTrades } from './trades.js';
export type { Target, Trade, TradeInputs, TradeList } from './trades.js';
export { equalWeight, inverseVolatility, waterFill } from './water-fill.js';
export type { CappedWeights, InverseVolatility } from './water-fill.js';
