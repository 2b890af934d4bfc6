import { BAR_SERIES } from './bar-month.js';

/** The series of a pack that are compared, in the order of its columns. */
export const PACK_SERIES = [...BAR_SERIES, 'adjustment'] as const;

/** What of a pack is compared: symbols × dates values a series, a symbol's row after another, NaN = missing. */
export interface ComparedPack extends Readonly<Record<(typeof PACK_SERIES)[number], Float64Array>> {
  readonly symbols: readonly string[];
  readonly dates: readonly string[];
  readonly quality: readonly number[];
}

/** Restated values, symbols and changed facts that are listed; what is beyond is in the counts. */
export const DIFFERENCES_LISTED_MAX = 100;

/** A value of a session that both packs have, and that they tell differently; null = missing. */
export interface Restatement {
  readonly symbol: string;
  readonly date: string;
  readonly series: (typeof PACK_SERIES)[number];
  readonly before: number | null;
  readonly after: number | null;
}

/** How two packs differ, from an earlier one to a later one. Lists are cut at {@link DIFFERENCES_LISTED_MAX}. */
export interface PackDiff {
  readonly symbols: {
    readonly common: number;
    readonly added: Cut<string>;
    readonly removed: Cut<string>;
  };
  readonly sessions: { readonly common: number; readonly added: Cut<string>; readonly removed: Cut<string> };
  /** Values that were told differently of a session that both have. */
  readonly restated: Cut<Restatement> & { readonly symbols: number };
  /** Scores that moved, of symbols that both have. */
  readonly quality: Cut<{ readonly symbol: string; readonly before: number; readonly after: number }>;
}

/** How many there are, and the first of them. */
export interface Cut<T> {
  readonly count: number;
  readonly first: readonly T[];
}

const cut = <T>(all: readonly T[]): Cut<T> => ({ count: all.length, first: all.slice(0, DIFFERENCES_LISTED_MAX) });

const missing = (these: readonly string[], among: ReadonlyMap<string, number>): string[] =>
  these.filter((each) => !among.has(each));

const places = (list: readonly string[]): Map<string, number> => new Map(list.map((each, i) => [each, i]));

/** Compares two packs value by value, in the order of symbol, date and series. */
export function diffPacks(before: ComparedPack, after: ComparedPack): PackDiff {
  const [symbolsBefore, symbolsAfter] = [places(before.symbols), places(after.symbols)];
  const [datesBefore, datesAfter] = [places(before.dates), places(after.dates)];
  const common = before.symbols.filter((symbol) => symbolsAfter.has(symbol));
  const dates = before.dates.filter((date) => datesAfter.has(date));
  const restated: Restatement[] = [];
  for (const symbol of common) {
    const from = symbolsBefore.get(symbol)! * before.dates.length;
    const to = symbolsAfter.get(symbol)! * after.dates.length;
    for (const date of dates) {
      const [here, there] = [from + datesBefore.get(date)!, to + datesAfter.get(date)!];
      for (const series of PACK_SERIES) {
        const [old, now] = [before[series][here]!, after[series][there]!];
        if (!Object.is(old, now)) restated.push({ symbol, date, series, before: told(old), after: told(now) });
      }
    }
  }
  const quality = common
    .map((symbol) => ({
      symbol,
      before: before.quality[symbolsBefore.get(symbol)!]!,
      after: after.quality[symbolsAfter.get(symbol)!]!,
    }))
    .filter((each) => each.before !== each.after);
  return {
    symbols: {
      common: common.length,
      added: cut(missing(after.symbols, symbolsBefore)),
      removed: cut(missing(before.symbols, symbolsAfter)),
    },
    sessions: {
      common: dates.length,
      added: cut(missing(after.dates, datesBefore)),
      removed: cut(missing(before.dates, datesAfter)),
    },
    restated: { ...cut(restated), symbols: new Set(restated.map(({ symbol }) => symbol)).size },
    quality: cut(quality),
  };
}

const told = (value: number): number | null => (Number.isNaN(value) ? null : value);
