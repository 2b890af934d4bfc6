import { sessionsBetween } from '../calendar/index.js';
import type { SessionDate } from '../calendar/index.js';
import { KernelError } from '../money/index.js';

/** What a check needs to know of an exchange: on which dates it trades. Give any exchange by these two. */
export interface SessionCalendar {
  /** The market identifier code (ISO 10383), for messages. */
  readonly name: string;
  /**
   * The dates of its sessions from one date to another, both included, in order. Dates it knows nothing of are no
   * sessions: a bar on one of them is a finding, not a pass.
   */
  sessionDates(from: SessionDate, to: SessionDate): readonly SessionDate[];
}

/** The years whose sessions the rules of NYSE are kept for. */
const FIRST = '1998-01-01';
const LAST = '2099-12-31';

const XNYS: SessionCalendar = {
  name: 'XNYS',
  sessionDates: (from, to) => {
    const first = from > FIRST ? from : FIRST;
    const last = to < LAST ? to : LAST;
    return first > last ? [] : sessionsBetween(first, last).map(({ date }) => date);
  },
};

const CALENDARS: ReadonlyMap<string, SessionCalendar> = new Map([[XNYS.name, XNYS]]);

/** The calendar of an exchange. Throws `UNKNOWN_CALENDAR` naming those that are known. */
export function sessionCalendar(name: string): SessionCalendar {
  const calendar = CALENDARS.get(name);
  if (!calendar) {
    const known = [...CALENDARS.keys()].join(', ');
    throw new KernelError('UNKNOWN_CALENDAR', `calendar ${JSON.stringify(name)} is not one of ${known}.`);
  }
  return calendar;
}

/** A calendar that is a list: its dates are sessions and no others, so it must reach over the whole history. */
export function listedSessions(name: string, dates: Iterable<SessionDate>): SessionCalendar {
  const sorted = [...new Set(dates)].sort();
  return { name, sessionDates: (from, to) => sorted.filter((date) => date >= from && date <= to) };
}
