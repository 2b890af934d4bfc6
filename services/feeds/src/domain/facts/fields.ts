import type { Instant, SessionDate } from '@ballast/contracts';
import { Decimal, formatDecimal } from '@ballast/kernel/money';
import { RowRefused } from './parsed.js';

/** More digits than any amount or count has. */
const DIGITS_MAX = 30;
/** India keeps one time all year: UTC+05:30. */
const IST_MS = 5.5 * 3_600_000;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** Western groups of three, or Indian ones of two above the last three: `1,234,567`, `12,34,567`. */
const GROUPED = /^-?\d{1,3}(,\d{3})+(\.\d+)?$|^-?\d{1,2}(,\d{2})*,\d{3}(\.\d+)?$/;
/** Programs write small numbers with an exponent. */
const PLAIN = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i;
/** How sources write that they do not say. */
const NOT_SAID: ReadonlySet<string> = new Set(['', '-', '--', 'NA', 'N.A.', 'NIL', 'NULL', '.']);

/** The text of a field, white space brought to single blanks; null where the source does not say. */
export function optionalText(value: unknown, max = 2_000): string | null {
  if (value === null || value === undefined) return null;
  // Control characters and halves of characters are no text, and a database of text does not take them.
  const text = String(value)
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim();
  return NOT_SAID.has(text.toUpperCase()) ? null : text.slice(0, max);
}

/** The text of a field that must be there. @throws RowRefused MISSING_VALUE. */
export function requiredText(value: unknown, field: string, max = 2_000): string {
  const text = optionalText(value, max);
  if (text === null) throw new RowRefused('MISSING_VALUE', `${field} is missing`);
  return text;
}

/** A decimal number as text, whatever its grouping; null where the source does not say. @throws RowRefused NOT_NUMERIC. */
export function optionalDecimal(value: unknown, field: string): string | null {
  if (value === null || value === undefined) return null;
  const text = String(value).trim();
  if (NOT_SAID.has(text.toUpperCase())) return null;
  const plain = GROUPED.test(text) ? text.replaceAll(',', '') : text;
  if (!PLAIN.test(plain) || plain.replaceAll(/\D/g, '').length > DIGITS_MAX) {
    throw new RowRefused('NOT_NUMERIC', `${field} is ${JSON.stringify(text.slice(0, 60))}, which is no number`);
  }
  const parsed = new Decimal(plain);
  return parsed.isZero() ? '0' : formatDecimal(parsed);
}

/** A decimal number that must be there. @throws RowRefused MISSING_VALUE, NOT_NUMERIC. */
export function requiredDecimal(value: unknown, field: string): string {
  const text = optionalDecimal(value, field);
  if (text === null) throw new RowRefused('MISSING_VALUE', `${field} is missing`);
  return text;
}

/** A count or amount of zero or more that must be there. @throws RowRefused MISSING_VALUE, NOT_NUMERIC, NEGATIVE_VALUE. */
export function requiredAmount(value: unknown, field: string): string {
  return notNegative(requiredDecimal(value, field), field);
}

/** A count or amount of zero or more; null where the source does not say. @throws RowRefused NOT_NUMERIC, NEGATIVE_VALUE. */
export function optionalAmount(value: unknown, field: string): string | null {
  const text = optionalDecimal(value, field);
  return text === null ? null : notNegative(text, field);
}

function notNegative(text: string, field: string): string {
  if (text.startsWith('-')) throw new RowRefused('NEGATIVE_VALUE', `${field} is ${text}`);
  return text;
}

/** An amount above zero; null for a zero that stands for "not known", as NSE writes it. */
export function knownAmount(value: unknown, field: string): string | null {
  const text = optionalAmount(value, field);
  return text === '0' ? null : text;
}

/** A ticker as its exchange spells it. @throws RowRefused MISSING_VALUE, SYMBOL_UNREADABLE. */
export function symbolOf(value: unknown, field: string): string {
  const text = requiredText(value, field).toUpperCase();
  if (/^[A-Z0-9][A-Z0-9.&:_/-]{0,31}$/.test(text)) return text;
  throw new RowRefused('SYMBOL_UNREADABLE', `${field} is ${JSON.stringify(text.slice(0, 60))}, which is no ticker`);
}

