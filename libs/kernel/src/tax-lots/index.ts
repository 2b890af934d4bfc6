export { isLongTerm } from './holding-period.js';
export { basisOf, openLot } from './lot.js';
export type { Disposal, Lot, LotMethod, Sale, Term } from './lot.js';
export { relieveLots } from './relieve.js';
export type { Relief } from './relieve.js';
export { runTaxLots } from './run.js';
export type { DisposalRow, TaxLotsOutput } from './run.js';
