import { Instant } from '@ballast/contracts';
import { z } from 'zod';
import { MASK, Secret } from './secret.js';

/** What a variable's schema tells about itself to faults and generated tables. */
export interface VariableMeta {
  /** Completes "expected …", e.g. `a whole number from 1 to 100`. */
  readonly expects?: string;
  /** True where the value must never be shown. */
  readonly secret?: boolean;
  readonly description?: string;
}

const range = (min: number | string | undefined, max: number | string | undefined): string => {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
};

/** A whole number within bounds (both included), written in decimal digits; parses to a number. */
export const integer = (bounds: { min: number; max: number }) => {
  const expects = `a whole number${range(bounds.min, bounds.max)}`;
  return z
    .string()
    .regex(/^-?\d{1,16}$/, expects)
    .transform(Number)
    .pipe(z.int(expects).min(bounds.min, expects).max(bounds.max, expects))
    .meta({ expects });
};

/** A switch: `true`, `1`, `false` or `0`. Nothing else, so that "off" or "no" is never taken for true. */
export const flag = () => {
  const expects = 'true or false (1 or 0)';
  return z
    .enum(['true', '1', 'false', '0'], expects)
    .transform((text) => text === 'true' || text === '1')
    .meta({ expects });
};

/** Compares two decimal strings exactly: negative, zero or positive. */
function compareDecimalText(a: string, b: string): number {
  const split = (text: string) => {
    const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
    return { sign: text.startsWith('-') && /[1-9]/.test(text) ? -1 : 1, whole, fraction: fraction.replace(/0+$/, '') };
  };
  const [x, y] = [split(a), split(b)];
  if (x.sign !== y.sign) return x.sign - y.sign;
  if (x.whole.length !== y.whole.length) return x.sign * (x.whole.length - y.whole.length);
  const [left, right] = [`${x.whole}.${x.fraction}`, `${y.whole}.${y.fraction}`];
  return left === right ? 0 : left < right ? -x.sign : x.sign;
}

/** An exact decimal number, kept as text for `Decimal`; bounds are decimal strings, both included. */
export const decimalText = (bounds: { min?: string; max?: string } = {}) => {
  const { min, max } = bounds;
  const expects = `a decimal number${range(min, max)}, such as "12.50"`;
  return z
    .string()
    .regex(/^-?(0|[1-9]\d*)(\.\d+)?$/, expects)
    .refine((text) => min === undefined || compareDecimalText(text, min) >= 0, expects)
    .refine((text) => max === undefined || compareDecimalText(text, max) <= 0, expects)
    .meta({ expects });
};

/** A moment in UTC with milliseconds that the calendar has. */
export const instant = () => {
  const expects = 'an instant such as "2026-11-20T14:30:00.000Z"';
  return Instant.refine((text) => {
    const parsed = Date.parse(text);
    return Number.isFinite(parsed) && new Date(parsed).toISOString() === text;
  }, expects).meta({ id: undefined, expects });
};

/** An address, with the schemes it may have, e.g. `['nats', 'tls']`; kept as text. */
export const url = (schemes: readonly string[] = ['http', 'https']) => {
  const expects = `an address that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return z
    .string()
    .refine((text) => {
      return URL.canParse(text) && text.includes('://') && schemes.includes(new URL(text).protocol.slice(0, -1));
    }, expects)
    .meta({ expects });
};

/** A value that is never shown: parses to a {@link Secret}. `length` is the fewest characters it may have. */
export const secret = (length = 1) => {
  const expects = length > 1 ? `a secret of at least ${length} characters` : 'a secret';
  return z
    .string()
    .min(length, expects)
    .transform((text) => new Secret(text))
    .meta({ expects, secret: true });
};

/** A default as the tables and faults show it. */
export const shownDefault = (value: unknown, isSecret: boolean): string => {
  if (isSecret || value instanceof Secret) return MASK;
  return typeof value === 'string' ? value : JSON.stringify(value);
};
