import { median } from '@ballast/kernel/statistics';
import { BAR_SERIES, datesOf, type BarMonth } from './bar-month.js';

const WIDTH = BAR_SERIES.length;
const CLOSE = BAR_SERIES.indexOf('close');
/** Closes that differ by less are a correction of digits; above it a decision could have been another one. */
const MOVED = 0.005;
/** Changed bars that are shown of each symbol. */
const SHOWN_MAX = 5;
/** Fewer closes in a row that moved by one factor are no new level. */
const LEVEL_MIN = 20;
/** How near the factors of two days in a row must lie to be one factor: prices are rounded to cents. */
const ONE_FACTOR = 0.01;
/** The part of the moved closes that must lie on new levels. */
const SHARE = 0.9;

/** The days of a month on which an import said other values than were known, with both; days as in {@link BarMonth}. */
export interface RestatedMonth {
  readonly symbol: string;
  readonly month: string;
  readonly days: number;
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** One bar that is another one than it was. */
export interface RestatedBar {
  readonly date: string;
  readonly before: BarValues;
  readonly after: BarValues;
}
type BarValues = Readonly<Record<(typeof BAR_SERIES)[number], number | null>>;

/** Closes in a row that all moved by one factor. */
export interface Level {
  /** New close per old close, to six digits. */
  readonly factor: number;
  readonly from: string;
  readonly to: string;
  readonly closes: number;
}

/**
 * What an import changed of a symbol. `rebased`: nearly all closes that moved lie on new levels, as when a vendor adjusts for
 * splits or takes an adjustment back. `moved`: closes of single days are other ones. `corrected`: no close moved by more
 * than 0.5 %.
 */
export interface SymbolRestatement {
  readonly symbol: string;
  readonly kind: 'rebased' | 'moved' | 'corrected';
  /** Bars that changed in any value, from the first to the last date. */
  readonly bars: number;
  readonly from: string;
  readonly to: string;
  /** Closes that moved by more than 0.5 %. */
  readonly closesMoved: number;
  /** Where they moved by one factor for {@link LEVEL_MIN} closes and more, by date. */
  readonly levels: readonly Level[];
  readonly first: readonly RestatedBar[];
}

const KINDS: readonly SymbolRestatement['kind'][] = ['rebased', 'moved', 'corrected'];

/** Tells what an import restated, symbol by symbol: what matters most first, then by closes moved, then by symbol. */
export function describeRestatement(months: readonly RestatedMonth[]): SymbolRestatement[] {
  const bySymbol = new Map<string, RestatedMonth[]>();
  for (const month of months) bySymbol.set(month.symbol, [...(bySymbol.get(month.symbol) ?? []), month]);
  return [...bySymbol]
    .map(([symbol, own]) => ofSymbol(symbol, own))
    .sort(
      (a, b) =>
        KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
        b.closesMoved - a.closesMoved ||
        (a.symbol < b.symbol ? -1 : 1),
    );
}

function ofSymbol(symbol: string, months: readonly RestatedMonth[]): SymbolRestatement {
  const bars = months
    .flatMap(({ month, days, before, after }) =>
      datesOf(month, days).map((date, row) => ({
        date,
        before: before.subarray(row * WIDTH, (row + 1) * WIDTH),
        after: after.subarray(row * WIDTH, (row + 1) * WIDTH),
      })),
    )
    .sort((a, b) => (a.date < b.date ? -1 : 1));
  const moved = bars
    .map(({ date, before, after }) => ({ date, factor: after[CLOSE]! / before[CLOSE]! }))
    .filter(({ factor }) => Math.abs(factor - 1) > MOVED);
  const levels = levelsOf(moved);
  const onLevels = levels.reduce((sum, { closes }) => sum + closes, 0);
  return {
    symbol,
    kind: moved.length === 0 ? 'corrected' : onLevels >= SHARE * moved.length ? 'rebased' : 'moved',
    bars: bars.length,
    from: bars[0]!.date,
    to: bars.at(-1)!.date,
    closesMoved: moved.length,
    levels,
    first: bars.slice(0, SHOWN_MAX).map(({ date, before, after }) => ({
      ...{ date, before: named(before), after: named(after) },
    })),
  };
}

function levelsOf(moved: readonly { date: string; factor: number }[]): Level[] {
  const levels: Level[] = [];
  for (let start = 0; start < moved.length;) {
    let end = start + 1;
    while (end < moved.length && Math.abs(moved[end]!.factor / moved[end - 1]!.factor - 1) <= ONE_FACTOR) end += 1;
    const run = moved.slice(start, end);
    if (run.length >= LEVEL_MIN) {
      const factor = Number(median(Float64Array.from(run, (each) => each.factor))!.toPrecision(6));
      levels.push({ factor, from: run[0]!.date, to: run.at(-1)!.date, closes: run.length });
    }
    start = end;
  }
  return levels;
}

const named = (values: Float64Array): BarValues =>
  Object.fromEntries(
    BAR_SERIES.map((name, i) => [name, Number.isNaN(values[i]!) ? null : values[i]!]),
  ) as unknown as BarValues;

/** The days on which two months say different things, with what each says; null where there is none. */
export function restatedDays(before: BarMonth, after: BarMonth, dates: readonly string[]): RestatedMonth | null {
  if (dates.length === 0) return null;
  const { symbol, month } = before;
  const days = dates.reduce((mask, date) => mask | (1 << (Number(date.slice(8)) - 1)), 0);
  return { symbol, month, days, before: barsOn(before, dates), after: barsOn(after, dates) };
}

function barsOn({ month, days, bars }: BarMonth, dates: readonly string[]): Float64Array {
  const rows = datesOf(month, days);
  const picked = new Float64Array(dates.length * WIDTH);
  dates.forEach((date, i) => {
    const row = rows.indexOf(date);
    picked.set(bars.subarray(row * WIDTH, (row + 1) * WIDTH), i * WIDTH);
  });
  return picked;
}
