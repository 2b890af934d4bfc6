export { allocateCents, roundDownTo, sum, toCents } from './cents.js';
export { D, Decimal, decimal, formatDecimal } from './decimal.js';
export { KernelError } from './error.js';
