import { Decimal } from 'decimal.js';
import { NOTHING } from './table.js';

/** A decimal string of an answer; null, or left out by a service, where it is not known. */
export type Figure = string | null | undefined;

// A figure that nobody knows is shown as such: a summary of trades that were done must not fail over it.
const isAbsent = (figure: string | number | null | undefined): figure is null | undefined =>
  figure === null || figure === undefined;

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

function withThousands(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(text) ?? [];
  return `${sign}${grouped(whole)}${fraction}`;
}

/** An amount of dollars to the cent with thousands separated: `-1,234.50`; `-` for null. */
export function money(text: Figure): string {
  if (isAbsent(text)) return NOTHING;
  const cents = new Decimal(text).toDecimalPlaces(2);
  // Less than half a cent below zero is no debt.
  return withThousands((cents.isZero() ? cents.abs() : cents).toFixed(2));
}

/** A count of shares as it is, with thousands separated. */
export const quantity = (text: Figure): string =>
  isAbsent(text) ? NOTHING : withThousands(new Decimal(text).toFixed());

/** A price in cents, or with four decimals where cents do not hold it. */
export function price(text: Figure): string {
  if (isAbsent(text)) return NOTHING;
  const rounded = new Decimal(text).toDecimalPlaces(4);
  return withThousands(rounded.toFixed(rounded.decimalPlaces() <= 2 ? 2 : 4));
}

/** Basis points with one decimal and a sign: `+2.5`. */
export function basisPoints(text: Figure): string {
  if (isAbsent(text)) return NOTHING;
  const value = new Decimal(text);
  return `${value.isPositive() && !value.isZero() ? '+' : ''}${value.toFixed(1)}`;
}

/** A fraction as per cent with one decimal: 0.125 is `12.5 %`. */
export const percent = (fraction: string | number | null | undefined): string =>
  isAbsent(fraction) ? NOTHING : `${new Decimal(fraction).times(100).toFixed(1)} %`;

/** Milliseconds as seconds where there are many: `850 ms`, `2.4 s`. */
export const duration = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);

/** Bytes in the largest unit that leaves at least one whole: `39.1 MiB`. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = count;
  let unit = 0;
  for (; value >= 1_024 && unit < units.length - 1; unit++) value /= 1_024;
  return unit === 0 ? `${value} B` : `${value.toFixed(1)} ${units[unit]}`;
}

/** The first digits of a hash or id, enough to find it again. */
export const short = (id: string): string => (id.length > 12 ? id.slice(0, 12) : id);
