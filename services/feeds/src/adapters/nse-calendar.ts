import type { SessionDate } from '@ballast/contracts';
import { messageOf, Retryable } from '@ballast/platform';
import { z } from 'zod';
import type { CalendarDay } from '../domain/calendar/day.js';
import { dateOfNse, daysOfHolidays } from '../domain/calendar/vendor-days.js';
import { ImportRefused } from '../domain/import-refused.js';
import type { CalendarSource } from './ports.js';

const Holidays = z.object({
  CM: z
    .array(z.object({ tradingDate: z.string() }))
    .min(1)
    .max(500),
});

const TIMEOUT_MS = 20_000;
/** A list of a year for a dozen segments has some 30 kB. */
const BYTES_MAX = 1024 * 1024;
/** The site answers browsers only. */
const HEADERS = { 'user-agent': 'Mozilla/5.0 (X11; Linux x64) Gecko/20100101 Firefox/128.0', accept: '*/*' };

/**
 * The trading holidays of NSE's capital market segment (`/api/holiday-master?type=trading`), as its web site asks for them:
 * with the cookies that its first page gives. Refusals by the guard of the site pass by themselves and count as away.
 */
export class NseCalendar implements CalendarSource {
  readonly market = 'NSE';
  readonly name = 'nse';
  readonly #url: string;

  constructor(url: string) {
    this.#url = url.replace(/\/+$/, '');
  }

  async days(from: SessionDate, until: SessionDate): Promise<readonly CalendarDay[]> {
    const page = await this.#get('/', {});
    const cookies = page.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!);
    const answer = await this.#get('/api/holiday-master?type=trading', {
      referer: `${this.#url}/resources/exchange-communication-holidays`,
      ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
    });
    return daysOfHolidays(datesIn(answer.text), from, until);
  }

  async #get(
    path: string,
    more: Record<string, string>,
  ): Promise<{ readonly headers: Headers; readonly text: string }> {
    let response: Response;
    let text: string;
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      response = await fetch(`${this.#url}${path}`, { headers: { ...HEADERS, ...more }, signal });
      text = await textOf(response);
    } catch (error) {
      if (error instanceof ImportRefused) throw error;
      throw new Retryable('VENDOR_AWAY', `NSE did not answer: ${messageOf(error)}`, { cause: error });
    }
    if (response.ok) return { headers: response.headers, text };
    if (response.status !== 404) throw new Retryable('VENDOR_AWAY', `NSE answered ${response.status} to ${path}`);
    throw new ImportRefused('VENDOR_REFUSED', `NSE knows no ${path}`, 'Check FEEDS_CALENDAR_NSE_URL.');
  }
}

/** The body of an answer. A larger one than any list is not read to its end. */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(piece, { stream: true });
    bytes += piece.length;
    if (bytes > BYTES_MAX) throw otherwise(`its answer has more than ${BYTES_MAX} bytes`);
  }
  return text;
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
