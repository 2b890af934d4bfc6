export { planTwap, twapSchedule } from './plan.js';
export type { ScheduledSlice, TwapPlan, TwapSlice } from './plan.js';
export { FRACTION_UNIT, sliceQuantities } from './slice.js';
export type { SliceOptions } from './slice.js';
export { spreadLate } from './spread-late.js';
export type { LateSpread } from './spread-late.js';
