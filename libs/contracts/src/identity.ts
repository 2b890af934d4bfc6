import { hash } from 'node:crypto';

/** Every name-based id of Ballast hangs below this namespace. */
const NAMESPACE = Buffer.from('b1a57000000050008000000000000000', 'hex');

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
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(fields).sort()) {
    if (fields[name] === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(fields[name])}`;
  }
  return `{${text}}`;
}

/** Lower-case hexadecimal SHA-256 of text or bytes. */
export function sha256(input: string | Uint8Array): string {
  return hash('sha256', input);
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
  const digest = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(canonicalJson(parts))]), 'buffer');
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
