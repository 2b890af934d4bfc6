export { createSigningKeys, type SigningKeyFiles } from './adapters/signing-keys.js';
export { riskGuardrails } from './module.js';
