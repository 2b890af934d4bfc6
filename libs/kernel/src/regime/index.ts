export { equalWeightIndex, regimeOf } from './regime.js';
export type { Regime } from './regime.js';
