import { Decimal, formatDecimal, KernelError } from '../money/index.js';

/**
 * Canonical JSON: keys sorted by code unit, no white space, `undefined` fields left out, decimals as plain decimal
 * strings. For values without decimals it is the text that `canonicalJson` of the contracts gives, so that a service can
 * recompute a hash from a row that it read back.
 * @throws KernelError NOT_CANONICAL for what JSON would bend or drop in silence: NaN, infinities, bigints, functions,
 * `undefined` in a list, dates and other class instances.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$');
}

function write(value: unknown, path: string): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Decimal.isDecimal(value) && value.isFinite()) return JSON.stringify(formatDecimal(value));
  if (Array.isArray(value)) return `[${value.map((item, i) => write(item, `${path}[${i}]`)).join(',')}]`;
  if (isPlainObject(value)) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => `${JSON.stringify(name)}:${write(field, `${path}.${name}`)}`);
    return `{${fields.join(',')}}`;
  }
  throw new KernelError(
    'NOT_CANONICAL',
    `${path} is ${describe(value)}, which has no canonical JSON; use text, a finite number, a decimal, a list or a record.`,
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Decimal.isDecimal(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  return typeof value === 'object' ? `an instance of ${value?.constructor.name}` : `${typeof value} ${String(value)}`;
}
