export { canonicalJson } from './canonical-json.js';
export { GENESIS_HASH, ledgerEntryHash, verifyChain } from './chain.js';
export type { ChainedEntry, ChainVerdict } from './chain.js';
export { applyFill, averageCost, flatPosition } from './position.js';
export type { Fill, Position } from './position.js';
export { valuePositions } from './valuation.js';
export type { Valuation, ValuedPosition } from './valuation.js';
