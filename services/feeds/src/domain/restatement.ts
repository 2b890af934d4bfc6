import { median } from '@ballast/kernel/statistics';
import { BAR_SERIES, datesOf, type BarMonth } from './bar-month.js';

const WIDTH = BAR_SERIES.length;
const CLOSE = BAR_SERIES.indexOf('close');
/** Closes that differ by less are a correction of digits; above it a decision could have been another one. */
const MOVED = 0.005;
/** Changed bars that are shown of each symbol. */
const SHOWN_MAX = 5;
/** Fewer closes that all moved by one factor are no new level. */
const REBASED_MIN = 20;
/** How near the factors of single days must lie to their median to be one factor. */
const ONE_FACTOR = 0.01;
/** The part of the moved closes that must share it. */
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

/**
 * What an import changed of a symbol. `rebased`: nearly all closes that moved did so by one factor, as when a vendor adjusts
 * for a split or takes an adjustment back. `moved`: closes of single days are other ones. `corrected`: no close moved by more
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
  /** New close per old close where it is one factor; null elsewhere. */
  readonly factor: number | null;
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
  const factors = bars
    .map(({ before, after }) => after[CLOSE]! / before[CLOSE]!)
    .filter((factor) => Math.abs(factor - 1) > MOVED);
  const factor = oneFactorOf(factors);
  return {
    symbol,
    kind: factor !== null ? 'rebased' : factors.length > 0 ? 'moved' : 'corrected',
    bars: bars.length,
    from: bars[0]!.date,
    to: bars.at(-1)!.date,
    closesMoved: factors.length,
    factor,
    first: bars.slice(0, SHOWN_MAX).map(({ date, before, after }) => ({
      ...{ date, before: named(before), after: named(after) },
    })),
  };
}

/** Six digits: a factor is a ratio of prices that are rounded to cents. */
function oneFactorOf(factors: readonly number[]): number | null {
  if (factors.length < REBASED_MIN) return null;
  const middle = median(Float64Array.from(factors))!;
  const near = factors.filter((factor) => Math.abs(factor / middle - 1) <= ONE_FACTOR);
  return near.length >= SHARE * factors.length ? Number(middle.toPrecision(6)) : null;
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
