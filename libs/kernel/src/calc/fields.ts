import { D, decimal, KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';

/** An object out of JSON whose fields are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Throws `INVALID_INPUT` naming the field and what it must be. */
export function objectAt(at: string, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(at, 'an object', value);
  return value as Fields;
}

/** Throws `INVALID_INPUT` naming the field and what it must be. */
export function listAt(at: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(at, 'a list', value);
  return value as readonly unknown[];
}

/** A statistic: a JSON number. Throws `INVALID_INPUT`. */
export function numberAt(at: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(at, 'a number', value);
  return value;
}

/** Throws `INVALID_INPUT`. */
export function textAt(at: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw invalid(at, 'a text that is not empty', value);
  return value;
}

/** Money or a quantity: a decimal string, or a JSON number as the case files have them. Throws `INVALID_INPUT`. */
export function decimalAt(at: string, value: unknown): Decimal {
  if (typeof value === 'number' && Number.isFinite(value)) return new D(value);
  if (typeof value !== 'string') throw invalid(at, 'a decimal string', value);
  return decimal(value);
}

/** Refuses fields that nobody reads: a slip in a name must not leave a rule out. Throws `INVALID_INPUT` naming those that are known. */
export function onlyKnown(at: string, fields: Fields, known: readonly string[]): void {
  const unknown = Object.keys(fields).find((field) => !known.includes(field));
  if (unknown === undefined) return;
  throw new KernelError(
    'INVALID_INPUT',
    `${at} has no field ${JSON.stringify(unknown)}; it may have ${known.join(', ')}.`,
  );
}

/** What `read` makes of a field; undefined where it was left out. */
export function optionalAt<T>(at: string, value: unknown, read: (at: string, value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(at, value);
}

/** An object by name, as a map. Throws what `read` throws, naming the entry. */
export function mapAt<T>(at: string, value: unknown, read: (at: string, value: unknown) => T): Map<string, T> {
  return new Map(Object.entries(objectAt(at, value)).map(([name, each]) => [name, read(`${at}.${name}`, each)]));
}

/** One of some words. Throws `INVALID_INPUT`. */
export const wordAt =
  <W extends string>(...words: readonly W[]) =>
  (at: string, value: unknown): W => {
    if (words.includes(value as W)) return value as W;
    throw invalid(at, `one of ${words.join(', ')}`, value);
  };

/** Throws `INVALID_INPUT`. */
export function booleanAt(at: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw invalid(at, 'true or false', value);
  return value;
}

/** Money or a quantity above zero. Throws `INVALID_INPUT`. */
export function positiveDecimalAt(at: string, value: unknown): Decimal {
  const found = decimalAt(at, value);
  if (found.lessThanOrEqualTo(0)) throw notPositive(at, found.toFixed());
  return found;
}

export const notPositive = (at: string, shown: string): KernelError =>
  new KernelError('INVALID_INPUT', `${at} must be above zero; it is ${shown}.`);

function invalid(at: string, what: string, value: unknown): KernelError {
  const shown = JSON.stringify(value) ?? 'missing';
  const cut = shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
  return new KernelError('INVALID_INPUT', `${at} must be ${what}; it is ${cut}.`);
}
