import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Slug, TickerSymbol } from '@ballast/contracts';
import { dateInNewYork, isSession, nextSession, previousSession, sessionOf } from '@ballast/kernel/calendar';
import { Decimal } from 'decimal.js';
import type { Where } from '../errors.js';

/** Collects what is wrong with the options of one command, so that a person hears of all of it at once. */
export class Faults {
  readonly found: Where[] = [];

  add(field: string, message: string): undefined {
    // One slip can be met twice, such as two commas too many; it is said once.
    const said = this.found.some((each) => each.field === field && each.message === message);
    if (!said) this.found.push({ field, message });
    return undefined;
  }
}

const quoted = (text: string): string => JSON.stringify(text);

/** A whole number between two bounds, both included. */
export function wholeNumber(faults: Faults, field: string, text: string, min: number, max: number): number | undefined {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  return faults.add(field, `${quoted(text)} is not a whole number from ${min} to ${max}; for example ${field} ${min}`);
}

/** A percentage above zero and up to a hundred, as a fraction: `2.5` is 0.025. */
export function percentage(faults: Faults, field: string, text: string): number | undefined {
  const fraction = fractionOf(text);
  return fraction ?? faults.add(field, notAPercentage(text));
}

/** Percentages between commas, each once, in the order given, as fractions. */
export function percentages(faults: Faults, field: string, text: string, most: number): number[] | undefined {
  const items = list(faults, field, text, (each) => (fractionOf(each) === undefined ? notAPercentage(each) : null));
  if (items === undefined) return undefined;
  if (items.length > most) return faults.add(field, `${items.length} are too many; give at most ${most}`);
  return items.flatMap((each) => fractionOf(each) ?? []);
}

function fractionOf(text: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,6})?$/.test(text)) return undefined;
  const fraction = new Decimal(text).div(100);
  return fraction.isZero() || fraction.greaterThan(1) ? undefined : fraction.toNumber();
}

const notAPercentage = (text: string): string =>
  `${quoted(text)} is not a percentage above 0 and up to 100; write it without a sign, such as 2.5`;

