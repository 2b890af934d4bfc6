import { createHash } from 'node:crypto';

/** Every name-based id of Ballast hangs below this namespace. */
const NAMESPACE = 'b1a57000-0000-5000-8000-000000000000';

/**
 * Canonical JSON: keys sorted by code unit, no white space, `undefined` left out.
 * The same value always gives the same text, so its hash can stand for it.
 * @throws TypeError on a number that JSON cannot hold (NaN, infinities).
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`canonical JSON holds finite numbers only, not ${value}`);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

/** Lower-case hexadecimal SHA-256 of text or bytes. */
export function sha256(input: string | Uint8Array): string {
  return createHash('sha256').update(input).digest('hex');
}

/** SHA-256 of a value's canonical JSON: the name of a plan, a list of rows, a configuration. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(value));
}

/**
 * Name-based uuid (RFC 9562, version 5) of the parts in Ballast's namespace.
 * Parts are joined as canonical JSON, so ('ab','c') and ('a','bc') differ.
 */
export function uuid5(...parts: readonly (string | number)[]): string {
  const digest = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(canonicalJson(parts))
    .digest();
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
