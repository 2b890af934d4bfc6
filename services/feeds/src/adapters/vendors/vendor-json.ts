import type { SessionDate } from '@ballast/contracts';
import { addMilliseconds, dateInNewYork } from '@ballast/kernel/calendar';
import { Decimal, formatDecimal } from '@ballast/kernel/money';
import { z } from 'zod';

/** Texts of JSON and its numbers; on text that is JSON, whatever begins with a digit or a minus outside a text is a number. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Decimal exponents beyond this are no price, volume or ratio, and would make texts of any length. */
const EXPONENT_MAX = 30;
/** Stamps whose session is kept: forty years of days. */
const SESSIONS_KEPT_MAX = 15_000;
/** The sessions that the calendar has rules for, in milliseconds since 1970. */
const CALENDAR = { from: Date.UTC(1998, 0, 2), until: Date.UTC(2099, 11, 31) };

/**
 * Parses JSON with every number as the text that was written, because `JSON.parse` alone makes a float of it and Node 20
 * does not tell a reviver what stood there. A number and a text of the same digits come out as one; schemas tell what is meant.
 * @throws SyntaxError where the text is no JSON.
 */
export function parseJson(text: string): unknown {
  JSON.parse(text);
  return JSON.parse(text.replace(TOKENS, (token) => (token.startsWith('"') ? token : `"${token}"`)));
}

/** A number as its vendor wrote it, such as `1.029145e+06`. */
export const numberText = z.string().regex(NUMBER, 'a number');

/** A number that may be missing; then it is undefined, never zero. */
export const numberTextIfAny = numberText.nullish().transform((text) => text ?? undefined);

/** A number for exact arithmetic. */
const exact = numberText
  .transform((text) => new Decimal(text))
  .refine((value) => value.isZero() || Math.abs(value.e) <= EXPONENT_MAX, 'a number of ordinary size');

/** A number above zero. */
export const positive = exact.refine((value) => value.isPositive() && !value.isZero(), 'a number above zero');

/** An amount of zero or more, as decimal text without an exponent. */
export const amountText = exact
  .refine((value) => !value.isNegative() || value.isZero(), 'an amount of zero or more')
  .transform((value) => formatDecimal(value.abs()));

/** A whole number of zero or more that counts something. */
export const count = z
  .string()
  .regex(/^\d{1,12}$/, 'a whole number of zero or more')
  .transform(Number);

/** Currencies are told apart because an amount in another one is not money a share here; vendors leave it out for dollars. */
export const isDollars = (currency: string | null | undefined): boolean =>
  currency === undefined || currency === null || currency === '' || currency.toUpperCase() === 'USD';

const midnight = 'midnight in New York at the start of a session';

/** The session of a daily bar that is stamped with an instant: midnight in New York, which is 04:00 or 05:00 in UTC. */
export const sessionOfInstant = z.iso
  .datetime({ offset: true })
  .transform((text) => sessionAt(Date.parse(text)))
  .pipe(z.string(midnight));

/** As {@link sessionOfInstant}, of milliseconds since 1970. */
export const sessionOfMilliseconds = z
  .string()
  .regex(/^\d{1,14}$/, 'milliseconds since 1970')
  .transform((text) => sessionAt(Number(text)))
  .pipe(z.string(midnight));

// A pure cache: a page has the same few sessions for every symbol, and the calendar takes ten times as long as all else.
const sessions = new Map<number, SessionDate>();

/** The date in New York at whose first moment an instant lies; undefined for any other moment, which is no daily bar's. */
function sessionAt(milliseconds: number): SessionDate | undefined {
  const known = sessions.get(milliseconds);
  if (known !== undefined) return known;
  if (!(milliseconds >= CALENDAR.from && milliseconds < CALENDAR.until)) return undefined;
  const instant = new Date(milliseconds).toISOString();
  const session = dateInNewYork(instant);
  if (dateInNewYork(addMilliseconds(instant, -1)) === session) return undefined;
  if (sessions.size < SESSIONS_KEPT_MAX) sessions.set(milliseconds, session);
  return session;
}
