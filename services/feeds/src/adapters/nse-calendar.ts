import type { SessionDate } from '@ballast/contracts';
import { messageOf } from '@ballast/platform';
import { z } from 'zod';
import type { CalendarDay } from '../domain/calendar/day.js';
import { dateOfNse, daysOfHolidays } from '../domain/calendar/vendor-days.js';
import { ImportRefused } from '../domain/import-refused.js';
import type { NseHttp } from './nse/nse-http.js';
import type { CalendarSource } from './ports.js';

const Holidays = z.object({
  CM: z
    .array(z.object({ tradingDate: z.string() }))
    .min(1)
    .max(500),
});

/** The trading holidays of NSE's capital market segment, as its web site asks for them. */
export class NseCalendar implements CalendarSource {
  readonly market = 'NSE';
  readonly name = 'nse';

  constructor(private readonly http: NseHttp) {}

  async days(from: SessionDate, until: SessionDate, signal: AbortSignal): Promise<readonly CalendarDay[]> {
    const text = await this.http.get('/api/holiday-master', { type: 'trading' }, signal);
    return daysOfHolidays(datesIn(text), from, until);
  }
}

function datesIn(text: string): SessionDate[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw otherwise(messageOf(error));
  }
  const parsed = Holidays.safeParse(body);
  if (!parsed.success)
    throw otherwise(`the segment CM is missing or is not as it was (${parsed.error.issues[0]!.message})`);
  return parsed.data.CM.map(({ tradingDate }) => {
    const date = dateOfNse(tradingDate);
    if (date === null) throw otherwise(`"${tradingDate.slice(0, 40)}" is no date such as 26-Jan-2027`);
    return date;
  });
}

const otherwise = (what: string): ImportRefused =>
  new ImportRefused(
    'VENDOR_SPEAKS_OTHERWISE',
    `NSE's list of holidays cannot be read: ${what}`,
    'Look whether NSE has changed its site; until then our own table is what counts.',
  );
