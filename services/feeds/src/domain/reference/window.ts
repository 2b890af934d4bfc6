import type { SessionDate } from '@ballast/contracts';
import { addDays } from '@ballast/kernel/calendar';

/** Days of which a calendar of reports is asked, both included. */
export interface DaysAsked {
  readonly from: SessionDate;
  readonly to: SessionDate;
}

/** Reports are announced some weeks before. */
const AHEAD_DAYS = 30;
/** A quarter with room on both sides; a question a day. */
export const WINDOW_DAYS_MAX = 120;

/** The days whose reports are announced. */
export const daysAhead = (from: SessionDate): DaysAsked => ({ from, to: addDays(from, AHEAD_DAYS) });

/** The days that are meant: from today on, and thirty, where nothing is said; null where they are none or too many. */
export function daysAsked(today: SessionDate, from: SessionDate = today, until?: SessionDate): DaysAsked | null {
  const to = until ?? daysAhead(from).to;
  return to < from || to > addDays(from, WINDOW_DAYS_MAX) ? null : { from, to };
}
