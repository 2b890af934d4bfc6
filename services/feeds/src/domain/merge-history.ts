import { daysOf, mergeMonths, type BarMonth } from './bar-month.js';
import { restatedDays, type RestatedMonth } from './restatement.js';

/** Changed bars are named up to here. */
const SHOWN_MAX = 10;

/** What an import does to a history. */
export interface MergedHistory {
  /** The months that are not as they were, as they will be; by symbol and month. */
  readonly changed: readonly BarMonth[];
  readonly added: number;
  readonly restated: {
    readonly count: number;
    readonly first: readonly string[];
    readonly months: readonly RestatedMonth[];
  };
}

/** Adds the months of an import to those that are known, and tells what that changes. */
export function mergeHistory(known: readonly BarMonth[], incoming: readonly BarMonth[]): MergedHistory {
  const before = new Map(known.map((month) => [keyOf(month), month]));
  const changed: BarMonth[] = [];
  const first: string[] = [];
  const months: RestatedMonth[] = [];
  let added = 0;
  let count = 0;
  for (const month of incoming) {
    const existing = before.get(keyOf(month));
    if (existing === undefined) {
      changed.push(month);
      added += daysOf(month.days).length;
      continue;
    }
    const merged = mergeMonths(existing, month);
    if (merged.added + merged.restated.length === 0) continue;
    changed.push(merged.month);
    added += merged.added;
    count += merged.restated.length;
    const other = restatedDays(existing, month, merged.restated);
    if (other) months.push(other);
    first.push(...merged.restated.slice(0, SHOWN_MAX - first.length).map((date) => `${month.symbol} ${date}`));
  }
  return { changed, added, restated: { count, first, months } };
}

const keyOf = ({ symbol, month }: BarMonth): string => `${symbol} ${month}`;
