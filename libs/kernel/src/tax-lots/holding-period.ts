import { addDays } from '../calendar/index.js';
import type { SessionDate } from '../calendar/index.js';

/**
 * Whether a sale is long-term: held more than one year, by trade dates.
 *
 * The day of acquisition is left out and the day of sale counts (Rev. Rul. 66-7, 66-97, 70-598): long-term from the same
 * date as the day after acquisition, a year later. Where that date is February 29 and the next year has none, it is
 * March 1. In: the date from which the lot is held (its acquisition, or an earlier date that tacks) and the date sold.
 * Throws `INVALID_DATE`.
 */
export function isLongTerm(holdingStart: SessionDate, sold: SessionDate): boolean {
  const firstDay = addDays(holdingStart, 1);
  const nextYear = String(Number(firstDay.slice(0, 4)) + 1).padStart(4, '0');
  const sameDay = firstDay.slice(4) === '-02-29' ? `${nextYear}-03-01` : `${nextYear}${firstDay.slice(4)}`;
  return addDays(sold, 0) >= sameDay;
}
