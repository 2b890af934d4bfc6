export { calcKernels, runCalc } from './run-calc.js';
export type { CalcResult } from './run-calc.js';
