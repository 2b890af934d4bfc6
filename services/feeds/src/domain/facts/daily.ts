import { addDays, dateInNewYork, newYorkToInstant, type Instant } from '@ballast/kernel/calendar';
import { entryOf, WHATS, type What } from './catalog.js';
import { dateInIndia } from './fields.js';

/** What is fetched of FMP for all symbols of the history, and the kind of reference facts that it is. */
export const DAILY_REFERENCE = { 'fmp-earnings': 'earnings', 'fmp-sectors': 'sector' } as const;
export type DailyReference = keyof typeof DAILY_REFERENCE;

/** Something that is collected every day. */
export type DailyWhat = What | DailyReference;

export interface DailyCollection {
  readonly what: DailyWhat;
  /** The symbol, series, CIK or search; null where there is none. */
  readonly subject: string | null;
}

/** Collections of one day; each is a question to somebody, every day. */
const ENTRIES_MAX = 500;
/** After this a collection was missed: a day, and two hours for the tries of one that does not get through. */
export const STALE_AFTER_MS = 26 * 3_600_000;

/** Those who speak by the Indian clock. */
const INDIAN: ReadonlySet<string> = new Set(['nse', 'rbi', 'sebi', 'pib']);
/**
 * NSE closes at 15:30 and has published the deals and flows of the day some hours later; 20:30 in India, which keeps one time
 * all year, is 15:00 in UTC.
 */
const INDIAN_EVENING = 'T15:00:00.000Z';
/** EDGAR takes the forms of insiders until ten in the evening in New York, and files them under that day. */
const AMERICAN_EVENING = { hour: 22, minute: 30 } as const;

export const isDailyReference = (what: string): what is DailyReference => Object.hasOwn(DAILY_REFERENCE, what);

const isWhat = (what: string): what is What => (WHATS as readonly string[]).includes(what);

/**
 * Reads a list of what is collected every day: `what`, or `what:subject`, between commas.
 * @returns why it cannot be meant, as a text, where it cannot.
 */
export function readDaily(text: string): readonly DailyCollection[] | string {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (entries.length > ENTRIES_MAX) return `at most ${ENTRIES_MAX} collections`;
  const seen = new Map<string, DailyCollection>();
  for (const entry of entries) {
    const [what = '', ...rest] = entry.split(':');
    const subject = rest.length === 0 ? null : rest.join(':');
    const fault = faultOf(what, subject);
    if (fault !== null) return fault;
    seen.set(entry, { what: what as DailyWhat, subject });
  }
  return [...seen.values()];
}

function faultOf(what: string, subject: string | null): string | null {
  if (isDailyReference(what)) return subject === null ? null : `${what} without a name after it`;
  const known = [...WHATS.filter((each) => entryOf(each).fetched !== 'never'), ...Object.keys(DAILY_REFERENCE)];
  if (!isWhat(what)) return `one of ${known.join(', ')} and not "${what.slice(0, 60)}"`;
  const { fetched, subject: rule } = entryOf(what);
  if (fetched === 'never') return `nothing that is only brought by hand, such as ${what}`;
  if (fetched === 'plain') return subject === null ? null : `${what} without a name after it`;
  if (subject !== null && rule.pattern.test(subject)) return null;
  return `${what}:NAME, where NAME is ${rule.examples}`;
}

/** How an entry is written. */
export const nameOf = ({ what, subject }: DailyCollection): string => (subject === null ? what : `${what}:${subject}`);

/** The next evening of whoever says it, when what was published during the day is there. On days without a session too. */
export function nextCollectionAt(what: DailyWhat, now: Instant): Instant {
  if (!isDailyReference(what) && INDIAN.has(entryOf(what).source)) {
    const today = dateInIndia(now);
    const evening = `${today}${INDIAN_EVENING}`;
    return evening > now ? evening : `${addDays(today, 1)}${INDIAN_EVENING}`;
  }
  const { hour, minute } = AMERICAN_EVENING;
  const today = dateInNewYork(now);
  const evening = newYorkToInstant(today, hour, minute);
  return evening > now ? evening : newYorkToInstant(addDays(today, 1), hour, minute);
}
