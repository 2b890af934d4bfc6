export { orderActions, readAction } from './action.js';
export type { ActionRow, CorporateAction } from './action.js';
export { adjustBars } from './adjust.js';
export type { AdjustedSeries, Adjustment, AdjustmentMode, DailyBar } from './adjust.js';
export { factorSteps } from './factors.js';
export type { AppliedAction, FactorStep } from './factors.js';
export { symbolMap } from './symbol-map.js';
export type { Listing, SymbolMap } from './symbol-map.js';