/** `03-Jul-2026`, `01-DEC-2025` or `2026-07-03` as a date. @throws RowRefused MISSING_VALUE, DATE_UNREADABLE. */
export function dateOf(value: unknown, field: string): SessionDate {
  const text = requiredText(value, field);
  const date = readDate(text);
  if (date === null) throw new RowRefused('DATE_UNREADABLE', `${field} is ${JSON.stringify(text.slice(0, 60))}`);
  return date;
}

/** As {@link dateOf}; null where the source does not say. */
export const optionalDate = (value: unknown, field: string): SessionDate | null =>
  optionalText(value) === null ? null : dateOf(value, field);

function readDate(text: string): SessionDate | null {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso) return realDate(iso[1]!, Number(iso[2]), Number(iso[3]));
  const named = /^(\d{1,2})[- ]([A-Za-z]{3})[A-Za-z]*[- ](\d{4})$/.exec(text);
  if (!named) return null;
  return realDate(named[3]!, MONTHS.indexOf(named[2]!.toUpperCase()) + 1, Number(named[1]));
}

function realDate(year: string, month: number, day: number): SessionDate | null {
  const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const ms = Date.parse(`${text}T00:00:00.000Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? text : null;
}

/**
 * `18-Oct-2023 22:42:01` or `31-May-2020 21:00`, a wall clock in India, as a moment in UTC.
 * @throws RowRefused MISSING_VALUE, DATE_UNREADABLE.
 */
export function istInstantOf(value: unknown, field: string): Instant {
  const text = requiredText(value, field);
  const match = /^(\S+(?:[- ][A-Za-z]+[- ]\d{4})?) (\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  const date = match === null ? null : readDate(match[1]!);
  const [hour, minute, second] = [Number(match?.[2]), Number(match?.[3]), Number(match?.[4] ?? 0)];
  if (date === null || hour > 23 || minute > 59 || second > 59) {
    throw new RowRefused('DATE_UNREADABLE', `${field} is ${JSON.stringify(text.slice(0, 60))}`);
  }
  const ms = Date.parse(`${date}T00:00:00.000Z`) + ((hour * 60 + minute) * 60 + second) * 1_000 - IST_MS;
  return new Date(ms).toISOString();
}

/** As {@link istInstantOf}; null where the source does not say. */
export const optionalIstInstant = (value: unknown, field: string): Instant | null =>
  optionalText(value) === null ? null : istInstantOf(value, field);

/**
 * A moment as feeds and vendors write it: ISO 8601, `2020-05-11 07:47:00-04:00`, RFC 822
 * (`Fri, 20 Nov 2026 10:00:00 +0530`), and SEBI's `20 Nov, 2026 +0530`, which means midnight.
 * @param offset of a wall clock that does not say its own, such as `+05:30`; null where nobody can tell.
 * @returns null for anything else: without an offset it could be any time of the day.
 */
export function readInstant(text: string, offset: string | null = null): Instant | null {
  const plain = text.trim();
  const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|[+-]\d{2}:?\d{2})?$/.exec(plain);
  if (iso) return momentOf(iso[1]!, iso[2]!, iso[3] ?? offset);
  const rfc =
    /^(?:[A-Za-z]{3,9},? )?(\d{1,2}) ([A-Za-z]{3,9}),? (\d{4})(?: (\d{2}:\d{2}(?::\d{2})?))?(?: ([A-Z]{1,4}|[+-]\d{2}:?\d{2}))?$/;
  const [, day, month, year, time = '00:00', zone] = rfc.exec(plain) ?? [];
  return day === undefined ? null : momentOf(`${day}-${month}-${year}`, time, zone ?? offset);
}

function momentOf(date: string, time: string, zone: string | null): Instant | null {
  const day = readDate(date);
  const offset = zone === null ? undefined : /^[+-]/.test(zone) ? colonOffset(zone) : ZONES[zone];
  if (day === null || offset === undefined) return null;
  const ms = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

const ZONES: Readonly<Record<string, string>> = {
  ...{ GMT: 'Z', UTC: 'Z', UT: 'Z', Z: 'Z' },
  ...{ EST: '-05:00', EDT: '-04:00', IST: '+05:30' },
};

const colonOffset = (offset: string): string =>
  offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`;

/** The day in India of a moment. */
export const dateInIndia = (at: Instant): SessionDate => new Date(Date.parse(at) + IST_MS).toISOString().slice(0, 10);
