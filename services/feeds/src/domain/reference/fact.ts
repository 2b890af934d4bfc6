import type { SessionDate } from '@ballast/contracts';
import { addMilliseconds, dateInNewYork, type Instant } from '@ballast/kernel/calendar';

/** What reference facts are about; see {@link ReferenceFact} for how each is said. */
export const REFERENCE_KINDS = [
  'listing',
  'instrument',
  'sector',
  'earnings',
  'lot_size',
  'tick_size',
  'index_member',
] as const;
export type ReferenceKind = (typeof REFERENCE_KINDS)[number];

/** Where a ticker is spelled so: one ticker can be another company elsewhere (INFY is listed in both). */
export const MARKETS = ['US', 'NSE'] as const;
export type Market = (typeof MARKETS)[number];

/** What is said; each member a text, null where its source does not tell. */
export type ReferenceValue = Readonly<Record<string, string | null>>;

/**
 * One thing that a source said, on two axes of time: it held from `validFrom` up to `validTo` (the first day on which it no
 * longer did; null = it goes on), and the first day whose decisions may use it is `knownFrom`. Rows are never edited: a
 * later word is a row with a later `knownFrom`.
 *
 * | kind | subject | scope | value |
 * |---|---|---|---|
 * | `listing` | ticker | | `instrumentId` |
 * | `instrument` | instrument id | | `name`, `exchange`, `currency`, `assetClass`, `isin`, `cusip` |
 * | `sector` | ticker | scheme: `gics`, `nse-industry`, of a vendor its name | `sector`, `industry` |
 * | `earnings` | ticker | | `time`: `before_open`, `after_close`, `unknown`; valid on the day of the report only |
 * | `lot_size`, `tick_size` | ticker | | `size`, a decimal number |
 * | `index_member` | ticker | index | nothing more |
 *
 * A ticker is spelled as on `validFrom`; whose it was then is what the listings tell, see `identity.ts`.
 */
export interface ReferenceFact {
  readonly kind: ReferenceKind;
  readonly market: Market;
  readonly subject: string;
  /** What tells facts of one subject apart that hold side by side; empty where there are none. */
  readonly scope: string;
  readonly validFrom: SessionDate;
  readonly validTo: SessionDate | null;
  readonly knownFrom: SessionDate;
  /** Null takes back what was said to hold from `validFrom`. */
  readonly value: ReferenceValue | null;
  readonly source: string;
}

/** Facts with the same slot are about the same thing: at most one of them holds on a day. */
export const slotOf = ({ kind, market, subject, scope }: ReferenceFact): string =>
  JSON.stringify([kind, market, subject, scope]);

/** Whether two values say the same, whatever the order of their members. */
export function sameValue(a: ReferenceValue | null, b: ReferenceValue | null): boolean {
  if (a === null || b === null) return a === b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => (a[name] ?? null) === (b[name] ?? null));
}

/** Whether a day lies before an end that may be open. */
export const isBefore = (day: SessionDate, end: SessionDate | null): boolean => end === null || day < end;

/** The earlier of two ends that may be open. */
export const earlierEnd = (a: SessionDate | null, b: SessionDate | null): SessionDate | null =>
  a === null ? b : b === null || a < b ? a : b;

/** Groups items by a key, in the order in which the keys come first. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** India keeps one time all year: UTC+05:30. */
const IST_MS = 19_800_000;

/** The date on the wall calendar of a market at an instant. */
export const dateAt = (market: Market, now: Instant): SessionDate =>
  market === 'US' ? dateInNewYork(now) : addMilliseconds(now, IST_MS).slice(0, 10);
