import {
  checkHistory,
  sessionCalendar,
  type HistoryAction,
  type HistoryBar,
  type HistoryFinding,
  type HistoryQuality,
} from '@ballast/kernel/data-quality';
import { mean } from '@ballast/kernel/statistics';
import type { PriceBasis } from './adjust-panel.js';
import { BAR_SERIES, type SymbolBars } from './bar-month.js';
import { QUALITY_MIN } from './snapshot.js';

const WIDTH = BAR_SERIES.length;
/** Symbols below what can be traded are named up to here. */
const BELOW_SHOWN_MAX = 100;
const RESOLUTION = 1e9;

/** What the whole history of a symbol comes to. */
export interface SymbolQuality {
  readonly symbol: string;
  readonly score: number;
  readonly rows: number;
  /** Sessions without a bar, from its first bar to the end of the source. */
  readonly missingSessions: number;
  /** How often each fault was found. */
  readonly findings: Readonly<Record<string, number>>;
}

/** Checks the whole history of one symbol against the sessions of the exchange. `to` is the end of its source. */
export function checkSymbol(
  bars: SymbolBars,
  actions: readonly HistoryAction[],
  basis: PriceBasis,
  to: string,
): HistoryQuality {
  const calendar = sessionCalendar('XNYS');
  return checkHistory(historyBars(bars), { calendar, basis, to, actions });
}

/** Checks each symbol of a part of a source. */
export function checkSymbols(
  all: readonly SymbolBars[],
  explanationsOf: ReadonlyMap<string, readonly HistoryAction[]>,
  basis: PriceBasis,
  to: string,
): SymbolQuality[] {
  return all.map((bars) => {
    const { symbol, dates } = bars;
    const { score, findings } = checkSymbol(bars, explanationsOf.get(symbol) ?? [], basis, to);
    const counts = countByCode(findings);
    return { symbol, score, rows: dates.length, missingSessions: counts['MISSING_SESSION'] ?? 0, findings: counts };
  });
}

/** What the symbols of a source come to together. */
export function summarise(all: readonly SymbolQuality[]) {
  const below = all.filter(({ score }) => score < QUALITY_MIN).map(({ symbol }) => symbol);
  const findings: Record<string, number> = {};
  for (const each of all) {
    for (const [code, count] of Object.entries(each.findings)) findings[code] = (findings[code] ?? 0) + count;
  }
  return {
    symbols: all.length,
    rows: all.reduce((sum, { rows }) => sum + rows, 0),
    average: Math.round((mean(all.map(({ score }) => score)) ?? 0) * RESOLUTION) / RESOLUTION,
    lowest: all.reduce((lowest, { score }) => Math.min(lowest, score), 1),
    below: { count: below.length, first: below.slice(0, BELOW_SHOWN_MAX) },
    missingSessions: all.reduce((sum, each) => sum + each.missingSessions, 0),
    findings: Object.fromEntries(Object.entries(findings).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function historyBars({ dates, values }: SymbolBars): HistoryBar[] {
  return dates.map((date, row) => {
    const [open, high, low, close, volume] = values.subarray(row * WIDTH, (row + 1) * WIDTH);
    return { date, open: open!, high: high!, low: low!, close: close!, volume: volume! };
  });
}

function countByCode(findings: readonly HistoryFinding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of findings) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
