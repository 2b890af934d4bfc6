import { SessionDate } from '@ballast/contracts';
import { z } from 'zod';
import type { CalendarDay } from '../domain/calendar/day.js';
import { daysOfSessions } from '../domain/calendar/vendor-days.js';
import type { CalendarSource } from './ports.js';
import type { VendorHttp } from './vendors/vendor-http.js';

const PATH = '/v2/calendar';
const WallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const Sessions = z
  .array(z.object({ date: SessionDate, open: WallTime, close: WallTime }))
  .min(1)
  .max(2_000);

/** The sessions of NYSE as Alpaca's trading API lists them: dates, and wall times in New York without a zone. */
export class AlpacaCalendar implements CalendarSource {
  readonly market = 'NYSE';
  readonly name = 'alpaca';

  constructor(private readonly http: VendorHttp) {}

  async days(from: SessionDate, until: SessionDate, signal: AbortSignal): Promise<readonly CalendarDay[]> {
    const query = { start: `${from}T00:00:00.000Z`, end: `${until}T00:00:00.000Z` };
    return daysOfSessions(await this.http.get({ path: PATH, query, answer: Sessions }, signal), from, until);
  }
}
