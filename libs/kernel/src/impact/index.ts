export { ALMGREN_2005, almgren2005 } from './almgren-2005.js';
export type { Almgren2005Parameters } from './almgren-2005.js';
export {
  ALMGREN_CHRISS_EXAMPLE,
  ALMGREN_CHRISS_EXAMPLE_BP,
  almgrenChriss,
  linearCost,
  optimalTrades,
} from './almgren-chriss.js';
export type { LinearCost, LinearImpact, LinearOrder } from './almgren-chriss.js';
export { compareWithSingle } from './compare.js';
export type { ScheduleComparison } from './compare.js';
export { averagePaidBp, impactCost, impactSlices, SESSION_MINUTES } from './order.js';
export type { AdditiveImpactModel, ImpactModel, ImpactSlice } from './order.js';
export { propagator } from './propagator.js';
export type { PropagatorParameters } from './propagator.js';
export { IMPACT_MODELS, impactReport } from './report.js';
export type { ImpactConfiguration, ImpactModelName, ImpactReportRequest, ImpactRow } from './report.js';
export { squareRootLaw } from './square-root.js';
export type { SquareRootParameters } from './square-root.js';
