/** The series of a bar in the order in which they are stored. */
export const BAR_SERIES = ['open', 'high', 'low', 'close', 'volume'] as const;
const WIDTH = BAR_SERIES.length;
const BYTES = Float64Array.BYTES_PER_ELEMENT;

/**
 * The daily bars of one symbol in one calendar month, the unit in which history is kept: a row a month is a twentieth
 * of the rows, so that millions of bars come and go within a second.
 */
export interface BarMonth {
  readonly symbol: string;
  /** The first day of the month, `YYYY-MM-01`. */
  readonly month: string;
  /** Which days of the month have a bar: bit 0 is the first. */
  readonly days: number;
  /** Open, high, low, close, volume of each of these days, day after day; NaN = volume unknown. */
  readonly bars: Float64Array;
}

/** The first day of a date's month. */
export const monthOf = (date: string): string => `${date.slice(0, 7)}-01`;

/** The days of a month that have a bar, in order: 1 to 31. */
export function daysOf(mask: number): number[] {
  const days: number[] = [];
  for (let day = 1; day <= 31; day += 1) if ((mask >>> (day - 1)) & 1) days.push(day);
  return days;
}

/** The dates of a month that have a bar, in order. */
export const datesOf = (month: string, mask: number): string[] =>
  daysOf(mask).map((day) => `${month.slice(0, 8)}${String(day).padStart(2, '0')}`);

/** One symbol's bars by date; rows of {@link BAR_SERIES} in `values`. */
export interface SymbolBars {
  readonly symbol: string;
  /** Ascending, each once. */
  readonly dates: readonly string[];
  readonly values: Float64Array;
}

/** Cuts the bars of a symbol into months, in order. */
export function monthsOf({ symbol, dates, values }: SymbolBars): BarMonth[] {
  const months: BarMonth[] = [];
  for (let from = 0; from < dates.length;) {
    const month = monthOf(dates[from]!);
    let to = from;
    let days = 0;
    for (; to < dates.length && dates[to]!.startsWith(month.slice(0, 8)); to += 1) {
      days |= 1 << (Number(dates[to]!.slice(8)) - 1);
    }
    months.push({ symbol, month, days, bars: values.slice(from * WIDTH, to * WIDTH) });
    from = to;
  }
  return months;
}

/** Puts months of any symbols, in any order, together again: the bars of each symbol by date, symbols in order. */
export function barsOfMonths(months: readonly BarMonth[]): SymbolBars[] {
  const bySymbol = new Map<string, BarMonth[]>();
  for (const month of months) {
    const own = bySymbol.get(month.symbol);
    if (own) own.push(month);
    else bySymbol.set(month.symbol, [month]);
  }
  return [...bySymbol.keys()].sort().map((symbol) => {
    const own = bySymbol.get(symbol)!.sort((a, b) => (a.month < b.month ? -1 : 1));
    const values = new Float64Array(own.reduce((sum, { bars }) => sum + bars.length, 0));
    let at = 0;
    for (const { bars } of own) {
      values.set(bars, at);
      at += bars.length;
    }
    return { symbol, dates: own.flatMap(({ month, days }) => datesOf(month, days)), values };
  });
}

/** The bars of a symbol up to a date. */
export function upTo({ symbol, dates, values }: SymbolBars, date: string): SymbolBars {
  const end = dates.findIndex((each) => each > date);
  return end === -1
    ? { symbol, dates, values }
    : { symbol, dates: dates.slice(0, end), values: values.slice(0, end * WIDTH) };
}

/** What became of a month when bars were added to it. */
export interface MergedMonth {
  readonly month: BarMonth;
  /** Bars on days that had none. */
  readonly added: number;
  /** The dates whose bar was another one. */
  readonly restated: readonly string[];
}

/** Adds the bars of `incoming` to those of `known`, whose own stand only on days that `incoming` does not have. */
export function mergeMonths(known: BarMonth, incoming: BarMonth): MergedMonth {
  const days = known.days | incoming.days;
  const bars = new Float64Array(daysOf(days).length * WIDTH);
  const restated: string[] = [];
  let added = 0;
  let old = 0;
  let fresh = 0;
  daysOf(days).forEach((day, row) => {
    const before = (known.days >>> (day - 1)) & 1 ? known.bars.subarray(old, (old += WIDTH)) : null;
    const after = (incoming.days >>> (day - 1)) & 1 ? incoming.bars.subarray(fresh, (fresh += WIDTH)) : null;
    if (before === null) added += 1;
    else if (after?.some((value, i) => !Object.is(value, before[i]))) {
      restated.push(`${known.month.slice(0, 8)}${String(day).padStart(2, '0')}`);
    }
    bars.set((after ?? before)!, row * WIDTH);
  });
  return { month: { symbol: known.symbol, month: known.month, days, bars }, added, restated };
}

/** The bars as bytes: float64, little-endian, whatever the machine. */
export function encodeBars(bars: Float64Array): Buffer {
  const bytes = Buffer.allocUnsafe(bars.length * BYTES);
  bars.forEach((value, i) => bytes.writeDoubleLE(value, i * BYTES));
  return bytes;
}

/** The bars of bytes that {@link encodeBars} wrote. */
export function decodeBars(bytes: Buffer): Float64Array {
  const bars = new Float64Array(bytes.length / BYTES);
  for (let i = 0; i < bars.length; i += 1) bars[i] = bytes.readDoubleLE(i * BYTES);
  return bars;
}

/** Bars of several symbols on the same sessions: symbols × sessions values a series, NaN = missing. */
export interface BarPanel extends Readonly<Record<(typeof BAR_SERIES)[number], Float64Array>> {
  readonly symbols: readonly string[];
  readonly dates: readonly string[];
}

/**
 * Lays months out as a panel: the value of symbol `s` on session `d` stands at `s * dates.length + d`. Bars of other
 * symbols or on other dates are left out.
 */
export function panelOf(symbols: readonly string[], dates: readonly string[], months: readonly BarMonth[]): BarPanel {
  const cells = symbols.length * dates.length;
  const series = BAR_SERIES.map(() => new Float64Array(cells).fill(Number.NaN));
  const rowOf = new Map(symbols.map((symbol, s) => [symbol, s * dates.length]));
  const sessionOf = sessionsByMonth(dates);
  for (const { symbol, month, days, bars } of months) {
    const row = rowOf.get(symbol);
    const sessions = sessionOf.get(month);
    if (row === undefined || sessions === undefined) continue;
    let at = 0;
    for (let day = 1; day <= 31; day += 1) {
      if (!((days >>> (day - 1)) & 1)) continue;
      const session = sessions[day]!;
      if (session >= 0) for (let s = 0; s < WIDTH; s += 1) series[s]![row + session] = bars[at + s]!;
      at += WIDTH;
    }
  }
  const [open, high, low, close, volume] = series as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { symbols, dates, open, high, low, close, volume };
}

/** For each month, the index of the session of each day; -1 where the day is none of the sessions. */
function sessionsByMonth(dates: readonly string[]): Map<string, Int32Array> {
  const byMonth = new Map<string, Int32Array>();
  dates.forEach((date, index) => {
    const month = monthOf(date);
    const sessions = byMonth.get(month) ?? new Int32Array(32).fill(-1);
    sessions[Number(date.slice(8))] = index;
    byMonth.set(month, sessions);
  });
  return byMonth;
}
