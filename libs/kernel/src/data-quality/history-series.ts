import type { SessionDate } from '../calendar/index.js';
import { isDate } from './bar.js';
import { percent, shown } from './history-finding.js';
import type { Report } from './history-finding.js';

/** A daily bar of one symbol; NaN = missing. `adjustedClose` is the vendor's, where there is one. */
export interface HistoryBar {
  readonly date: SessionDate;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly adjustedClose?: number;
}

/** The rows that can be compared with each other, one a session in order; NaN where a value is missing or impossible. */
export interface Series {
  readonly dates: readonly SessionDate[];
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly adjustedClose: Float64Array;
}

const PRICES = ['open', 'high', 'low', 'close'] as const;
/** Prices kept as float32 differ by up to 1.2e-7 of themselves; what is nearer than this says the same. */
const SAME_PRICE = 1e-6;

/**
 * The bars in the order of their dates, one a date. Reports `INVALID_DATE` and `DUPLICATE_DATE`: rows that say the same
 * again are a WARNING and one stays; rows that contradict each other are CRITICAL, and `contradicted` holds their dates.
 */
export function orderBars(
  bars: readonly HistoryBar[],
  report: Report,
): { ordered: HistoryBar[]; contradicted: Set<SessionDate> } {
  const dated = bars.filter((bar) => {
    if (isDate(bar.date)) return true;
    report('INVALID_DATE', 'CRITICAL', bar.date, `date ${JSON.stringify(bar.date)} is not a day written YYYY-MM-DD.`);
    return false;
  });
  dated.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  const ordered: HistoryBar[] = [];
  const contradicted = new Set<SessionDate>();
  for (let start = 0; start < dated.length;) {
    const first = dated[start]!;
    let end = start + 1;
    while (end < dated.length && dated[end]!.date === first.date) end += 1;
    if (end - start > 1 && !settleDuplicates(dated.slice(start, end), report)) contradicted.add(first.date);
    ordered.push(first);
    start = end;
  }
  return { ordered, contradicted };
}

function settleDuplicates(rows: readonly HistoryBar[], report: Report): boolean {
  const first = rows[0]!;
  const other = rows.find((row) => !sameValues(row, first));
  if (!other) {
    report('DUPLICATE_DATE', 'WARNING', first.date, `${rows.length} rows say the same of this date; one is enough.`);
    return true;
  }
  const closes = rows.map(({ close }) => shown(close)).sort();
  const detail = `${rows.length} rows say different things of this date (closes ${closes.join(', ')}).`;
  report('DUPLICATE_DATE', 'CRITICAL', first.date, detail);
  return false;
}

function sameValues(a: HistoryBar, b: HistoryBar): boolean {
  return PRICES.every((field) => Object.is(a[field], b[field])) && Object.is(a.volume + 0, b.volume + 0);
}

/** The bars as columns, every row judged for itself; a value that cannot be true becomes NaN with a finding. */
export function readSeries(bars: readonly HistoryBar[], report: Report): Series {
  const n = bars.length;
  const series = {
    dates: bars.map(({ date }) => date),
    open: new Float64Array(n),
    high: new Float64Array(n),
    low: new Float64Array(n),
    close: new Float64Array(n),
    volume: new Float64Array(n),
    adjustedClose: new Float64Array(n).fill(Number.NaN),
  };
  for (let i = 0; i < n; i += 1) {
    const bar = bars[i]!;
    for (const field of PRICES) series[field][i] = readPrice(bar, field, report);
    series.volume[i] = readVolume(bar, report);
    if (bar.adjustedClose !== undefined) series.adjustedClose[i] = readAdjusted(bar, bar.adjustedClose, report);
    checkRange(series, i, report);
  }
  return series;
}

function readPrice(bar: HistoryBar, field: (typeof PRICES)[number], report: Report): number {
  const value = bar[field];
  if (value > 0 && value < Infinity) return value;
  if (Number.isNaN(value)) {
    report('MISSING_VALUE', field === 'close' ? 'CRITICAL' : 'WARNING', bar.date, `${field} is missing.`);
  } else if (Number.isFinite(value)) {
    report('PRICE_NOT_POSITIVE', 'CRITICAL', bar.date, `${field} ${shown(value)} is not above zero.`);
  } else {
    report('NOT_NUMERIC', 'CRITICAL', bar.date, `${field} ${value} is not a number.`);
  }
  return Number.NaN;
}

function readVolume({ date, volume }: HistoryBar, report: Report): number {
  if (volume >= 0 && volume < Infinity) return volume;
  if (Number.isNaN(volume)) report('MISSING_VALUE', 'WARNING', date, 'volume is missing.');
  else if (Number.isFinite(volume)) report('NEGATIVE_VOLUME', 'CRITICAL', date, `volume ${shown(volume)} is negative.`);
  else report('NOT_NUMERIC', 'CRITICAL', date, `volume ${volume} is not a number.`);
  return Number.NaN;
}

/** A wrong adjusted close does not spoil the bar: prices are stored raw, and adjusted by our own account. */
function readAdjusted({ date }: HistoryBar, value: number, report: Report): number {
  if ((value > 0 && value < Infinity) || Number.isNaN(value)) return value;
  report('ADJUSTED_CLOSE_MISMATCH', 'WARNING', date, `adjusted close ${shown(value)} is not a number above zero.`);
  return Number.NaN;
}

/** High at or above, low at or below, every other price of the day that is there. Comparing with NaN is false. */
function checkRange(series: Series, i: number, report: Report): void {
  const [open, high] = [series.open[i]!, series.high[i]!];
  const [low, close] = [series.low[i]!, series.close[i]!];
  const date = series.dates[i]!;
  const over = 1 + SAME_PRICE;
  const under = 1 - SAME_PRICE;
  if (open > high * over || close > high * over || low > high * over) {
    const most = maximum(open, low, close);
    const by = percent(1 - high / most);
    report(
      'OHLC_INCONSISTENT',
      'CRITICAL',
      date,
      `high ${shown(high)} lies ${by} below ${shown(most)} of the same day.`,
    );
  }
  if (open < low * under || close < low * under) {
    const least = minimum(open, close);
    const by = percent(low / least - 1);
    report(
      'OHLC_INCONSISTENT',
      'CRITICAL',
      date,
      `low ${shown(low)} lies ${by} above ${shown(least)} of the same day.`,
    );
  }
}

function maximum(...values: number[]): number {
  return values.reduce((most, value) => (value > most ? value : most), 0);
}

function minimum(...values: number[]): number {
  return values.reduce((least, value) => (value < least ? value : least), Infinity);
}
