import { KernelError } from '../money/index.js';

/** A moment: ISO 8601 in UTC with milliseconds, `2026-11-20T14:30:00.000Z`. Instants compare as text. */
export type Instant = string;
/** A day on the exchange's wall calendar, `2026-11-20`. Dates compare as text. */
export type SessionDate = string;

const DAY_MS = 86_400_000;

/** Milliseconds since 1970 of midnight UTC on a date. Throws `INVALID_DATE` for anything but a real `YYYY-MM-DD`. */
export function dateToMs(date: SessionDate): number {
  const ms = typeof date === 'string' && date.length === 10 ? Date.parse(`${date}T00:00:00.000Z`) : NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) {
    throw new KernelError('INVALID_DATE', `${JSON.stringify(date)} is not a date; write YYYY-MM-DD.`);
  }
  return ms;
}

/** The UTC date of a number of milliseconds since 1970. Throws `INVALID_DATE` outside the years 0000 to 9999. */
export function msToDate(ms: number): SessionDate {
  const text = isoText(ms);
  if (text === undefined) {
    throw new KernelError('INVALID_DATE', 'The date falls outside the years 0000 to 9999.');
  }
  return text.slice(0, 10);
}

/** Milliseconds since 1970. Throws `INVALID_INSTANT` for anything but `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
export function instantToMs(instant: Instant): number {
  const ms = typeof instant === 'string' && instant.length === 24 ? Date.parse(instant) : NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== instant) {
    throw new KernelError(
      'INVALID_INSTANT',
      `${JSON.stringify(instant)} is not an instant; write it in UTC with milliseconds: 2026-11-20T14:30:00.000Z.`,
    );
  }
  return ms;
}

/** The instant of a whole number of milliseconds since 1970. Throws `INVALID_INSTANT` where there is none. */
export function msToInstant(ms: number): Instant {
  const text = Number.isInteger(ms) ? isoText(ms) : undefined;
  if (text === undefined) {
    throw new KernelError('INVALID_INSTANT', `${ms} ms is not a whole millisecond of the years 0000 to 9999.`);
  }
  return text;
}

/** The date a number of days later, earlier where negative. Calendar days, not sessions. */
export function addDays(date: SessionDate, days: number): SessionDate {
  return msToDate(dateToMs(date) + days * DAY_MS);
}

/** Calendar days from one date to another; negative where `to` is earlier. */
export function daysBetween(from: SessionDate, to: SessionDate): number {
  return (dateToMs(to) - dateToMs(from)) / DAY_MS;
}

/** The instant a whole number of milliseconds later, earlier where negative. */
export function addMilliseconds(instant: Instant, ms: number): Instant {
  return msToInstant(instantToMs(instant) + ms);
}

/** Milliseconds from one instant to another; negative where `to` is earlier. */
export function millisecondsBetween(from: Instant, to: Instant): number {
  return instantToMs(to) - instantToMs(from);
}

/** Day of the week of a date: 0 is Sunday, 6 is Saturday. */
export function weekday(date: SessionDate): number {
  return new Date(dateToMs(date)).getUTCDay();
}

function isoText(ms: number): string | undefined {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return undefined;
  const text = date.toISOString();
  return text.length === 24 ? text : undefined;
}