/** A day of the calendar. */
export function date(faults: Faults, field: string, text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return faults.add(field, `${quoted(text)} is not a date; write it as YYYY-MM-DD, for example ${field} 2017-06-30`);
  }
  const day = new Date(`${text}T00:00:00.000Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text) {
    return faults.add(field, `${text} is a day that no calendar has; correct the day or the month`);
  }
  return text;
}

/** A day on which NYSE traded. Says the sessions around a day on which it did not. */
export function sessionDate(faults: Faults, field: string, text: string): string | undefined {
  if (date(faults, field, text) === undefined) return undefined;
  try {
    if (isSession(text)) return text;
    return faults.add(
      field,
      `NYSE did not trade on ${text}; take ${previousSession(text).date} (the session before) or ${nextSession(text).date} (after)`,
    );
  } catch (error) {
    // The calendar says in its own words which years it knows.
    return faults.add(field, error instanceof Error ? error.message : String(error));
  }
}

/** Tickers between commas, each once, in the order given. */
export function symbols(faults: Faults, field: string, text: string): string[] | undefined {
  return list(faults, field, text, (each) => {
    if (TickerSymbol.safeParse(each).success) return null;
    const capitals = each.toUpperCase();
    return each !== capitals && TickerSymbol.safeParse(capitals).success
      ? `${quoted(each)} is not a ticker; tickers are in capitals: ${capitals}`
      : `${quoted(each)} is not a ticker; expected capitals, digits and . : / - such as AAPL or BRK.B`;
  });
}

/** One ticker. */
export function symbol(faults: Faults, field: string, text: string): string | undefined {
  if (text.includes(',')) return faults.add(field, `takes one ticker, and ${quoted(text)} has commas`);
  return symbols(faults, field, text)?.[0];
}

/** Short names between commas, each once, in the order given. */
export function names(faults: Faults, field: string, text: string): string[] | undefined {
  return list(faults, field, text, (each) => (isSlug(each) ? null : notASlug(each)));
}

/** One short name: a book, an account. */
export function name(faults: Faults, field: string, text: string): string | undefined {
  return isSlug(text) ? text : faults.add(field, notASlug(text));
}

const isSlug = (text: string): boolean => Slug.safeParse(text).success;
const notASlug = (text: string): string =>
  `${quoted(text)} is not a name; expected at most 48 small letters, digits, - and _, such as main`;

function list(
  faults: Faults,
  field: string,
  text: string,
  faultOf: (each: string) => string | null,
): string[] | undefined {
  const before = faults.found.length;
  const items = text.split(',').map((each) => each.trim());
  const seen = new Set<string>();
  for (const each of items) {
    const fault =
      each === ''
        ? `an entry between the commas of ${quoted(text)} is empty; leave the extra comma out`
        : seen.has(each)
          ? `${quoted(each)} is there twice; name it once`
          : faultOf(each);
    if (fault !== null) faults.add(field, fault);
    seen.add(each);
  }
  return faults.found.length === before ? items : undefined;
}

/** An amount above zero with at most two decimals, as text. */
export function amount(faults: Faults, field: string, text: string): string | undefined {
  if (/^\d{1,15}(\.\d{1,2})?$/.test(text) && new Decimal(text).isPositive() && !new Decimal(text).isZero()) {
    return new Decimal(text).toFixed(2);
  }
  return faults.add(
    field,
    `${quoted(text)} is not an amount; expected dollars above zero with at most two decimals and no separators, such as 1000000`,
  );
}

/** A count of shares above zero, as text. */
export function shares(faults: Faults, field: string, text: string): string | undefined {
  if (/^\d{1,12}(\.\d{1,9})?$/.test(text) && !new Decimal(text).isZero()) return new Decimal(text).toFixed();
  return faults.add(field, `${quoted(text)} is not a quantity; expected shares above zero, such as 100`);
}

/** A price in US dollars, or a percentage, above zero, as text. */
export function price(faults: Faults, field: string, text: string): string | undefined {
  if (/^\d{1,12}(\.\d{1,9})?$/.test(text) && !new Decimal(text).isZero()) return new Decimal(text).toFixed();
  return faults.add(field, `${quoted(text)} is not a number above zero, such as ${field} 99.50`);
}

/** One of some words. */
export function oneOf<T extends string>(
  faults: Faults,
  field: string,
  text: string,
  words: readonly T[],
): T | undefined {
  return words.find((word) => word === text) ?? faults.add(field, `${quoted(text)} is not one of ${words.join(', ')}`);
}

/** What a person gives as a reason: something, and not a novel. */
export function reason(faults: Faults, field: string, text: string | undefined): string | undefined {
  const said = text?.trim() ?? '';
  if (said.length >= 3 && said.length <= 500) return said;
  return faults.add(field, `a reason of 3 to 500 characters is needed, such as ${field} "stale quotes on the venue"`);
}

/** The name of a person in an act. */
export function person(faults: Faults, field: string, text: string): string | undefined {
  const said = text.trim();
  return said.length >= 1 && said.length <= 100 ? said : faults.add(field, 'a name of 1 to 100 characters is needed');
}

/** A text of hexadecimal digits in small letters, or the beginning of one from four digits on. */
export function hashPrefix(faults: Faults, field: string, text: string, length: number): string | undefined {
  if (/^[0-9a-f]{4,}$/.test(text) && text.length <= length) return text;
  return faults.add(
    field,
    `${quoted(text)} is not an id; expected ${length} hexadecimal digits in small letters, or the first 4 or more`,
  );
}

/** The id of a parent order (a uuid) or of a child (32 hexadecimal digits), or the beginning of one from four digits on. */
export function orderId(faults: Faults, field: string, text: string): string | undefined {
  if (/^[0-9a-f]{4}([0-9a-f]{0,28}|[0-9a-f]{4}-[0-9a-f-]{0,27})$/.test(text)) return text;
  return faults.add(
    field,
    `${quoted(text)} is not an order's id; expected one as "ballast order list" shows it, or its first 4 digits or more`,
  );
}

/** The id of a cycle or of a message. */
export function uuid(faults: Faults, field: string, text: string): string | undefined {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text;
  return faults.add(field, `${quoted(text)} is not an id; expected a uuid as the lists show it`);
}

/** A file of this machine that can be read, as a full path. @param cwd what a path is relative to. */
export function readableFile(faults: Faults, field: string, path: string, cwd: string): string | undefined {
  const file = resolve(cwd, path);
  try {
    if (!statSync(file).isFile()) return faults.add(field, `${file} is not a file; give the path of a file`);
    accessSync(file, constants.R_OK);
    return file;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return faults.add(
      field,
      missing
        ? `there is no file ${file}; correct the path (it is relative to ${cwd})`
        : `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}); allow this user to read it`,
    );
  }
}

/** The last session of NYSE that has closed by the clock of this machine. */
export function lastClosedSession(now = new Date().toISOString()): string {
  const today = dateInNewYork(now);
  const session = sessionOf(today);
  return session && now >= session.close ? today : previousSession(today).date;
}
