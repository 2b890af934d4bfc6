import { createHash } from 'node:crypto';

/** Every id of the simulated venue hangs below this namespace, so none can be taken for a real Alpaca id by accident. */
const NAMESPACE = Buffer.from('b1a57000bade5000800000000000ba9e', 'hex');

/**
 * Name-based uuid (RFC 9562, version 5) of text parts. The same parts always give the same id, which is what lets a
 * retried simulation produce the same orders and executions; parts are framed as JSON, so ('ab','c') is not ('a','bc').
 */
export function uuidOf(...parts: readonly (string | number)[]): string {
  const digest = createHash('sha1').update(NAMESPACE).update(JSON.stringify(parts)).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

export const orderIdOf = (account: string, clientOrderId: string): string => uuidOf('order', account, clientOrderId);
export const executionIdOf = (orderId: string, fillNumber: number): string => uuidOf('fill', orderId, fillNumber);
export const accountIdOf = (account: string): string => uuidOf('account', account);
export const assetIdOf = (symbol: string): string => uuidOf('asset', symbol);
export const clientOrderIdOf = (account: string, seq: number): string => uuidOf('client', account, seq);
export const activityIdOf = (account: string, seq: number): string => uuidOf('activity', account, seq);
