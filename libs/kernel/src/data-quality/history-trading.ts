import { shown } from './history-finding.js';
import type { HistorySeverity, Report } from './history-finding.js';
import type { Series } from './history-series.js';

/** Two equal rows happen, three in a row are a feed that repeats itself. */
const STALE_ROWS = 3;
/** A name in which trade stops and starts again in more than this part of its rows is thinly traded. */
const THIN_PART = 0.02;

/**
 * Reports `ZERO_VOLUME` and `STALE_BARS`.
 *
 * Stale are rows whose open, high, low and close repeat the row before, where three rows in a row say the same; two are
 * enough where the bar has a range and the volume is the same to the share too. Each repeating row is a finding, not the
 * first. A WARNING, but INFO where it is nothing out of the way for the name: a fund or index without any volume, or a
 * thin name whose row without a range only carries its last price on.
 */
export function checkTrading(series: Series, report: Report): void {
  const thin = isThin(series.volume);
  for (let i = 0; i < series.volume.length; i += 1) {
    if (series.volume[i] !== 0) continue;
    const severity = thin ? 'INFO' : 'WARNING';
    const why = thin ? 'which is usual for this name' : 'so its prices come from no trade';
    report('ZERO_VOLUME', severity, series.dates[i]!, `volume is 0, ${why}.`);
  }
  for (let start = 0; start < series.close.length;) {
    let end = start + 1;
    while (end < series.close.length && repeats(series, end)) end += 1;
    if (end - start > 1) reportRun(series, start, end, thin, report);
    start = end;
  }
}

function isThin(volume: Float64Array): boolean {
  let rows = 0;
  let zeros = 0;
  let episodes = 0;
  let trading = true;
  for (const value of volume) {
    if (Number.isNaN(value)) continue;
    rows += 1;
    if (value === 0) zeros += 1;
    if (value === 0 && trading) episodes += 1;
    trading = value > 0;
  }
  return (zeros === rows && rows > 0) || (episodes > 1 && episodes > THIN_PART * rows);
}

function repeats({ open, high, low, close }: Series, i: number): boolean {
  return open[i] === open[i - 1] && high[i] === high[i - 1] && low[i] === low[i - 1] && close[i] === close[i - 1];
}

function reportRun(series: Series, start: number, end: number, thin: boolean, report: Report): void {
  const ranged = series.high[start]! > series.low[start]!;
  const severity: HistorySeverity = thin && !ranged ? 'INFO' : 'WARNING';
  const long = end - start >= STALE_ROWS;
  for (let i = start + 1; i < end; i += 1) {
    const same = ranged && series.volume[i]! > 0 && series.volume[i] === series.volume[i - 1];
    if (!long && !same) continue;
    const detail = `open, high, low and close (${shown(series.close[i]!)}) repeat the row of ${series.dates[i - 1]}`;
    const volume = same ? `, and so does the volume ${series.volume[i]}` : '';
    report('STALE_BARS', severity, series.dates[i]!, `${detail}${volume}; ${end - start} rows in a row say the same.`);
  }
}
