export type { Panel } from '../statistics/index.js';
export { COVERAGE_MIN } from './history.js';
export { SCORE_ABS_MAX } from './scores.js';
export type { Score } from './scores.js';
export { lowVolatility, meanReversion, momentum } from './strategies.js';
export { strategyVolatility } from './strategy-volatility.js';
export { averageDailyVolume, topByLiquidity } from './liquidity.js';
export type { AverageDailyVolume } from './liquidity.js';
