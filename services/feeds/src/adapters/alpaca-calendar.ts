import { errors, trading } from '@alpacahq/alpaca-trade-api/rest';
import { SessionDate } from '@ballast/contracts';
import { messageOf, Retryable, type Secret } from '@ballast/platform';
import { z } from 'zod';
import type { CalendarDay } from '../domain/calendar/day.js';
import { daysOfSessions } from '../domain/calendar/vendor-days.js';
import { ImportRefused } from '../domain/import-refused.js';
import type { CalendarSource } from './ports.js';

const WallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const Sessions = z
  .array(z.object({ date: SessionDate, open: WallTime, close: WallTime }))
  .min(1)
  .max(2_000);

const TIMEOUT_MS = 20_000;

/** The address and key of Alpaca's trading API. */
export interface AlpacaAccess {
  readonly url: string;
  readonly keyId: string;
  readonly secret: Secret;
}

/** The sessions of NYSE as Alpaca lists them (`/v2/calendar`: dates, and wall times in New York without a zone). */
export class AlpacaCalendar implements CalendarSource {
  readonly market = 'NYSE';
  readonly name = 'alpaca';
  readonly #api: trading.CalendarApi;

  constructor({ url, keyId, secret }: AlpacaAccess) {
    const basePath = url.replace(/\/+$/, '');
    this.#api = new trading.CalendarApi(
      new trading.Configuration({ basePath, keyId, secret: secret.reveal(), timeoutMs: TIMEOUT_MS }),
    );
  }

  async days(from: SessionDate, until: SessionDate): Promise<readonly CalendarDay[]> {
    const parsed = Sessions.safeParse(await this.#ask(from, until));
    if (parsed.success) return daysOfSessions(parsed.data, from, until);
    throw new ImportRefused(
      'VENDOR_SPEAKS_OTHERWISE',
      `Alpaca's calendar is not a list of dates with open and close: ${parsed.error.issues[0]!.message}`,
      'Look whether Alpaca has changed its calendar API; until then our own table is what counts.',
    );
  }

  /** The answer as it came; the client's own parser would make instants of the wall times. */
  async #ask(from: SessionDate, until: SessionDate): Promise<unknown> {
    const midnight = (date: SessionDate): Date => new Date(`${date}T00:00:00.000Z`);
    try {
      const { raw } = await this.#api.legacyCalendarRaw({ start: midnight(from), end: midnight(until) });
      return (await raw.json()) as unknown;
    } catch (error) {
      if (!(error instanceof errors.ApiError) || error.status >= 500 || error.status === 429) {
        throw new Retryable('VENDOR_AWAY', `Alpaca did not answer: ${messageOf(error)}`, { cause: error });
      }
      throw new ImportRefused(
        'VENDOR_REFUSED',
        `Alpaca answered ${error.status} to its calendar`,
        'Check FEEDS_CALENDAR_ALPACA_URL and the key beside it.',
      );
    }
  }
}
