import { datesOf } from './bar-month.js';

/** Stretches of missing sessions that are listed of one symbol; what is beyond is in the count. */
export const GAPS_LISTED_MAX = 20;

/** Sessions in a row without a bar, both ends included. */
export interface Gap {
  readonly from: string;
  readonly to: string;
  readonly sessions: number;
}

/** What a history has of a symbol, against the sessions of the exchange. */
export interface Coverage {
  readonly symbol: string;
  readonly rows: number;
  readonly from: string;
  readonly to: string;
  /** Sessions between its first and its last bar that have none. */
  readonly missing: number;
  /** Sessions after its last bar up to the last one of the whole history: above 0 it stopped trading, or its data did. */
  readonly behind: number;
  /** The first {@link GAPS_LISTED_MAX} stretches of what is missing. */
  readonly gaps: readonly Gap[];
}

/** The months of a symbol as days that have a bar, see `BarMonth`. */
export interface CoveredMonth {
  readonly month: string;
  readonly days: number;
}

/**
 * Compares a symbol's bars with the sessions of the exchange.
 * @param months in order; at least one day among them has a bar.
 * @param sessions the dates of all sessions of the history, in order.
 */
export function coverageOf(symbol: string, months: readonly CoveredMonth[], sessions: readonly string[]): Coverage {
  const dates = months.flatMap(({ month, days }) => datesOf(month, days));
  const [from, to] = [dates[0]!, dates.at(-1)!];
  const held = new Set(dates);
  const absent = sessions.map((date) => date > from && date < to && !held.has(date));
  const gaps = stretches(absent).map(({ first, last }) => ({
    ...{ from: sessions[first]!, to: sessions[last]!, sessions: last - first + 1 },
  }));
  return {
    ...{ symbol, rows: dates.length, from, to },
    missing: gaps.reduce((sum, gap) => sum + gap.sessions, 0),
    behind: sessions.filter((date) => date > to).length,
    gaps: gaps.slice(0, GAPS_LISTED_MAX),
  };
}

/** Where a list is true without a break, as first and last place. */
function stretches(list: readonly boolean[]): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  list.forEach((here, i) => {
    const open = found.at(-1);
    if (!here) return;
    if (open?.last === i - 1) open.last = i;
    else found.push({ first: i, last: i });
  });
  return found;
}
