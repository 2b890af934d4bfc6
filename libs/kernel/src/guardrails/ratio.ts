import { Decimal, formatDecimal } from '../money/index.js';

/** A number as it is told: a decimal string, and the same in per cent for people. */
export interface Ratio {
  readonly text: string;
  readonly share: string;
}

/** Fractions are shown to 1e-10, rounded up, so that what is shown as equal to a limit has not exceeded it. */
const PLACES = 10;
const SCALE = 1e10;
const SHARE_PLACES = 4;
const SHARE_SCALE = 1e6;
/**
 * A quotient in floating point is off by less than 1e-15 of itself. Below 1e12 units of the last place shown, that is less than a
 * thousandth of a unit, so what is farther than that from a whole unit rounds up to the same digits as the exact quotient does.
 */
const SAFE_UNITS = 1e12;
const SAFE_DISTANCE = 1e-3;

/** `value / over` as it is told; `overNumber` is the latter in floating point, where many are over the same. A plan has tens of thousands of them, hence the way through floating point where it is exact enough. */
export function ratioText(value: Decimal, over: Decimal, overNumber = over.toNumber()): string {
  const units = roundedUp((value.toNumber() / overNumber) * SCALE);
  return units === null ? tellDecimal(value.div(over)).text : unitsText(units, PLACES);
}

/** The same in per cent, for people. */
export function shareText(value: Decimal, over: Decimal, overNumber = over.toNumber()): string {
  const units = roundedUp((value.toNumber() / overNumber) * SHARE_SCALE);
  return units === null ? tellDecimal(value.div(over)).share : `${unitsText(units, SHARE_PLACES)} %`;
}

/** A decimal as it is told. */
export function tellDecimal(value: Decimal): Ratio {
  if (!value.isFinite()) return UNKNOWN;
  const text = formatDecimal(value.toDecimalPlaces(PLACES, Decimal.ROUND_UP));
  return { text, share: `${formatDecimal(value.times(100).toDecimalPlaces(SHARE_PLACES, Decimal.ROUND_UP))} %` };
}

/** A statistic as it is compared and told: to 1e-10, so that the last bits of a sum decide nothing. */
export function roundStatistic(value: number): number {
  return Math.round(value * SCALE) / SCALE;
}

/** A statistic that {@link roundStatistic} has rounded, as it is told. */
export function statisticText(rounded: number): string {
  if (!Number.isFinite(rounded)) return UNKNOWN.text;
  const units = Math.round(rounded * SCALE);
  return Math.abs(units) >= SAFE_UNITS ? tellDecimal(new Decimal(rounded)).text : unitsText(units, PLACES);
}

const UNKNOWN: Ratio = { text: 'unknown', share: 'an unknown part' };

function roundedUp(units: number): number | null {
  if (!(Math.abs(units) < SAFE_UNITS) || Math.abs(units - Math.round(units)) < SAFE_DISTANCE) return null;
  return awayFromZero(units);
}

const awayFromZero = (value: number): number => (value < 0 ? Math.floor(value) : Math.ceil(value));

function unitsText(units: number, places: number): string {
  const digits = String(Math.abs(units)).padStart(places + 1, '0');
  let end = digits.length;
  while (end > digits.length - places && digits.charCodeAt(end - 1) === 48) end -= 1;
  const whole = digits.slice(0, -places);
  const text = end === digits.length - places ? whole : `${whole}.${digits.slice(-places, end)}`;
  return units < 0 ? `-${text}` : text;
}
